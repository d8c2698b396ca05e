/** Numbers of 32 bits in a key. */
export const KEY_WORDS: number = 5

/** The row of what has no series of its own in a full table. */
export const OVERFLOW: number = 0

/** Gives each key of five numbers a row, from 1 up. Bounded: what comes when all are taken is in row 0. Nothing is allocated after construction. */
export class SeriesTable {
  /** How many rows there are, with row 0. */
  rows = 1
  readonly keys: Int32Array
  readonly #maxRows: number
  /** Rows by hash, open addressing; 0 = free. */
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(maxSeries: number) {
    this.#maxRows = maxSeries + 1
    this.keys = new Int32Array(this.#maxRows * KEY_WORDS)
    const slots = 2 ** Math.ceil(Math.log2(this.#maxRows * 2))
    this.#slots = new Int32Array(slots)
    this.#mask = slots - 1
  }

  /** The row of a key, a new one where there is none yet and room for it. */
  rowOf(a: number, b = 0, c = 0, d = 0, e = 0): number {
    let hash = Math.imul(a ^ Math.imul(b ^ Math.imul(c, 0x2c1b3c6d), 0x297a2d39), 0x165667b1)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d ^ Math.imul(e, 0x27d4eb2f), 0x5be0cd19)
    let slot = (hash ^ (hash >>> 15)) & this.#mask
    for (let row = this.#slots[slot]!; row !== 0; row = this.#slots[slot]!) {
      if (this.#is(row, a, b, c, d, e)) return row
      slot = (slot + 1) & this.#mask
    }
    if (this.rows === this.#maxRows) return OVERFLOW
    const row = this.rows++
    this.#slots[slot] = row
    this.keys.set([a, b, c, d, e], row * KEY_WORDS)
    return row
  }

  /** The numbers of a row's key; not of row 0, which has none. */
  keyOf(row: number): Int32Array {
    return this.keys.subarray(row * KEY_WORDS, (row + 1) * KEY_WORDS)
  }

  #is(row: number, a: number, b: number, c: number, d: number, e: number): boolean {
    const { keys } = this
    const at = row * KEY_WORDS
    return keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d && keys[at + 4] === e
  }
}
