import type { Encoded, Exporter, Outcome } from '../telemetry/exporter.ts'
import { isRejected } from '../telemetry/exporter.ts'
import type { DeclareTest } from './expectation.ts'
import { ensure, ensureAlike, frozen } from './expectation.ts'
import type { FormatTest } from './format-contract.ts'
import { testFormat } from './format-contract.ts'
import { sampleRecords } from './sample-records.ts'

/**
 * How the backend behaves that an exporter under test talks to: it takes everything; it refuses the second record of each request for good; it is too busy
 * for any; it finds each request too large; it never answers.
 */
export type Mood = 'takes-all' | 'refuses-second' | 'busy' | 'too-large' | 'silent'

export interface ExporterTest extends FormatTest {
  /** The moods that the backend can have: all unless said otherwise. */
  readonly moods?: readonly Mood[]
}

const MOODS: readonly Mood[] = ['takes-all', 'refuses-second', 'busy', 'too-large', 'silent']
const SOON_MS = 2_000

/**
 * Declares the tests that every exporter has to pass, those of its format included: `testExporter(make, {}, test)`. `make` returns a new exporter at each
 * call, with a backend of the given mood behind it.
 */
export function testExporter(make: (mood: Mood) => Exporter, options: ExporterTest, test: DeclareTest): void {
  const { name } = make('takes-all')
  testFormat(() => make('takes-all'), options, test)

  test(`${name}: may be closed without start`, async () => {
    await make('takes-all').close?.()
  })

  for (const mood of options.moods ?? MOODS) {
    test(`${name}: tells what became of each record when the backend ${mood.replace('-', ' ')}`, async () => {
      const exporter = make(mood)
      const batch = sampleBatch(exporter, options)
      if (mood === 'silent') {
        await ensureAbortable(exporter, batch)
      } else {
        await exporter.start?.(new AbortController().signal)
        const first = await exporter.send(batch, new AbortController().signal)
        ensureOutcome(mood, first, batch.length)
        ensureAlike(await exporter.send(batch, new AbortController().signal), first, 'sent again: nothing is kept between calls')
      }
      await exporter.close?.()
    })
  }
}

/** As many records as there are samples, at least three, under different ids. */
function sampleBatch(exporter: Exporter, options: FormatTest): readonly Encoded[] {
  const samples = options.records ?? sampleRecords().filter((record) => exporter.accepts.includes(record.kind))
  const batch = [0, 1, 2].flatMap((round) =>
    samples.map((record) => {
      const encoded = exporter.encode({ ...record, id: `${record.id}-${round}` })
      ensure(!isRejected(encoded), `a sample ${record.kind} is rejected`)
      return encoded
    }),
  )
  return frozen(batch)
}

function ensureOutcome(mood: Mood, outcome: Outcome, count: number): void {
  const all = Array.from({ length: count }, (_, index) => index)
  const rejected = outcome.rejected.map(({ index }) => index)
  ensureAlike(
    [...outcome.retry].sort(ascending),
    mood === 'busy' ? all : mood === 'too-large' && outcome.retry.length > 0 ? all : [],
    'to be sent again',
  )
  ensureAlike(rejected, mood === 'refuses-second' ? [1] : [], 'rejected')
  ensure(
    outcome.rejected.every(({ reason }) => reason !== ''),
    'a record is rejected without a reason',
  )
  ensureAlike(outcome.halve === true, mood === 'too-large', 'to be halved')
}

/** A call that is aborted, before or meanwhile, ends soon and does not say that the records arrived. */
async function ensureAbortable(exporter: Exporter, batch: readonly Encoded[]): Promise<void> {
  for (const delayMs of [0, 20]) {
    const controller = new AbortController()
    if (delayMs === 0) controller.abort()
    else setTimeout(() => controller.abort(), delayMs)
    const answer = await soon(exporter.send(batch, controller.signal).catch(() => 'uncertain' as const))
    ensure(answer !== 'late', `send goes on for ${SOON_MS} ms after its signal`)
    ensure(answer === 'uncertain' || answer.retry.length === batch.length, 'an aborted send says that records arrived')
  }
}

async function soon<T>(promise: Promise<T>): Promise<T | 'late'> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), SOON_MS)
  })
  const first = await Promise.race([promise, late])
  clearTimeout(timer)
  return first
}

function ascending(one: number, other: number): number {
  return one - other
}
