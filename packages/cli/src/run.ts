import { FlowTable, ToldRecords, Traffic } from '@geneve-telemetry/analytics'
import { run as runJob } from '@geneve-telemetry/pipeline'
import { flowCountsText, packetAccountText, recordAccountText, toldCountsText } from './account.ts'
import { colorsFor } from './colors.ts'
import { deadLettersIn, deadLettersText } from './dead-letters.ts'
import { type FlowOptions, flowTableOptions } from './flow-options.ts'
import { Interruption } from './interruption.ts'
import { report } from './outcome.ts'
import { ProgressLine } from './progress.ts'
import { type Reading, type ReadOptions, type ReplayTimes, readingOf } from './reading.ts'
import { outletsOf, type TargetOptions } from './targets.ts'

export interface RunOptions extends ReadOptions, ReplayTimes, TargetOptions, FlowOptions {
  /** Seconds. */
  readonly interval: number
  readonly observer: string
  readonly deadLetters: string
}

/** Puts a capture's flows and metrics, and what its telemetry records say, where they are to go. Returns the exit code. */
export async function run(file: string | undefined, options: RunOptions): Promise<number> {
  const interruption = new Interruption()
  return interruption.during(() => deliver(interruption, (signal) => readingOf(file, options, signal), options))
}

/** Puts the flows and metrics of what `open` opens where they are to go. Returns the exit code. */
export async function deliver(
  interruption: Interruption,
  open: (signal: AbortSignal) => Promise<Reading>,
  options: Omit<RunOptions, keyof ReadOptions>,
): Promise<number> {
  const { observer, interval: intervalSeconds, loop, time } = options
  const reading = await open(interruption.signal)
  const { table: optionTable, isPipe } = reading
  const deadLetters = deadLettersIn(options.deadLetters)
  const canWait = !isPipe && loop !== true
  const live = isPipe || time === 'now'
  const outlets = await outletsOf(options, { vendors: optionTable.vendors, live, canWait, deadLetters })
  const records = outlets.some((outlet) => outlet.accepts('flow'))
  const progress = new ProgressLine(process.stderr.isTTY)

  let table: FlowTable | undefined
  let told: ToldRecords | undefined
  const result = await runJob({
    ...reading,
    observer,
    signal: interruption.signal,
    outlets,
    // A file that is read as fast as it goes is past before its time has come.
    ...(live && !canWait && { clock: () => performance.now() }),
    stage: (context) => {
      const traffic = new Traffic({ ...context, optionTable, intervalSeconds })
      told = new ToldRecords({ ...context, optionTable, intervalSeconds })
      table = new FlowTable({ ...context, ...flowTableOptions(options), optionTable, records, analyzers: [traffic, told] })
      return table
    },
    pause: async (done) => progress.show(done),
  })
  progress.clear()
  const colors = colorsFor(process.stderr)
  process.stderr.write(
    `${packetAccountText(result.packets, colors)}${table === undefined ? '' : flowCountsText(table.counts)}${told === undefined ? '' : toldCountsText(told.counts)}\n`,
  )
  process.stderr.write(recordAccountText(result.outlets, colors))
  process.stderr.write(deadLettersText(deadLetters))
  return report(result, reading.source, interruption)
}
