import { type FlowEnd, type FlowRecord, flowId, type Telemetry, vlanIds } from '@geneve-telemetry/core'
import type { FlowOrigins } from './flow-origins.ts'
import type { FlowRows } from './flow-rows.ts'

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
}

/** Copies a flow out of its row. */
export function flowRecord(rows: FlowRows, origins: FlowOrigins, row: number, reason: FlowEnd, source: FlowSource): FlowRecord {
  const initiator = rows.initiatorOf(row)
  const responder = initiator === 0 ? 1 : 0
  const frame = origins.frameOf(row)
  const flow = flowId(source.origin, frame)
  const outer = origins.outerOf(row)
  const firstInner = origins.firstInnerOf(row)
  const telemetry = telemetryOf(rows, origins, row, source.optionTable)
  return {
    kind: 'flow',
    id: `${flow}-0`,
    observer: source.observer,
    flow,
    part: 0,
    final: true,
    reason,
    start: rows.firstOf(row),
    end: rows.lastOf(row),
    frame,
    version: origins.versionOf(row),
    protocol: rows.protocolOf(row),
    source: origins.addressOf(row, initiator, rows.addressWordOf(row, initiator)),
    destination: origins.addressOf(row, responder, rows.addressWordOf(row, responder)),
    ...endsOf(rows, origins, row, initiator),
    initiator: rows.isInitiatorBySyn(row) ? 'syn' : 'first-packet',
    vlan: vlanIds({ vlanCount: origins.vlanCountOf(row), ...rows.vlansOf(row) }),
    encapsulation: origins.encapsulationsOf(row),
    ...(firstInner !== undefined && initiator === 0 && { firstSource: firstInner.source, firstDestination: firstInner.destination }),
    ...(firstInner !== undefined && initiator === 1 && { firstSource: firstInner.destination, firstDestination: firstInner.source }),
    ...(outer !== undefined && { outerSource: outer.source, outerDestination: outer.destination }),
    forward: rows.trafficOf(row, initiator),
    reverse: rows.trafficOf(row, responder),
    ...(telemetry !== undefined && { telemetry }),
  }
}

/** Ports, or what stands for them. */
function endsOf(
  rows: FlowRows,
  origins: FlowOrigins,
  row: number,
  initiator: 0 | 1,
): Pick<FlowRecord, 'sourcePort' | 'destinationPort' | 'icmpType' | 'icmpCode'> {
  const ports = rows.portsOf(row)
  switch (rows.protocolOf(row)) {
    case TCP:
    case UDP:
    case SCTP:
      return initiator === 0
        ? { sourcePort: ports >>> 16, destinationPort: ports & 0xffff }
        : { sourcePort: ports & 0xffff, destinationPort: ports >>> 16 }
    case ICMP:
    case ICMPV6:
      return { icmpType: ports >>> 16, icmpCode: origins.icmpCodeOf(row) }
    default:
      return {}
  }
}

function telemetryOf(rows: FlowRows, origins: FlowOrigins, row: number, optionTable: FlowDescriber | undefined): Telemetry | undefined {
  if (optionTable === undefined) return undefined
  const scope = rows.scopeOf(row)
  const cookie = origins.cookieOf(row)
  if (scope.option < 0 && cookie.option < 0) return undefined
  const data = new DataView(new ArrayBuffer(12))
  data.setInt32(0, scope.high)
  data.setInt32(4, scope.low)
  data.setInt32(8, cookie.value)
  return optionTable.describeFlow(scope.option, cookie.option, data)
}
