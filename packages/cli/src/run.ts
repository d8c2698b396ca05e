import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { run as runJob } from '@geneve-telemetry/pipeline'
import { flowCountsText, packetAccountText, recordAccountText } from './account.ts'
import { colorsFor } from './colors.ts'
import { Interruption } from './interruption.ts'
import { report } from './outcome.ts'
import { ProgressLine } from './progress.ts'
import { type ReadOptions, readingOf } from './reading.ts'
import { type TargetOptions, targetsOf } from './targets.ts'

export interface RunOptions extends ReadOptions, TargetOptions {
  readonly maxFlows: number
  /** Seconds. */
  readonly interval: number
  readonly observer: string
}

/** Puts a capture's flows and metrics where they are to go. Returns the exit code. */
export async function run(file: string | undefined, options: RunOptions): Promise<number> {
  const { observer, maxFlows, interval: intervalSeconds } = options
  const interruption = new Interruption()
  const reading = await readingOf(file, options, interruption.signal)
  const { table: optionTable } = reading
  const outlets = (await targetsOf(options, optionTable.vendors)).map(({ outlet }) => outlet)
  const records = outlets.some((outlet) => outlet.accepts('flow'))
  const progress = new ProgressLine(process.stderr.isTTY)

  let table: FlowTable | undefined
  const result = await runJob({
    ...reading,
    observer,
    signal: interruption.signal,
    outlets,
    stage: (context) => {
      const traffic = new Traffic({ ...context, optionTable, intervalSeconds })
      table = new FlowTable({ ...context, optionTable, maxFlows, records, analyzers: [traffic] })
      return table
    },
    pause: async (done) => progress.show(done),
  })
  progress.clear()
  const colors = colorsFor(process.stderr)
  process.stderr.write(`${packetAccountText(result.packets, colors)}${table === undefined ? '' : flowCountsText(table.counts)}\n`)
  process.stderr.write(recordAccountText(result.outlets, colors))
  return report(result, reading.source, interruption)
}
