import type { Slab } from './slab.ts'

/** Rows from 1 up, given away in order; then those that were given back, the last one first. */
export class RowPool {
  /** Rows up to here are or were used. */
  used = 0
  readonly #rows: number
  readonly #free: Int32Array
  #freeRows = 0

  /** Takes `rows` words of the slab. */
  constructor(rows: number, slab: Slab) {
    this.#rows = rows
    this.#free = slab.ints(rows)
  }

  get isEmpty(): boolean {
    return this.#freeRows === 0 && this.used === this.#rows
  }

  take(): number {
    return this.#freeRows > 0 ? this.#free[--this.#freeRows]! : ++this.used
  }

  giveBack(row: number): void {
    this.#free[this.#freeRows++] = row
  }
}
