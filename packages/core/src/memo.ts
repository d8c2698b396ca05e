/**
 * What bytes of a packet mean, remembered by those bytes: consecutive packets say mostly the same things in the same words. Direct-mapped, so its
 * size is bounded: new bytes take the place of whatever else had the same slot.
 *
 * |  slot  |  -> word count, words ..., meaning
 */
export class Memo<T> {
  readonly #slots: number
  readonly #maxWords: number
  readonly #words: Int32Array
  readonly #counts: Int32Array
  readonly #meanings: (T | undefined)[]
  #slot = 0

  /** `slots` is a power of two; bytes longer than `maxWords` words of 4 are not remembered. */
  constructor(slots: number, maxWords: number) {
    this.#slots = slots
    this.#maxWords = maxWords
    this.#words = new Int32Array(slots * maxWords)
    this.#counts = new Int32Array(slots)
    this.#meanings = new Array<T | undefined>(slots).fill(undefined)
  }

  /** What the `words` words at `offset` were last said to mean; `undefined` if they were not, and then `set` says it. */
  get(view: DataView, offset: number, words: number): T | undefined {
    if (words > this.#maxWords) return undefined
    let hash = words
    for (let index = 0; index < words; index++) {
      hash = Math.imul(hash ^ view.getInt32(offset + index * 4), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    const slot = hash & (this.#slots - 1)
    this.#slot = slot
    if (this.#counts[slot] !== words) return undefined
    const start = slot * this.#maxWords
    for (let index = 0; index < words; index++) {
      if (this.#words[start + index] !== view.getInt32(offset + index * 4)) return undefined
    }
    return this.#meanings[slot]
  }

  /** Remembers the meaning of the bytes that `get` was just asked for. */
  set(view: DataView, offset: number, words: number, meaning: T): T {
    if (words > this.#maxWords) return meaning
    const start = this.#slot * this.#maxWords
    for (let index = 0; index < words; index++) this.#words[start + index] = view.getInt32(offset + index * 4)
    this.#counts[this.#slot] = words
    this.#meanings[this.#slot] = meaning
    return meaning
  }
}
