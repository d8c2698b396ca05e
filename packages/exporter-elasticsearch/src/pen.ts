import { MOST_CUT_BYTES, type Slab } from './slab.ts'

const ZERO = 0x30
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const DELETE = 0x7f
/** Up to here a loop is faster than the call of `set`. */
const SHORT_BYTES = 32

/**
 * Writes JSON as bytes into a slab, without a text in between. It knows the plain values only; once it was given another one, the piece comes to nothing and
 * must be made in another way.
 */
export class Pen {
  readonly #slab: Slab
  readonly #encoder = new TextEncoder()
  #bytes: Uint8Array
  #at = 0
  #isPlain = false

  constructor(slab: Slab) {
    this.#slab = slab
    this.#bytes = slab.open(0)
  }

  /** Begins a piece of at most `MOST_CUT_BYTES`. */
  begin(): void {
    this.#bytes = this.#slab.open(MOST_CUT_BYTES)
    this.#at = this.#slab.begin
    this.#isPlain = true
  }

  /** The piece; nothing if a value was none of the plain ones. */
  end(): Uint8Array | undefined {
    return this.#isPlain ? this.#slab.cut(this.#at) : undefined
  }

  /** All that is written to. */
  get page(): Uint8Array {
    return this.#bytes
  }

  /** Where the next byte stands in it, for `again`. */
  get at(): number {
    return this.#at
  }

  /** JSON that is ready. */
  json(fragment: Uint8Array): void {
    const bytes = this.#bytes
    const at = this.#at
    const { length } = fragment
    if (length > SHORT_BYTES) bytes.set(fragment, at)
    else for (let index = 0; index < length; index++) bytes[at + index] = fragment[index]!
    this.#at = at + length
  }

  /** JSON that is text; it needs three bytes of room for each unit of UTF-16 at most. */
  encoded(text: string): void {
    this.#at += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#at)).written
  }

  /** What stands from `start` to `end` once more. */
  again(start: number, end: number): void {
    this.#bytes.copyWithin(this.#at, start, end)
    this.#at += end - start
  }

  /** What stands between quotes; plain is what is ASCII and needs no escape. */
  text(text: string): void {
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code < SPACE || code >= DELETE || code === QUOTE || code === BACKSLASH) this.#isPlain = false
      bytes[at++] = code
    }
    this.#at = at
  }

  /** A number; plain is a whole one from 0 below 2^31. */
  number(value: number): void {
    const rest = value | 0
    if (rest !== value || rest < 0) {
      this.#isPlain = false
      return
    }
    this.#digits(rest, digitCount(rest))
  }

  /** Nanoseconds within a second, with all nine digits. */
  nanos(value: number): void {
    const rest = value | 0
    if (rest !== value || rest < 0 || rest >= 1e9) this.#isPlain = false
    else this.#digits(rest, 9)
  }

  #digits(value: number, count: number): void {
    const bytes = this.#bytes
    let rest = value
    for (let at = this.#at + count - 1; at >= this.#at; at--) {
      const next = (rest / 10) | 0
      bytes[at] = ZERO + rest - next * 10
      rest = next
    }
    this.#at += count
  }
}

function digitCount(value: number): number {
  if (value < 1e3) return value < 10 ? 1 : value < 100 ? 2 : 3
  if (value < 1e6) return value < 1e4 ? 4 : value < 1e5 ? 5 : 6
  if (value < 1e9) return value < 1e7 ? 7 : value < 1e8 ? 8 : 9
  return 10
}
