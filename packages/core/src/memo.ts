const MULTIPLIER = 0x9e3779b1

/**
 * What bytes of a packet mean, remembered by those bytes: consecutive packets say mostly the same things in the same words. Direct-mapped, so its
 * size is bounded: new bytes take the place of whatever else had the same slot.
 *
 * |  slot  |  -> word count, words ..., two more words, meaning
 */
export class Memo<T> {
  readonly #slots: number
  readonly #maxWords: number
  readonly #words: Int32Array
  readonly #counts: Int32Array
  readonly #meanings: (T | undefined)[]
  readonly #stride: number
  #slot = 0

  /** `slots` is a power of two; bytes longer than `maxWords` words of 4 are not remembered. */
  constructor(slots: number, maxWords: number) {
    this.#slots = slots
    this.#maxWords = maxWords
    this.#stride = maxWords + 2
    this.#words = new Int32Array(slots * this.#stride)
    this.#counts = new Int32Array(slots)
    this.#meanings = new Array<T | undefined>(slots).fill(undefined)
  }

  /**
   * What the `words` words at `offset` were last said to mean, together with two more that stand elsewhere; `undefined` if they were not, and then `set` says
   * it.
   */
  get(view: DataView, offset: number, words: number, first = 0, second = 0): T | undefined {
    if (words > this.#maxWords) return undefined
    const slot = hashOf(view, offset, words, first, second) & (this.#slots - 1)
    this.#slot = slot
    if (this.#counts[slot] !== words) return undefined
    const start = slot * this.#stride
    if (this.#words[start] !== first || this.#words[start + 1] !== second) return undefined
    for (let index = 0; index < words; index++) {
      if (this.#words[start + 2 + index] !== view.getInt32(offset + index * 4)) return undefined
    }
    return this.#meanings[slot]
  }

  /** Remembers the meaning of what `get` was just asked for. */
  set(view: DataView, offset: number, words: number, meaning: T, first = 0, second = 0): T {
    if (words > this.#maxWords) return meaning
    const start = this.#slot * this.#stride
    this.#words[start] = first
    this.#words[start + 1] = second
    for (let index = 0; index < words; index++) this.#words[start + 2 + index] = view.getInt32(offset + index * 4)
    this.#counts[this.#slot] = words
    this.#meanings[this.#slot] = meaning
    return meaning
  }
}

/** Two sums side by side, of every second word each, so that neither waits for the other. */
function hashOf(view: DataView, offset: number, words: number, first: number, second: number): number {
  let even = words ^ first
  let odd = second
  const end = offset + words * 4
  let at = offset
  for (; at + 4 < end; at += 8) {
    even = (Math.imul(even, MULTIPLIER) + view.getInt32(at)) | 0
    odd = (Math.imul(odd, MULTIPLIER) + view.getInt32(at + 4)) | 0
  }
  if (at < end) even = (Math.imul(even, MULTIPLIER) + view.getInt32(at)) | 0
  return mixed(mixed(even) ^ odd)
}

/** Each bit of the number makes a difference to the lower ones. */
function mixed(hash: number): number {
  const product = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return product ^ (product >>> 15)
}
