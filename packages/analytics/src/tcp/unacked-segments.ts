import { SEGMENT, SegmentPool } from './segment-pool.ts'
import { SIDE, SIDE_FLAGS } from './verdict-layout.ts'

const { BASE, FLAGS, HEAD, TAIL, COUNT, LOWEST, HIGHEST } = SIDE
const { IN_ORDER } = SIDE_FLAGS
const { START, END, SECONDS, NANOS, NEXT, SEGMENT_WORDS } = SEGMENT

/** tshark's own bound. */
const MOST_OF_A_SIDE = 10_000
const QUARTER = 2 ** 30

/**
 * The segments of each side that were not acknowledged yet, oldest first, as lists in one pool: what is beyond its size, or beyond 10,000 of one side, is not
 * kept, and so gives no time to its acknowledgement. A side is given by the offset of its row in `sides`.
 */
export class UnackedSegments {
  /** Segments that there was no room for. */
  unkept = 0
  /** Of the segment whose end `acknowledge` found. */
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

  isFull(side: number): boolean {
    return this.#sides[side + COUNT]! >= MOST_OF_A_SIDE
  }

  /** Sequence numbers [start, end) were sent. */
  add(side: number, start: number, end: number, seconds: number, nanos: number): void {
    const segments = this.#segments
    const segment = this.#pool.take()
    if (segment === 0) {
      this.unkept++
      return
    }
    const at = segment * SEGMENT_WORDS
    segments[at + END] = end
    segments[at + SECONDS] = seconds
    segments[at + NANOS] = nanos
    this.#append(side, segment, start)
  }

  /** Removes what is acknowledged with this number, also in part; true if it is the end of a segment: then that one, or the oldest of several, was found. */
  acknowledge(side: number, acknowledgement: number): boolean {
    const sides = this.#sides
    const head = sides[side + HEAD]!
    if (head === 0) return false
    const distance = (acknowledgement - this.#segments[head * SEGMENT_WORDS + START]!) | 0
    if ((sides[side + FLAGS]! & IN_ORDER) === 0 || distance >= QUARTER || distance <= -QUARTER)
      return this.#acknowledgeAny(side, acknowledgement)
    return distance > 0 && this.#acknowledgeInOrder(side, acknowledgement)
  }

  /** The side's first sequence number has changed, from which lowest and highest are counted. */
  reorder(side: number): void {
    let segment = this.#sides[side + HEAD]!
    this.#empty(side)
    while (segment !== 0) {
      const at = segment * SEGMENT_WORDS
      const next = this.#segments[at + NEXT]!
      this.#append(side, segment, this.#segments[at + START]!)
      segment = next
    }
  }

  #append(side: number, segment: number, start: number): void {
    const sides = this.#sides
    const segments = this.#segments
    const at = segment * SEGMENT_WORDS
    const base = sides[side + BASE]!
    const end = segments[at + END]!
    const relativeStart = (start - base) >>> 0
    const relativeEnd = (end - base) >>> 0
    segments[at + START] = start
    segments[at + NEXT] = 0
    const tail = sides[side + TAIL]!
    let isInOrder = relativeStart < relativeEnd
    if (tail === 0) {
      sides[side + HEAD] = segment
      sides[side + LOWEST] = start
      sides[side + HIGHEST] = end
    } else {
      segments[tail * SEGMENT_WORDS + NEXT] = segment
      const lowest = (sides[side + LOWEST]! - base) >>> 0
      const highest = (sides[side + HIGHEST]! - base) >>> 0
      // As long as all are in order, the highest end is the last one's.
      isInOrder &&= (sides[side + FLAGS]! & IN_ORDER) !== 0 && relativeStart >= highest && relativeEnd - lowest < QUARTER
      if (relativeStart < lowest) sides[side + LOWEST] = start
      if (relativeEnd > highest) sides[side + HIGHEST] = end
    }
    sides[side + FLAGS] = isInOrder ? sides[side + FLAGS]! | IN_ORDER : sides[side + FLAGS]! & ~IN_ORDER
    sides[side + TAIL] = segment
    sides[side + COUNT] = sides[side + COUNT]! + 1
  }

  /** The same where segments are in order: what is acknowledged is in front. */
  #acknowledgeInOrder(side: number, acknowledgement: number): boolean {
    const sides = this.#sides
    const segments = this.#segments
    let isFound = false
    let segment = sides[side + HEAD]!
    let count = sides[side + COUNT]!
    while (segment !== 0) {
      const at = segment * SEGMENT_WORDS
      if (((acknowledgement - segments[at + START]!) | 0) <= 0) break
      const rest = (segments[at + END]! - acknowledgement) | 0
      if (rest > 0) {
        segments[at + START] = acknowledgement
        break
      }
      if (rest === 0) {
        isFound = true
        this.foundSeconds = segments[at + SECONDS]!
        this.foundNanos = segments[at + NANOS]!
      }
      const next = segments[at + NEXT]!
      this.#pool.giveBack(segment)
      segment = next
      count--
    }
    sides[side + HEAD] = segment
    sides[side + COUNT] = count
    if (segment === 0) sides[side + TAIL] = 0
    else sides[side + LOWEST] = segments[segment * SEGMENT_WORDS + START]!
    return isFound
  }

  /** The same by one comparison of each segment. */
  #acknowledgeAny(side: number, acknowledgement: number): boolean {
    const segments = this.#segments
    let isFound = false
    let segment = this.#sides[side + HEAD]!
    this.#empty(side)
    while (segment !== 0) {
      const at = segment * SEGMENT_WORDS
      const start = segments[at + START]!
      const end = segments[at + END]!
      const next = segments[at + NEXT]!
      if (acknowledgement === end) {
        if (!isFound) {
          this.foundSeconds = segments[at + SECONDS]!
          this.foundNanos = segments[at + NANOS]!
        }
        isFound = true
      }
      const isKept = ((acknowledgement - end) | 0) < 0
      if (isKept) this.#append(side, segment, ((start - acknowledgement) | 0) < 0 ? acknowledgement : start)
      else this.#pool.giveBack(segment)
      segment = next
    }
    return isFound
  }

  clear(side: number): void {
    let segment = this.#sides[side + HEAD]!
    this.#empty(side)
    while (segment !== 0) {
      const next = this.#segments[segment * SEGMENT_WORDS + NEXT]!
      this.#pool.giveBack(segment)
      segment = next
    }
  }

  #empty(side: number): void {
    this.#sides[side + HEAD] = 0
    this.#sides[side + TAIL] = 0
    this.#sides[side + COUNT] = 0
  }
}
