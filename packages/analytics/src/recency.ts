import type { Slab } from './slab.ts'

/**
 * The order in which rows were last used. So that a packet touches no other rows than its own, a row moves to the front once an *epoch* only, and an epoch
 * lasts until a sixteenth of the table has been opened anew: what is given up is among the least recently used, and the same again for the same packets.
 * A table of fewer than 16 rows has no epochs: there each use counts.
 */
export class Recency {
  /** The stamp of rows that need not move: see `stamp`. */
  epoch = 0
  readonly #epochLength: number
  #openedInEpoch = 0
  // Row 0, which is no flow's, stands at both ends of the order.
  readonly #newer: Int32Array
  readonly #older: Int32Array

  constructor(rows: number, slab: Slab) {
    this.#epochLength = rows >> 4
    this.#newer = slab.ints(rows + 1)
    this.#older = slab.ints(rows + 1)
  }

  /** What a row has to be marked with when it was moved; a row that has the mark `epoch` stays where it is. */
  get stamp(): number {
    return this.#epochLength === 0 ? -1 : this.epoch
  }

  /** The row that was not used for longest; 0 if there is none. */
  get oldest(): number {
    return this.#newer[0]!
  }

  /** The row that was used after this one; 0 if this is the latest. */
  newerThan(row: number): number {
    return this.#newer[row]!
  }

  /** All rows. */
  get rows(): number[] {
    const rows: number[] = []
    for (let row = this.oldest; row !== 0; row = this.newerThan(row)) rows.push(row)
    return rows
  }

  /** Takes in a row, as the latest. */
  add(row: number): void {
    if (++this.#openedInEpoch >= this.#epochLength) {
      this.#openedInEpoch = 0
      this.epoch = (this.epoch + 1) & 0x3fff_ffff
    }
    this.#link(row)
  }

  moveToFront(row: number): void {
    this.remove(row)
    this.#link(row)
  }

  remove(row: number): void {
    const newer = this.#newer[row]!
    const older = this.#older[row]!
    this.#older[newer] = older
    this.#newer[older] = newer
  }

  clear(): void {
    this.#newer[0] = 0
    this.#older[0] = 0
  }

  #link(row: number): void {
    const latest = this.#older[0]!
    this.#newer[row] = 0
    this.#older[row] = latest
    this.#newer[latest] = row
    this.#older[0] = row
  }
}
