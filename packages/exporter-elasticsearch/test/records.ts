import type { FieldValue, FlowRecord, MetricRecord, Name, PacketRecord, Vendor } from '@geneve-telemetry/core'
import { ATTRIBUTES } from '@geneve-telemetry/core'
import fc from 'fast-check'

const field = (name: string, ecs: string): Name => ({
  name,
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'A field.',
  otel: `example.${name}`,
  ecs,
  influx: name,
})

/** A vendor's table with these ECS names, by field name. */
export function vendorOf(ecs: Readonly<Record<string, string>>, name = 'Example'): Vendor {
  const fields = Object.entries(ecs).map(([each, path]) => ({ ...field(each, path), read: () => undefined, write: () => undefined }))
  return { name, options: [{ optionClass: 0xfff0, type: 1, length: 8, fields, source: 'this test' }] }
}

/** Fields in the document's own objects, in others, and deeper. */
export const EXAMPLE_PATHS = {
  endpoint_id: 'geneve.example.endpoint.id',
  cookie: 'geneve.example.cookie',
  region: 'cloud.region',
  account: 'cloud.account.id',
  direction: 'network.direction',
  verdict: 'event.outcome',
  city: 'source.geo.city_name',
  domain: 'destination.domain',
  hosts: 'related.hosts',
  reason: 'error.code',
}
export const example: Vendor = vendorOf(EXAMPLE_PATHS)

const text = fc.string({ unit: 'binary', maxLength: 20 })
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', 'fe80::1%eth0', 'not an address', '1.2.3.256', '::ffff:1.2.3.4'), text)
const instant = fc.record({ seconds: fc.nat({ max: 4_294_967_295 }), nanos: fc.nat({ max: 999_999_999 }) })
const port = fc.nat({ max: 65_535 })
const octet = fc.nat({ max: 255 })
const vlan = fc.array(fc.nat({ max: 4095 }), { maxLength: 4 })
const leaf: fc.Arbitrary<string | number | bigint | boolean> = fc.oneof(
  text,
  fc.maxSafeNat(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.boolean(),
)
const value: fc.Arbitrary<FieldValue> = fc.oneof(leaf, fc.dictionary(fc.constantFrom('low', 'high'), leaf, { minKeys: 1 }))
const telemetry = fc.record({
  Example: fc.dictionary(fc.constantFrom(...Object.keys(EXAMPLE_PATHS), 'unlisted', 'q"uote', 'ü'), value),
  Other: fc.dictionary(fc.constantFrom('other', 'another'), value),
})

const option = fc.record(
  {
    class: fc.oneof(fc.constantFrom('0x0108', '0xfff0'), text),
    type: octet,
    critical: fc.boolean(),
    length: fc.nat({ max: 124 }),
    data: fc.oneof(fc.constant('0123456789abcdef'), text),
    vendor: fc.oneof(fc.constantFrom('Example', 'Other'), text),
  },
  { requiredKeys: ['class', 'type', 'critical', 'length', 'data'] },
)

export const anyPacket: fc.Arbitrary<PacketRecord> = fc.record({
  kind: fc.constant('packet' as const),
  id: text.filter((id) => id !== ''),
  observer: text,
  time: instant,
  frame: fc.maxSafeNat(),
  length: fc.nat(),
  capturedLength: fc.nat(),
  packet: fc.record(
    {
      outer: fc.record(
        { source: address, destination: address, sourcePort: port, destinationPort: port, ttl: octet },
        { requiredKeys: [] },
      ),
      geneve: fc.record({
        version: fc.nat({ max: 3 }),
        control: fc.boolean(),
        critical: fc.boolean(),
        protocolType: fc.oneof(fc.constant('0x6558'), text),
        vni: fc.nat({ max: 0xffffff }),
        options: fc.array(option, { maxLength: 4 }),
      }),
      inner: fc.record(
        {
          source: address,
          destination: address,
          protocol: fc.oneof(fc.constantFrom('tcp', 'udp', 'ipv6-icmp', 'arp', '253', 'no such'), text),
          sourcePort: port,
          destinationPort: port,
          tcpFlags: fc.constantFrom('', 'SA', 'FSRPAUEC'),
          ttl: octet,
          vlan,
          icmpType: octet,
          icmpCode: octet,
          encapsulation: fc.array(fc.oneof(fc.constantFrom('gre', 'vxlan'), text), { maxLength: 3 }),
          firstSource: address,
          firstDestination: address,
        },
        { requiredKeys: [] },
      ),
      telemetry,
      issue: fc.record({
        kind: fc.constantFrom('truncated' as const, 'option-overrun' as const),
        layer: fc.constantFrom('geneve' as const, 'inner-tcp' as const),
        offset: fc.nat(),
        needed: fc.nat(),
        available: fc.nat(),
      }),
    },
    { requiredKeys: [] },
  ),
})

const side = fc.record(
  {
    packets: fc.maxSafeNat(),
    bytes: fc.maxSafeNat(),
    tunnelBytes: fc.maxSafeNat(),
    tcpFlags: octet,
    vni: fc.nat({ max: 0xffffff }),
    returnedPackets: fc.maxSafeNat(),
    returnedBytes: fc.maxSafeNat(),
  },
  { requiredKeys: ['packets', 'bytes', 'tunnelBytes', 'tcpFlags'] },
)

export const anyFlow: fc.Arbitrary<FlowRecord> = fc.record(
  {
    kind: fc.constant('flow' as const),
    id: text.filter((id) => id !== ''),
    observer: text,
    flow: text,
    part: fc.nat({ max: 3 }),
    final: fc.boolean(),
    reason: fc.constantFrom('fin' as const, 'evicted' as const, 'end-of-input' as const),
    state: fc.constantFrom('established' as const, 'refused' as const),
    communityId: text,
    asymmetric: fc.constant(true as const),
    weight: fc.integer({ min: 2, max: 1_048_576 }),
    start: instant,
    end: instant,
    frame: fc.maxSafeNat(),
    version: fc.constantFrom(4 as const, 6 as const),
    protocol: octet,
    source: address,
    destination: address,
    sourcePort: port,
    destinationPort: port,
    icmpType: octet,
    icmpCode: octet,
    initiator: fc.constantFrom('syn' as const, 'first-packet' as const),
    vlan,
    encapsulation: fc.array(text, { maxLength: 3 }),
    firstSource: address,
    firstDestination: address,
    outerSource: address,
    outerDestination: address,
    forward: side,
    reverse: side,
    telemetry,
  },
  {
    requiredKeys: [
      ...(['kind', 'id', 'observer', 'flow', 'part', 'final', 'reason', 'start', 'end', 'frame', 'version', 'protocol'] as const),
      ...(['source', 'destination', 'initiator', 'vlan', 'encapsulation', 'forward', 'reverse'] as const),
    ],
  },
)

const quantity = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))

export const anyMetric: fc.Arbitrary<MetricRecord> = fc.record({
  kind: fc.constant('metric' as const),
  id: text.filter((id) => id !== ''),
  observer: text,
  measurement: fc.constantFrom('traffic', 'option', 'decoder', 'other'),
  attributes: fc.dictionary(
    fc.constantFrom(...ATTRIBUTES.map(({ name }) => name), 'endpoint_id', 'color'),
    fc.oneof(text, fc.maxSafeNat()),
  ),
  start: instant,
  end: instant,
  points: fc.dictionary(
    fc.constantFrom('packets', 'bytes', 'tunnel_bytes', 'flows', 'options', 'frames', 'load'),
    fc.oneof(
      fc.record({ type: fc.constant('sum' as const), value: quantity }),
      fc.record({ type: fc.constant('gauge' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    ),
    { minKeys: 1 },
  ),
})
