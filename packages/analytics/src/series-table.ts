const KEY_WORDS = 5

/** The row that takes what has no series of its own in a full table. */
export const OVERFLOW: number = 0

/**
 * Sums by series: a key of five 32-bit numbers, and some figures, each for the interval that is open and over all. Bounded: what comes when all series are
 * taken is summed in one row. Nothing is allocated after construction.
 */
export class SeriesTable {
  /** By row * figures + figure: the sums of the open interval, and those of all intervals that have ended. */
  readonly interval: Float64Array
  readonly ended: Float64Array
  readonly figures: number
  /** How many rows there are; row 0 is the overflow. */
  rows = 1
  readonly #maxRows: number
  readonly #keys: Int32Array
  /** Rows by hash, open addressing; 0 = free. */
  readonly #slots: Int32Array
  readonly #mask: number
  #latest = OVERFLOW

  constructor(maxSeries: number, figures: number) {
    this.figures = figures
    this.#maxRows = maxSeries + 1
    this.interval = new Float64Array(this.#maxRows * figures)
    this.ended = new Float64Array(this.#maxRows * figures)
    this.#keys = new Int32Array(this.#maxRows * KEY_WORDS)
    const slots = 2 ** Math.ceil(Math.log2(this.#maxRows * 2))
    this.#slots = new Int32Array(slots)
    this.#mask = slots - 1
  }

  /** The row of a key, a new one where there is none yet and room for it. */
  rowOf(a: number, b: number, c: number, d: number, e: number): number {
    // Packets come in runs.
    if (this.#latest !== OVERFLOW && this.#is(this.#latest, a, b, c, d, e)) return this.#latest
    let hash = Math.imul(a ^ Math.imul(b ^ Math.imul(c, 0x2c1b3c6d), 0x297a2d39), 0x165667b1)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d ^ Math.imul(e, 0x27d4eb2f), 0x5be0cd19)
    let slot = (hash ^ (hash >>> 15)) & this.#mask
    for (let row = this.#slots[slot]!; row !== 0; row = this.#slots[slot]!) {
      if (this.#is(row, a, b, c, d, e)) {
        this.#latest = row
        return row
      }
      slot = (slot + 1) & this.#mask
    }
    if (this.rows === this.#maxRows) return OVERFLOW
    const row = this.rows++
    this.#slots[slot] = row
    this.#keys.set([a, b, c, d, e], row * KEY_WORDS)
    this.#latest = row
    return row
  }

  /** The numbers of a row's key; not of the overflow, which has none. */
  keyOf(row: number): Int32Array {
    return this.#keys.subarray(row * KEY_WORDS, (row + 1) * KEY_WORDS)
  }

  /** The sum since the beginning. */
  total(row: number, figure: number): number {
    const at = row * this.figures + figure
    return this.ended[at]! + this.interval[at]!
  }

  /** Begins the next interval. */
  endInterval(): void {
    const used = this.rows * this.figures
    for (let at = 0; at < used; at++) this.ended[at] = this.ended[at]! + this.interval[at]!
    this.interval.fill(0, 0, used)
  }

  #is(row: number, a: number, b: number, c: number, d: number, e: number): boolean {
    const keys = this.#keys
    const at = row * KEY_WORDS
    return keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d && keys[at + 4] === e
  }
}
