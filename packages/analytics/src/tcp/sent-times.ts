import { FIGURES } from './figures-layout.ts'
import { SEGMENT, SegmentPool } from './segment-pool.ts'

const { HEAD, TAIL, COUNT } = FIGURES
const { START, END, SECONDS, NANOS, NEXT, SEGMENT_WORDS } = SEGMENT

const MOST_OF_A_SIDE = 10_000

/**
 * When the segments were sent that have had no acknowledgement: a list of each side, in order, in one pool. What is beyond its size is not kept, and gives no
 * round trip. A side is given by the offset of its words.
 */
export class SentTimes {
  /** Of the segment that `acknowledge` found. */
  foundSeconds = 0
  foundNanos = 0
  readonly #sides: Int32Array
  readonly #pool: SegmentPool
  readonly #segments: Int32Array

  constructor(sides: Int32Array, most: number) {
    this.#sides = sides
    this.#pool = new SegmentPool(most)
    this.#segments = this.#pool.words
  }

  /** Sequence numbers [start, end) were sent, which follow all in the list. */
  add(side: number, start: number, end: number, seconds: number, nanos: number): void {
    const sides = this.#sides
    const segments = this.#segments
    const count = sides[side + COUNT]!
    const segment = count < MOST_OF_A_SIDE ? this.#pool.take() : 0
    if (segment === 0) return
    const at = segment * SEGMENT_WORDS
    segments[at + START] = start
    segments[at + END] = end
    segments[at + SECONDS] = seconds
    segments[at + NANOS] = nanos
    segments[at + NEXT] = 0
    if (count === 0) sides[side + HEAD] = segment
    else segments[sides[side + TAIL]! * SEGMENT_WORDS + NEXT] = segment
    sides[side + TAIL] = segment
    sides[side + COUNT] = count + 1
  }

  /** Removes all that is acknowledged. True if the last of it has a time: it began at `timed` or behind, where that is known. */
  acknowledge(side: number, acknowledgement: number, hasTimed: boolean, timed: number): boolean {
    const sides = this.#sides
    const segments = this.#segments
    let count = sides[side + COUNT]!
    let segment = sides[side + HEAD]!
    let isFound = false
    while (count > 0) {
      const at = segment * SEGMENT_WORDS
      if (((acknowledgement - segments[at + END]!) | 0) < 0) break
      isFound = !hasTimed || ((segments[at + START]! - timed) | 0) >= 0
      this.foundSeconds = segments[at + SECONDS]!
      this.foundNanos = segments[at + NANOS]!
      const next = segments[at + NEXT]!
      this.#pool.giveBack(segment)
      segment = next
      count--
    }
    sides[side + HEAD] = segment
    sides[side + COUNT] = count
    return isFound
  }

  clear(side: number): void {
    let segment = this.#sides[side + HEAD]!
    for (let count = this.#sides[side + COUNT]!; count > 0; count--) {
      const next = this.#segments[segment * SEGMENT_WORDS + NEXT]!
      this.#pool.giveBack(segment)
      segment = next
    }
    this.#sides[side + COUNT] = 0
  }
}
