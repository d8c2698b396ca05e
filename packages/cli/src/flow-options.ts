import type { Duplicates, FlowTableOptions } from '@geneve-telemetry/analytics'

/** Options of the commands that follow flows, in seconds where they are times. */
export interface FlowOptions {
  readonly maxFlows: number
  readonly duplicates: Duplicates
  readonly activeTimeout: number
  readonly tcpIdleTimeout: number
  readonly idleTimeout: number
}

/** The same as a flow table takes them. */
export function flowTableOptions(options: FlowOptions): Pick<FlowTableOptions, 'maxFlows' | 'duplicates' | 'timeouts'> {
  const { maxFlows, duplicates, activeTimeout, tcpIdleTimeout, idleTimeout } = options
  return { maxFlows, duplicates, timeouts: { activeSeconds: activeTimeout, tcpIdleSeconds: tcpIdleTimeout, idleSeconds: idleTimeout } }
}
