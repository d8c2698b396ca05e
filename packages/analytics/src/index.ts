/** Flows, totals and what telemetry records say, measured from decoded packets in one pass. */

export type { FlowCounts, FlowLedger } from './flow-ledger.ts'
export type { FlowDescriber } from './flow-record.ts'
export { FlowTable, type FlowTableOptions } from './flow-table.ts'
export type { FlowTimeouts } from './flow-timeouts.ts'
export { TcpVerdicts, type TcpVerdictsOptions } from './tcp/tcp-verdicts.ts'
export { TCP_VERDICTS, type TcpVerdict, tcpVerdictNames } from './tcp/verdict.ts'
export { ToldRecords, type ToldRecordsOptions } from './told-records.ts'
export type { RecordIssueCount, ToldCounts, ToldTotals } from './told-totals.ts'
export { Traffic, type TrafficOptions } from './traffic.ts'
export type { TrafficOf, TrafficTotals } from './traffic-totals.ts'
export { UNATTRIBUTED } from './unattributed.ts'
