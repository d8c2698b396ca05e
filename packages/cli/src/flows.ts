import { FlowLog, FlowTable } from '@geneve-telemetry/analytics'
import { EcsNames, flowDocument } from '@geneve-telemetry/exporter-elasticsearch'
import { ExporterOutlet, run } from '@geneve-telemetry/pipeline'
import { colorsFor } from './colors.ts'
import { about, OperatorError } from './exit.ts'
import { FlowCsv } from './flow-csv.ts'
import { type FlowOptions, flowTableOptions } from './flow-options.ts'
import { FlowRows } from './flow-rows.ts'
import { Interruption } from './interruption.ts'
import { quietJson } from './json.ts'
import { report } from './outcome.ts'
import { Output } from './output.ts'
import { type Lines, printer } from './printer.ts'
import { ProgressLine } from './progress.ts'
import { type Reading, type ReadOptions, readingOf } from './reading.ts'

/** The line format of a VPC flow log. */
const FLOW_LOG = 'vpc-flow-log'

export interface FlowsOptions extends ReadOptions, FlowOptions {
  readonly format: string
  /** The fields of a flow log's line. */
  readonly fields?: string
  readonly observer: string
}

/** One line per flow. Returns the exit code. */
export async function flows(file: string | undefined, options: FlowsOptions): Promise<number> {
  const { observer, format, fields } = options
  if (fields !== undefined && format !== FLOW_LOG) throw new OperatorError(`--fields: only with --format ${FLOW_LOG}`)
  const interruption = new Interruption()
  const output = new Output()
  const signal = AbortSignal.any([interruption.signal, output.broken])
  const reading = await readingOf(file, options, signal)
  const lines = linesOf(options, reading)
  const progress = new ProgressLine(process.stderr.isTTY && !process.stdout.isTTY)

  const result = await run({
    ...reading,
    observer,
    signal,
    outlets: [new ExporterOutlet(printer(lines, output), { batchAgeMs: 200 })],
    stage: (context) => new FlowTable({ ...context, ...flowTableOptions(options), optionTable: reading.table }),
    pause: async (done) => progress.show(done),
  })
  progress.clear()
  await output.flush()
  return report(result, reading.source, interruption, output)
}

function linesOf({ format, fields }: FlowsOptions, reading: Reading): Lines {
  switch (format) {
    case 'ndjson':
      return documents(reading)
    case 'csv':
      return new FlowCsv()
    case FLOW_LOG:
      return about('--fields', () => flowLog(fields))
    default:
      return new FlowRows(colorsFor(process.stdout))
  }
}

function flowLog(fields: string | undefined): Lines {
  const log = new FlowLog(fields)
  return { head: log.head, line: (record) => log.lines(record) }
}

/** The documents that go to Elasticsearch, one a line. */
function documents({ table }: Reading): Lines {
  const names = new EcsNames(table.vendors)
  return {
    head: '',
    line(record) {
      const document = flowDocument(record, names)
      return typeof document === 'string' ? `${quietJson(document)}\n` : document
    },
  }
}
