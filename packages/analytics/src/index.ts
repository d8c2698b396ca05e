export { UNATTRIBUTED } from './flow-key.ts'
export type { FlowDescriber } from './flow-record.ts'
export { type FlowCounts, type FlowLedger, FlowTable, type FlowTableOptions } from './flow-table.ts'
