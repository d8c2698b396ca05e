/** As much as is written to a file in one call. */
const SLAB_BYTES = 1_048_576
/** The most that is cut from a slab in one piece: of a larger one, too much of each slab would be left over. */
export const MOST_CUT_BYTES: number = 16_384

/**
 * Where the bytes of documents stand, one behind the other. An array of its own for each document costs as much as the document itself, so they are cut from
 * slabs, which are written once: what was cut stays as it is.
 */
export class Slab {
  // Asking an array for its buffer is slow.
  #buffer = new ArrayBuffer(SLAB_BYTES)
  #bytes = new Uint8Array(this.#buffer)
  #used = 0

  /** All of the slab, with room for `most` bytes (at most `MOST_CUT_BYTES`) from `begin` on. */
  open(most: number): Uint8Array {
    if (this.#used + most > SLAB_BYTES) {
      this.#buffer = new ArrayBuffer(SLAB_BYTES)
      this.#bytes = new Uint8Array(this.#buffer)
      this.#used = 0
    }
    return this.#bytes
  }

  /** Where the next piece begins. */
  get begin(): number {
    return this.#used
  }

  /** The piece that ends at `end`. */
  cut(end: number): Uint8Array {
    const begin = this.#used
    this.#used = end
    return new Uint8Array(this.#buffer, begin, end - begin)
  }
}
