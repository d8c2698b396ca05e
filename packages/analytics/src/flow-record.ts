import { type FlowEnd, type FlowRecord, flowId, type Telemetry } from '@geneve-telemetry/core'
import { communityId } from './community-id.ts'
import type { FlowReader } from './flow-reader.ts'

const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const SCTP = 132

/** Says what a flow's options mean: core's `OptionTable` does. */
export interface FlowDescriber {
  /** The options are given by optionClass * 256 + type (-1 = there was none); `data` holds the scope's 8 bytes at 0, the cookie's 4 at 8. */
  describeFlow(scopeOption: number, cookieOption: number, data: DataView): Telemetry | undefined
}

/** What all records of a table share. */
export interface FlowSource {
  readonly origin: string
  readonly observer: string
  readonly optionTable: FlowDescriber | undefined
  /** Of a sample: one in so many flows is in it. */
  readonly weight: number | undefined
}

/** Copies a flow out of its row. */
export function flowRecord(flows: FlowReader, row: number, reason: FlowEnd, source: FlowSource): FlowRecord {
  const initiator = flows.initiatorOf(row)
  const responder = initiator === 0 ? 1 : 0
  const frame = flows.frameOf(row)
  const part = flows.partOf(row)
  const protocol = flows.protocolOf(row)
  const flow = flowId(source.origin, frame)
  const outer = flows.outerOf(row)
  const firstInner = flows.firstInnerOf(row)
  const telemetry = telemetryOf(flows, row, source.optionTable)
  return {
    kind: 'flow',
    id: `${flow}-${part}`,
    observer: source.observer,
    flow,
    part,
    final: reason !== 'active-timeout',
    reason,
    ...(protocol === TCP && { state: flows.connectionStateOf(row) }),
    communityId: communityId(flows.addressBytesOf(row, 0), flows.addressBytesOf(row, 1), protocol, flows.portsOf(row)),
    start: flows.firstOf(row),
    end: flows.lastOf(row),
    frame,
    version: flows.versionOf(row),
    protocol,
    source: flows.addressOf(row, initiator),
    destination: flows.addressOf(row, responder),
    ...endsOf(flows, row, initiator),
    initiator: flows.isInitiatorBySyn(row) ? 'syn' : 'first-packet',
    ...(flows.partnerOf(row) !== 0 && { asymmetric: true as const }),
    vlan: flows.vlansOf(row),
    encapsulation: flows.encapsulationsOf(row),
    ...(firstInner !== undefined && initiator === 0 && { firstSource: firstInner.source, firstDestination: firstInner.destination }),
    ...(firstInner !== undefined && initiator === 1 && { firstSource: firstInner.destination, firstDestination: firstInner.source }),
    ...(outer !== undefined && { outerSource: outer.source, outerDestination: outer.destination }),
    forward: flows.trafficOf(row, initiator),
    reverse: flows.trafficOf(row, responder),
    ...(telemetry !== undefined && { telemetry }),
    ...(source.weight !== undefined && { weight: source.weight }),
  }
}

/** Ports, or what stands for them. */
function endsOf(
  flows: FlowReader,
  row: number,
  initiator: 0 | 1,
): Pick<FlowRecord, 'sourcePort' | 'destinationPort' | 'icmpType' | 'icmpCode'> {
  const ports = flows.portsOf(row)
  switch (flows.protocolOf(row)) {
    case TCP:
    case UDP:
    case SCTP:
      return initiator === 0
        ? { sourcePort: ports >>> 16, destinationPort: ports & 0xffff }
        : { sourcePort: ports & 0xffff, destinationPort: ports >>> 16 }
    case ICMP:
    case ICMPV6:
      return { icmpType: ports >>> 16, icmpCode: flows.icmpCodeOf(row) }
    default:
      return {}
  }
}

function telemetryOf(flows: FlowReader, row: number, optionTable: FlowDescriber | undefined): Telemetry | undefined {
  if (optionTable === undefined) return undefined
  const { scopeOption, cookieOption, data } = flows.rolesOf(row)
  return scopeOption < 0 && cookieOption < 0 ? undefined : optionTable.describeFlow(scopeOption, cookieOption, data)
}
