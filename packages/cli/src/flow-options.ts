import type { Duplicates, FlowTableOptions } from '@geneve-telemetry/analytics'

/** Options of the commands that follow flows, in seconds where they are times. */
export interface FlowOptions {
  readonly maxFlows: number
  readonly duplicates: Duplicates
  readonly activeTimeout: number
  readonly tcpIdleTimeout: number
  readonly idleTimeout: number
  /** Follow one flow in so many. */
  readonly sample?: number
}

/** The same as a flow table takes them. */
export function flowTableOptions(options: FlowOptions): Pick<FlowTableOptions, 'maxFlows' | 'duplicates' | 'timeouts' | 'sample'> {
  const { maxFlows, duplicates, activeTimeout, tcpIdleTimeout, idleTimeout, sample } = options
  const timeouts = { activeSeconds: activeTimeout, tcpIdleSeconds: tcpIdleTimeout, idleSeconds: idleTimeout }
  return { maxFlows, duplicates, timeouts, ...(sample !== undefined && { sample: { oneIn: sample } }) }
}
