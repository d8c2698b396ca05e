import type { FlowRecord, MetricRecord, PacketRecord, TelemetryRecord, ToldRecord } from '../telemetry/record.ts'

const START = { seconds: 1_795_428_000, nanos: 123_456_789 }
const END = { seconds: 1_795_428_060, nanos: 0 }
const TELEMETRY = { Example: { endpoint_id: 'endpoint-0123456789abcdef', flow_cookie: '89abcdef' } }

/** A packet with an option, a decoded value, an inner TCP segment and an issue. */
export function samplePacketRecord(): PacketRecord {
  return {
    kind: 'packet',
    id: '0123456789abcdef-1',
    observer: 'tap-1',
    time: START,
    frame: 1,
    length: 150,
    capturedLength: 128,
    packet: {
      outer: { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 60001, destinationPort: 6081, ttl: 255 },
      geneve: {
        version: 0,
        control: false,
        critical: false,
        protocolType: '0x0800',
        vni: 0,
        options: [
          {
            class: '0xfff0',
            type: 1,
            critical: false,
            length: 8,
            data: '0123456789abcdef',
            vendor: 'Example',
            name: 'endpoint_id',
            value: 'endpoint-0123456789abcdef',
          },
          { class: '0x0200', type: 129, critical: true, length: 0, data: '' },
        ],
      },
      inner: {
        source: '192.0.2.1',
        destination: '192.0.2.2',
        protocol: 'tcp',
        sourcePort: 49152,
        destinationPort: 443,
        tcpFlags: 'SA',
        ttl: 64,
      },
      telemetry: TELEMETRY,
      issue: { kind: 'critical-flag-missing', layer: 'geneve', offset: 42, needed: 1, available: 0 },
    },
  }
}

/** A finished TCP flow of 10 packets there, 2 of which an appliance sent back, and 8 the other way, its VNI another in each direction. */
export function sampleFlowRecord(): FlowRecord {
  return {
    kind: 'flow',
    id: '0123456789abcdef-f1-0',
    observer: 'tap-1',
    flow: '0123456789abcdef-f1',
    part: 0,
    final: true,
    reason: 'fin',
    state: 'closed',
    communityId: '1:dRirUpq0ge8YxcHaQZ1NaFCLLPc=',
    start: START,
    end: END,
    frame: 1,
    version: 4,
    protocol: 6,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    sourcePort: 49152,
    destinationPort: 443,
    initiator: 'syn',
    vlan: [],
    encapsulation: [],
    outerSource: '10.0.0.1',
    outerDestination: '10.0.0.2',
    forward: { packets: 10, bytes: 1200, tunnelBytes: 1880, tcpFlags: 0x1b, vni: 10, returnedPackets: 2, returnedBytes: 240 },
    reverse: { packets: 8, bytes: 9000, tunnelBytes: 9544, tcpFlags: 0x1b, vni: 11 },
    telemetry: TELEMETRY,
  }
}

/** The traffic of one VNI in a minute. */
export function sampleMetricRecord(): MetricRecord {
  return {
    kind: 'metric',
    id: '0123456789abcdef-traffic-10',
    observer: 'tap-1',
    measurement: 'traffic',
    attributes: { vni: 10, network_type: 'ipv4', transport: 'tcp' },
    start: { seconds: 1_795_428_000, nanos: 0 },
    end: END,
    points: {
      packets: { type: 'sum', value: 18 },
      bytes: { type: 'sum', value: 10_200 },
      tunnel_bytes: { type: 'sum', value: 18_446_744_073_709_551_615n },
      flows: { type: 'sum', value: 1 },
    },
  }
}

/** What 1,200 packets said of a gateway: a value of each type, a list, and whole numbers of 64 bits that are no safe integers. */
export function sampleToldRecord(): ToldRecord {
  return {
    kind: 'telemetry',
    id: '0123456789abcdef-t1-65521-new',
    observer: 'tap-1',
    time: START,
    vendor: 'Example',
    subject: { type: 'gateway_id', id: 'gateway-0123456789abcdef' },
    reason: 'new',
    packets: 1200,
    values: {
      gateway_id: 'gateway-0123456789abcdef',
      state: 'available',
      groups: ['group-1', 'group-2'],
      connections: 55,
      load: 0.25,
      dropped_bytes: 9_007_199_254_740_993n,
      is_shared: false,
    },
  }
}

/** One of each kind. */
export function sampleRecords(): readonly TelemetryRecord[] {
  return [samplePacketRecord(), sampleToldRecord(), sampleFlowRecord(), sampleMetricRecord()]
}
