import type { FlowTruth, TotalsTruth, TruthLine } from '@geneve-telemetry/generator'
import { beginnings, trueBeginnings } from './beginnings.ts'
import type { Measured } from './measured.ts'
import { recordedSides, type Side, trueSides } from './sides.ts'
import { recordedSubjects, trueFlowRecords, trueSubjects } from './told.ts'

/** What was compared, by kind, and what differs, one line each. */
export interface Comparison {
  readonly compared: Readonly<Record<string, number>>
  readonly differences: readonly string[]
}

/**
 * Holds what was found against the truth. `count`: each copy was taken for a packet; `auto`: copies were recognised. What the network doubled, and what
 * a sender repeats within milliseconds over IPv6, which has no id, looks like a packet that a tap saw twice: where there may be such, copies are not held
 * against the truth flow by flow.
 */
export function compare(truth: readonly TruthLine[], measured: Measured, duplicates: 'auto' | 'count'): Comparison {
  const found = new Findings()
  const flows = truth.filter((line): line is FlowTruth => line.kind === 'flow')
  const totals = truth.find((line): line is TotalsTruth => line.kind === 'totals')
  if (totals === undefined) throw new Error('the truth has no totals')
  const isDoubled = flows.some(({ initiator, responder }) =>
    [initiator, responder].some((side) => side.duplicated + side.retransmissions > 0),
  )
  if (duplicates === 'count' || !isDoubled) compareSides(found, flows, measured, duplicates)
  compareBeginnings(found, flows, measured)
  compareTold(found, truth, measured, totals, duplicates)
  compareFlowRecords(found, flows, measured, duplicates, isDoubled)
  compareTotals(found, totals, measured, duplicates, isDoubled)
  return { compared: Object.fromEntries(found.compared), differences: found.differences }
}

class Findings {
  readonly compared = new Map<string, number>()
  readonly differences: string[] = []

  same(kind: string, what: string, truth: unknown, ours: unknown): void {
    this.compared.set(kind, (this.compared.get(kind) ?? 0) + 1)
    if (text(truth) !== text(ours)) this.differences.push(`${kind} ${what}: the truth is ${text(truth)}, found was ${text(ours)}`)
  }
}

function compareSides(found: Findings, flows: readonly FlowTruth[], measured: Measured, duplicates: 'auto' | 'count'): void {
  const truth = trueSides(flows)
  const ours = recordedSides(measured.flows)
  for (const key of new Set([...truth.keys(), ...ours.keys()])) {
    const side = truth.get(key)
    found.same('flow', key, side === undefined || duplicates === 'auto' ? side : joined(side), ours.get(key))
  }
}

/** As who takes each copy for a packet sees it. */
function joined(side: Side): Side {
  const { packets, bytes, returnedPackets, returnedBytes } = side
  return { ...side, packets: packets + returnedPackets, bytes: bytes + returnedBytes, returnedPackets: 0, returnedBytes: 0 }
}

function compareTold(found: Findings, truth: readonly TruthLine[], { told }: Measured, totals: TotalsTruth, duplicates: string): void {
  const { alone, ofFlows } = trueSubjects(truth)
  const ours = recordedSubjects(told)
  for (const [key, subject] of alone) found.same('subject', key, subject, ours.get(key))
  for (const key of ours.keys())
    found.same('subject', `${key} is told of`, true, alone.has(key) || ofFlows.has(key) || key.startsWith('flow '))
  let packets = 0
  for (const subject of ours.values()) packets += subject.packets
  if (duplicates === 'count') found.same('total', 'packets with a record', totals.packets_told + totals.packets_with_record, packets)
}

/** Flows by their first frames: when they began, and who began them. */
function compareBeginnings(found: Findings, flows: readonly FlowTruth[], measured: Measured): void {
  const truth = trueBeginnings(flows)
  const ours = beginnings(measured.flows)
  for (const frame of new Set([...truth.keys(), ...ours.keys()]))
    found.same('beginning', `at frame ${frame}`, truth.get(frame), ours.get(frame))
}

/** An id of a flow ends with the number of its first frame. */
const FIRST_FRAME = /-f(\d+)$/

function compareFlowRecords(
  found: Findings,
  flows: readonly FlowTruth[],
  { told }: Measured,
  duplicates: 'auto' | 'count',
  isDoubled: boolean,
): void {
  const ofFlows = told.filter(({ subject }) => subject.type === 'flow')
  const ours = new Map([...recordedSubjects(ofFlows)].map(([key, subject]) => [Number(FIRST_FRAME.exec(key)?.[1]), subject]))
  const truth = trueFlowRecords(flows)
  for (const frame of new Set([...truth.keys(), ...ours.keys()])) {
    const [flow, subject] = [truth.get(frame), ours.get(frame)]
    found.same('flow record', `at frame ${frame}`, flow?.told, subject?.values)
    if (duplicates === 'auto' && isDoubled) continue
    const sides = flow === undefined ? [] : [flow.initiator, flow.responder]
    const packets = sides.reduce((sum, side) => sum + side.packets + (duplicates === 'count' ? side.returned_packets : 0), 0)
    found.same('flow record', `at frame ${frame}, its packets`, packets, subject?.packets ?? 0)
  }
}

function compareTotals(
  found: Findings,
  totals: TotalsTruth,
  { traffic, packets, flows }: Measured,
  duplicates: 'auto' | 'count',
  isDoubled: boolean,
): void {
  found.same('total', 'packets', totals.packets, packets.read)
  found.same('total', 'GENEVE packets', totals.packets, packets.geneve)
  found.same('total', 'flows', totals.flows, flows.length)
  found.same('total', 'packets that stand alone', totals.packets_told, packets.unattributed['control'] ?? 0)
  found.same('total', 'issues', [], traffic.issues)
  const options = new Map(traffic.options.map((one) => [`${one.class}/${one.type}`, one.options]))
  for (const key of new Set([...Object.keys(totals.options), ...options.keys()]))
    found.same('option', key, totals.options[key], options.get(key))
  const returned = duplicates === 'auto' && !isDoubled
  if (returned) found.same('total', 'packets that came back', totals.packets_returned, packets.duplicate['hairpin'] ?? 0)
  const bytes = traffic.transports.reduce((sum, one) => sum + one.bytes, 0)
  if (duplicates === 'count') found.same('total', 'inner bytes', totals.inner_bytes, bytes)
}

/** Keys in order, so that only what is said counts. */
function text(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing'
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([key, member]) => `${key}:${text(member)}`).join(',')}}`
}
