/**
 * One block of zeros, given out piece by piece. The system makes so large a block real memory page by page, as it is written to; several smaller ones may be
 * cleared at once, used or not.
 */
export class Slab {
  readonly #buffer: ArrayBuffer
  #taken = 0

  constructor(words: number) {
    this.#buffer = new ArrayBuffer(words * 4)
  }

  /** The next `length` 32-bit numbers. */
  ints(length: number): Int32Array {
    const ints = new Int32Array(this.#buffer, this.#taken, length)
    this.#taken += length * 4
    return ints
  }
}
