/** Flows and totals, measured from decoded packets in one pass. */

export type { FlowDescriber } from './flow-record.ts'
export { type FlowCounts, type FlowLedger, FlowTable, type FlowTableOptions } from './flow-table.ts'
export { Traffic, type TrafficOptions } from './traffic.ts'
export type { TrafficOf, TrafficTotals } from './traffic-totals.ts'
export { UNATTRIBUTED } from './unattributed.ts'
