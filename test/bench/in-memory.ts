import { Anchor, MODES } from './anchor.ts'
import type { BigCapture } from './captures.ts'
import type { Figures } from './figures.ts'
import { hold } from './held-capture.ts'
import { RECORDS } from './record-capture.ts'
import { ROWS, type Row } from './rows.ts'
import { Timing } from './timing.ts'

const ROUNDS = 5
/** A capture has hundreds. */
const WARM_UP_BATCHES = 25
/** The letters of captured traffic. */
const CAPTURED = 'ABC'

/** Times the wanted rows over each capture, ours and the anchor's in turn. */
export async function timeRows(
  captures: readonly BigCapture[],
  parts: ReadonlySet<string>,
  say: (text: string) => void,
): Promise<Pick<Figures, 'rows' | 'missing'>> {
  const rows = ROWS.filter(({ name }) => parts.has(name))
  const anchor = parts.has('gopacket') ? await Anchor.build() : undefined
  const names = [...rows.map(({ name }) => name), ...(anchor instanceof Anchor ? MODES : [])]
  const timings = new Map(names.map((name) => [name, {} as Record<string, Timing>]))
  const rowsOver = (letter: string): readonly Row[] => rows.filter(({ over }) => (over ?? CAPTURED).includes(letter))
  for (const capture of captures) {
    const { letter, path, packets } = capture
    if (rowsOver(letter).length === 0 && !(anchor instanceof Anchor)) continue
    const timing = (name: string): Timing => (timings.get(name)![letter] ??= new Timing())
    const held = await hold(capture)
    const head = { ...held, batches: held.batches.slice(0, WARM_UP_BATCHES) }
    for (let round = 1; round <= ROUNDS; round++) {
      say(`capture ${letter}, round ${round} of ${ROUNDS}`)
      for (const { name, run } of rowsOver(letter))
        await timing(name).round(
          packets,
          () => run(held),
          () => run(head),
        )
      if (!(anchor instanceof Anchor) || letter === RECORDS) continue
      const figures = await anchor.round(path)
      for (const mode of MODES) timing(mode).add(figures[mode])
    }
  }
  return {
    rows: Object.fromEntries([...timings].map(([name, byLetter]) => [name, mapValues(byLetter, ({ nanoseconds }) => nanoseconds)])),
    missing: typeof anchor === 'string' ? [`gopacket: ${anchor}`] : [],
  }
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}
