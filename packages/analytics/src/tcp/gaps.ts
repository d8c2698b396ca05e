import { FIGURES } from './figures-layout.ts'

const { GAP_COUNT, GAPS } = FIGURES
const MOST_GAPS = 4
/** Words of a gap. */
const END = 1
const SECONDS = 2
const NANOS = 3
const GAP_WORDS = 4

/**
 * Sequence numbers of a side that were skipped, up to four ranges in order; of more, the lowest are forgotten. A side is given by the offset of its words.
 */
export class Gaps {
  /** When the gap was found that `fill` filled. */
  foundSeconds = 0
  foundNanos = 0
  readonly #sides: Int32Array

  constructor(sides: Int32Array) {
    this.#sides = sides
  }

  /** [start, end) was skipped, which is above all that are known. */
  add(side: number, start: number, end: number, seconds: number, nanos: number): void {
    const sides = this.#sides
    if (sides[side + GAP_COUNT] === MOST_GAPS) this.#remove(side, 0)
    const count = sides[side + GAP_COUNT]!
    const at = side + GAPS + count * GAP_WORDS
    sides[at] = start
    sides[at + END] = end
    sides[at + SECONDS] = seconds
    sides[at + NANOS] = nanos
    sides[side + GAP_COUNT] = count + 1
  }

  /** [start, end) was sent; true if some of it was in a gap. */
  fill(side: number, start: number, end: number): boolean {
    const sides = this.#sides
    let isFound = false
    for (let gap = 0; gap < sides[side + GAP_COUNT]!; ) {
      const at = side + GAPS + gap * GAP_WORDS
      const fromStart = (start - sides[at]!) | 0
      const toEnd = (sides[at + END]! - end) | 0
      if (((start - sides[at + END]!) | 0) >= 0 || ((end - sides[at]!) | 0) <= 0) {
        gap++
        continue
      }
      isFound = true
      this.foundSeconds = sides[at + SECONDS]!
      this.foundNanos = sides[at + NANOS]!
      if (fromStart <= 0 && toEnd <= 0) {
        this.#remove(side, gap)
        continue
      }
      // Of a gap that is filled in its middle, the larger rest stays one.
      if (fromStart > toEnd) sides[at + END] = start
      else sides[at] = end
      gap++
    }
    return isFound
  }

  /** All below was acknowledged: returns how many bytes of it were never seen. */
  acknowledge(side: number, acknowledgement: number): number {
    const sides = this.#sides
    let bytes = 0
    while (sides[side + GAP_COUNT]! > 0) {
      const at = side + GAPS
      const above = (sides[at + END]! - acknowledgement) | 0
      const below = (acknowledgement - sides[at]!) | 0
      if (below <= 0) break
      bytes += above > 0 ? below : below + above
      if (above > 0) {
        sides[at] = acknowledgement
        break
      }
      this.#remove(side, 0)
    }
    return bytes
  }

  #remove(side: number, gap: number): void {
    const sides = this.#sides
    const first = side + GAPS
    const count = sides[side + GAP_COUNT]! - 1
    sides.copyWithin(first + gap * GAP_WORDS, first + (gap + 1) * GAP_WORDS, first + (count + 1) * GAP_WORDS)
    sides[side + GAP_COUNT] = count
  }
}
