import type { Analyzer } from '../telemetry/analyzer.ts'
import type { Emit, Instant, TelemetryRecord } from '../telemetry/record.ts'
import type { DeclareTest } from './expectation.ts'
import { canonical, ensure, ensureAlike } from './expectation.ts'

/** A frame as a capture has it. */
export interface TimedFrame {
  readonly bytes: Uint8Array
  readonly time: Instant
}

/** Takes an analyzer through frames: decodes each, finds its flow, calls `packet` and `flow`. `advance` and `finish` are the test's to call. */
export interface Walk {
  /** The next frames of the source. */
  frames(chunk: readonly TimedFrame[]): void
  /** The source has ended: gives up the flows that are still open. */
  end(): void
}

export interface AnalyzerTest {
  /** In order of time. */
  readonly frames: readonly TimedFrame[]
  /** Begins a new walk, with a flow table of its own. */
  readonly walk: (analyzer: Analyzer, emit: Emit) => Walk
  /** How many of the frames a record stands for: over all records that must be all frames. Leave it out where records overlap. */
  readonly framesIn?: (record: TelemetryRecord) => number
}

const NEVER: Instant = { seconds: Number.NEGATIVE_INFINITY, nanos: 0 }

/** Declares the tests that every analyzer has to pass: `testAnalyzer(make, { frames, walk }, test)`; `make` returns a new one at each call. */
export function testAnalyzer(make: () => Analyzer, options: AnalyzerTest, test: DeclareTest): void {
  const { name } = make()
  const { frames, framesIn } = options

  test(`${name}: the same packets give the same records, in any chunks`, () => {
    const whole = recordsOf(make(), options, frames.length)
    ensure(whole.length > 0, 'the frames give no record')
    for (const chunk of [frames.length, 1, 2, 7, 64]) ensureAlike(recordsOf(make(), options, chunk), whole, `records in chunks of ${chunk}`)
  })

  test(`${name}: ids are unique`, () => {
    const records = recordsOf(make(), options, 16)
    ensureAlike(new Set(records.map(({ id }) => id)).size, records.length, 'different ids')
  })

  test(`${name}: no record comes before its time`, () => {
    let now = NEVER
    const analyzer = make()
    const emit: Emit = (record) => ensure(!isBefore(now, timeOf(record)), `at ${canonical(now)} came ${canonical(record)}`)
    const walk = options.walk(analyzer, emit)
    for (const frame of frames) {
      now = frame.time
      walk.frames([frame])
      analyzer.advance(now, emit)
    }
  })

  test(`${name}: after finish there is nothing more`, () => {
    const analyzer = make()
    const records: TelemetryRecord[] = []
    const emit: Emit = (record) => records.push(record)
    const walk = options.walk(analyzer, emit)
    walk.frames(frames)
    walk.end()
    analyzer.finish(emit)
    const { length } = records
    analyzer.finish(emit)
    ensureAlike(records.length, length, 'records after a second finish')
  })

  test(`${name}: no frames, no sum`, () => {
    const records = recordsOf(make(), { ...options, frames: [] }, 1)
    ensureAlike(
      records.reduce((sum, record) => sum + (framesIn?.(record) ?? 0), 0),
      0,
      'frames in the records',
    )
  })

  if (framesIn === undefined) return

  test(`${name}: every frame is in one record`, () => {
    for (const chunk of [1, 5, frames.length]) {
      const records = recordsOf(make(), options, chunk)
      ensureAlike(
        records.reduce((sum, record) => sum + framesIn(record), 0),
        frames.length,
        `frames in the records, in chunks of ${chunk}`,
      )
    }
  })
}

/** All records, by their canonical text: in which order they come is the chunks' business. */
function recordsOf(analyzer: Analyzer, { frames, walk }: AnalyzerTest, chunkLength: number): readonly TelemetryRecord[] {
  const records: TelemetryRecord[] = []
  const emit: Emit = (record) => records.push(record)
  const steps = walk(analyzer, emit)
  for (let at = 0; at < frames.length; at += chunkLength) {
    const chunk = frames.slice(at, at + chunkLength)
    steps.frames(chunk)
    analyzer.advance(chunk.at(-1)!.time, emit)
  }
  steps.end()
  analyzer.finish(emit)
  return records.sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1))
}

function timeOf(record: TelemetryRecord): Instant {
  return 'time' in record ? record.time : record.end
}

function isBefore(one: Instant, other: Instant): boolean {
  return one.seconds < other.seconds || (one.seconds === other.seconds && one.nanos < other.nanos)
}
