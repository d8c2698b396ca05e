import { run } from '@geneve-telemetry/pipeline'
import { colorsFor } from './colors.ts'
import { type FlowOptions, flowTableOptions } from './flow-options.ts'
import { Interruption } from './interruption.ts'
import { exactJson } from './json.ts'
import { report } from './outcome.ts'
import { Output } from './output.ts'
import { Overview } from './overview.ts'
import { ProgressLine } from './progress.ts'
import { type ReadOptions, readingOf } from './reading.ts'
import { summaryText } from './summary-text.ts'

export interface SummaryOptions extends ReadOptions, FlowOptions {
  readonly format: string
}

const INDENT = 2

/** What a capture holds, all at once. Returns the exit code. */
export async function summary(file: string | undefined, options: SummaryOptions): Promise<number> {
  const { format } = options
  const interruption = new Interruption()
  const output = new Output()
  const reading = await readingOf(file, options, interruption.signal)
  const overviewOf = (context: ConstructorParameters<typeof Overview>[0]): Overview =>
    new Overview(context, { table: reading.table, flows: flowTableOptions(options) })
  const progress = new ProgressLine(process.stderr.isTTY)

  let overview: Overview | undefined
  const result = await run({
    ...reading,
    observer: '',
    signal: interruption.signal,
    stage: (context) => {
      overview = overviewOf(context)
      return overview.stage
    },
    pause: async (done) => progress.show(done),
  })
  progress.clear()
  // A capture without a packet has no stage.
  overview ??= overviewOf({ origin: reading.source.origin, observer: '', emit() {} })
  const found = overview.summary(result.packets)
  output.write(format === 'json' ? `${exactJson(found, INDENT)}\n` : summaryText(found, overview.topFlows, colorsFor(process.stdout)))
  await output.flush()
  return report(result, reading.source, interruption, output)
}
