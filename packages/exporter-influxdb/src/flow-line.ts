import type { FlowRecord, FlowSide, Name, Quantity, Rejected } from '@geneve-telemetry/core'
import { addQuantities, FLOW_ENDS, instantNanos, nanosBetween, unlistedName } from '@geneve-telemetry/core'
import { protocolName, tcpFlagsText } from '@geneve-telemetry/core/wire'
import { Line, type LineRules } from './line.ts'
import { addTold } from './told-field.ts'

const TCP = 6

/**
 * A flow, or a part of one, as a point at its first packet. Two flows may begin in the same nanosecond with the same bounded tags, and the later point would
 * overwrite the earlier one; so the tags `flow` and `part` name the record, and each flow is a series.
 */
export function flowLine(record: FlowRecord, names: ReadonlyMap<string, Name>, rules: LineRules): string | Rejected {
  const { forward, reverse, icmpType, icmpCode } = record
  const line = new Line('geneve_flow', rules)
  line.tag('observer', record.observer)
  line.tag('flow', record.flow)
  line.tag('part', String(record.part))
  line.tag('network_type', `ipv${record.version}`)
  line.tag('transport', protocolName(record.protocol))
  const vni = forward.vni ?? reverse.vni
  if (vni !== undefined) line.tag('vni', String(vni))

  line.string('source', record.source)
  if (record.sourcePort !== undefined) line.integer('source_port', record.sourcePort)
  line.string('destination', record.destination)
  if (record.destinationPort !== undefined) line.integer('destination_port', record.destinationPort)
  if (icmpType !== undefined) line.integer('icmp_type', icmpType)
  if (icmpCode !== undefined) line.integer('icmp_code', icmpCode)
  for (const [key, of] of SUMS) line.integer(key, addCounts(of(forward), of(reverse)))
  addSide(line, 'source', forward, record.protocol)
  addSide(line, 'destination', reverse, record.protocol)
  const { start, end } = record
  const nanos = instantNanos(end) === undefined ? undefined : instantNanos(start)
  if (nanos !== undefined) line.integer('duration_ns', nanosBetween(start, end))
  line.boolean('final', record.final)
  line.string('end_reason', record.reason)
  line.integer('end_code', FLOW_ENDS[record.reason])
  if (record.state !== undefined) line.string('state', record.state)
  line.string('initiator', record.initiator)
  if (record.asymmetric === true) line.boolean('asymmetric', true)
  if (record.communityId !== undefined) line.string('community_id', record.communityId)
  if (record.weight !== undefined) line.integer('weight', record.weight)
  line.integer('frame', record.frame)
  for (const fields of Object.values(record.telemetry ?? {})) {
    for (const [name, value] of Object.entries(fields)) addTold(line, names.get(name) ?? unlistedName(name), value)
  }
  return line.text(nanos)
}

type Count = (side: FlowSide) => number

const SUMS: readonly (readonly [key: string, of: Count])[] = [
  ['packets', ({ packets }) => packets],
  ['bytes', ({ bytes }) => bytes],
  ['tunnel_bytes', ({ tunnelBytes }) => tunnelBytes],
]

/** NaN where one is no whole number, which no integer field takes. */
function addCounts(one: number, other: number): Quantity {
  return Number.isSafeInteger(one) && Number.isSafeInteger(other) ? addQuantities(one, other) : Number.NaN
}

/** What went from this end. */
function addSide(line: Line, end: string, side: FlowSide, protocol: number): void {
  for (const [key, of] of SUMS) line.integer(`${end}_${key}`, of(side))
  if (side.returnedPackets !== undefined) line.integer(`${end}_returned_packets`, side.returnedPackets)
  if (side.returnedBytes !== undefined) line.integer(`${end}_returned_bytes`, side.returnedBytes)
  if (side.vni !== undefined) line.integer(`${end}_vni`, side.vni)
  if (protocol === TCP) line.string(`${end}_tcp_flags`, tcpFlagsText(side.tcpFlags))
}

/** The keys that flows have of themselves. */
export const FLOW_KEYS: readonly string[] = [
  ...['observer', 'flow', 'part', 'network_type', 'transport', 'vni'],
  ...['source', 'source_port', 'destination', 'destination_port', 'icmp_type', 'icmp_code'],
  ...['', 'source_', 'destination_'].flatMap((end) => SUMS.map(([key]) => `${end}${key}`)),
  ...['source', 'destination'].flatMap((end) => ['returned_packets', 'returned_bytes', 'vni', 'tcp_flags'].map((key) => `${end}_${key}`)),
  ...['duration_ns', 'final', 'end_reason', 'end_code', 'state', 'initiator', 'asymmetric', 'community_id', 'weight', 'frame'],
]
