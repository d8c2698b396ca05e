import { Slab } from '../slab.ts'

/** Words of a segment: its sequence numbers [START, END), when it was sent, and the number of the next one in its list. */
export const SEGMENT = { START: 0, END: 1, SECONDS: 2, NANOS: 3, NEXT: 4, SEGMENT_WORDS: 5 } as const

const { NEXT, SEGMENT_WORDS } = SEGMENT

/** Room for `most` segments, which have numbers from 1 up. */
export class SegmentPool {
  /** SEGMENT_WORDS of each number. */
  readonly words: Int32Array
  readonly #most: number
  /** Numbers up to here are or were used; those given back are a list. */
  #used = 0
  #free = 0

  constructor(most: number) {
    this.#most = most
    this.words = new Slab(SEGMENT_WORDS * (most + 1)).ints(SEGMENT_WORDS * (most + 1))
  }

  /** A number that is free; 0 if there is none. Its words are what they were. */
  take(): number {
    const segment = this.#free
    if (segment === 0) return this.#used < this.#most ? ++this.#used : 0
    this.#free = this.words[segment * SEGMENT_WORDS + NEXT]!
    return segment
  }

  giveBack(segment: number): void {
    this.words[segment * SEGMENT_WORDS + NEXT] = this.#free
    this.#free = segment
  }
}
