import type { Slab } from './slab.ts'

/** Seconds that can be told apart, a power of two; what is due later is looked at once more on the way. */
const SLOTS = 1024

/**
 * Rows by the second in which they are to be looked at: a wheel of 1024 slots, each a chain of rows. A row is not moved when its flow is used, only when its
 * second has come and it turns out that it was: a packet costs nothing.
 */
export class FlowTimers {
  static readonly EXTRA_WORDS: number = 2 * SLOTS
  readonly #rows: number
  // The chain of a slot begins at the node behind the rows' that is the slot's; 0 ends a chain.
  readonly #next: Int32Array
  readonly #previous: Int32Array

  /** Takes 2 * rows + EXTRA_WORDS + 2 words of the slab. */
  constructor(rows: number, slab: Slab) {
    this.#rows = rows
    this.#next = slab.ints(rows + 1 + SLOTS)
    this.#previous = slab.ints(rows + 1 + SLOTS)
  }

  /** The first row to be looked at in this second; 0 if there is none. */
  first(second: number): number {
    return this.#next[this.#nodeOf(second)]!
  }

  /** The one after it; to be asked before the row is set again or taken out. */
  after(row: number): number {
    return this.#next[row]!
  }

  /** Puts in a row that is not there. */
  set(row: number, second: number): void {
    const node = this.#nodeOf(second)
    const first = this.#next[node]!
    this.#next[row] = first
    this.#previous[row] = node
    this.#next[node] = row
    if (first !== 0) this.#previous[first] = row
  }

  remove(row: number): void {
    const next = this.#next[row]!
    const previous = this.#previous[row]!
    this.#next[previous] = next
    if (next !== 0) this.#previous[next] = previous
  }

  /** The seconds after `before` and up to `now` whose rows are to be looked at: no slot twice. */
  static firstOf(before: number, now: number): number {
    return Math.max(before + 1, now - SLOTS + 1)
  }

  #nodeOf(second: number): number {
    // The remainder, of any whole number, and without a division.
    return this.#rows + 1 + (second & (SLOTS - 1))
  }
}
