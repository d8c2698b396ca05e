import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { MetricRecord, MetricSource } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { run } from '@geneve-telemetry/pipeline'

/** The totals of a capture, or of a pipe that grows: at any time what was counted so far. */
export class WatchedTraffic implements MetricSource {
  #traffic: Traffic | undefined

  collect(): readonly MetricRecord[] {
    return this.#traffic?.collect() ?? []
  }

  /** Resolves at the end of the capture, or of the pipe. */
  async watch(capture: string): Promise<void> {
    const optionTable = new OptionTable(builtInVendors)
    const { failure } = await run({
      source: openCapture(capture),
      rules: new DecodeRules([6081], optionTable.roles),
      observer: 'shop-1',
      stage: (context) => {
        this.#traffic = new Traffic({ ...context, optionTable })
        return new FlowTable({ ...context, optionTable, records: false, analyzers: [this.#traffic] })
      },
    })
    if (failure !== undefined) throw failure
  }
}
