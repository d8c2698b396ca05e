import { IS_GENEVE, type PacketView } from '@geneve-telemetry/core/wire'
import { run, type Stage, type StageContext } from '@geneve-telemetry/pipeline'
import { colorsFor } from './colors.ts'
import { Interruption } from './interruption.ts'
import { report } from './outcome.ts'
import { Output } from './output.ts'
import { PacketLines } from './packet-line.ts'
import { PacketTable } from './packet-table.ts'
import { ProgressLine } from './progress.ts'
import { type Reading, type ReadOptions, readingOf } from './reading.ts'
import { TcpAnalyses } from './tcp-analysis.ts'

export interface DecodeOptions extends ReadOptions {
  readonly format: string
  /** Also frames that are not GENEVE. */
  readonly all?: true
  readonly limit?: number
  /** Also why options have no value. */
  readonly debug?: true
  /** Also what tshark would say of TCP packets. */
  readonly analysis?: true
}

/** One line per GENEVE or damaged frame. Returns the exit code. */
export async function decode(file: string | undefined, options: DecodeOptions): Promise<number> {
  return printPackets(new Interruption(), (signal) => readingOf(file, options, signal), options)
}

/** One line per packet of what `open` opens. Returns the exit code. */
export async function printPackets(
  interruption: Interruption,
  open: (signal: AbortSignal) => Promise<Reading>,
  options: Omit<DecodeOptions, keyof ReadOptions>,
): Promise<number> {
  const output = new Output()
  const enough = new AbortController()
  const signal = AbortSignal.any([interruption.signal, output.broken, enough.signal])
  const reading = await open(signal)
  const progress = new ProgressLine(process.stderr.isTTY && !process.stdout.isTTY)

  const result = await run({
    ...reading,
    observer: '',
    signal,
    stage: (context) => lineStage(reading, options, output, enough, context),
    pause: async (done) => {
      progress.show(done)
      await output.settle()
    },
  })
  progress.clear()
  await output.flush()
  return report(result, reading.source, interruption, output)
}

/** Writes a line for each packet that is to be shown, up to the limit. */
function lineStage(
  { describer, table, filter, accounts }: Reading,
  { format, all, limit = Infinity, debug, analysis }: Omit<DecodeOptions, keyof ReadOptions>,
  output: Output,
  enough: AbortController,
  context: StageContext,
): Stage {
  const debugTable = debug ? table : undefined
  const lines =
    format === 'ndjson' ? new PacketLines(describer, debugTable) : new PacketTable(describer, colorsFor(process.stdout), debugTable)
  const analyses = analysis ? new TcpAnalyses(context) : undefined
  let left = limit
  return {
    packet(packet: PacketView) {
      if (left === 0 || (packet.outcome > IS_GENEVE && !all)) return
      // Of GENEVE packets only those that pass come this far.
      if (packet.outcome !== IS_GENEVE && ((filter?.refusedBy(packet) ?? -1) >= 0 || accounts?.refuses(packet))) return
      output.write(lines.line(packet, analyses?.of(packet)))
      left--
      if (left === 0) enough.abort()
    },
    advance() {},
    finish() {
      if (lines instanceof PacketTable) output.write(lines.rest)
    },
  }
}
