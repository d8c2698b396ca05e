import { readBits, writeBits } from '../table/bits.ts'
import { asksFor, type HopMetadatum, wordsOf } from './hop-metadata.ts'

/** Bytes of the INT-MD header, behind which the stack stands. */
export const HEADER_BYTES = 12
export const VERSION = 2
/** Where these stand in the header. */
const DOMAIN_INSTRUCTIONS = 8
const MOST_WORDS = 28
const ALL_ONES = -1n

/** All bits of a metadatum set: the hop had no such value (5.8). */
const INVALID = '-'

/**
 * What the hops that a packet passed have added to an INT-MD option, the newest first: `hopWords` words each.
 *
 * Where a domain has instructions of its own, the source may have added more than the other hops, and only the domain knows how much: then nobody else can tell
 * the hops apart.
 */
export class HopStack {
  readonly #view: DataView
  readonly #start: number
  readonly #bitmap: number
  readonly #hopWords: number
  readonly hops: number

  private constructor(view: DataView, offset: number, hopWords: number, hops: number) {
    this.#view = view
    this.#start = offset + HEADER_BYTES
    this.#bitmap = view.getUint16(offset + 4)
    this.#hopWords = hopWords
    this.hops = hops
  }

  /** `undefined` where the option's data [offset, end) is not of this version, or its hops cannot be told apart. */
  static of(view: DataView, offset: number, end: number): HopStack | undefined {
    const words = (end - offset - HEADER_BYTES) / 4
    if (!Number.isInteger(words) || words < 0 || words > MOST_WORDS || view.getUint8(offset) >> 4 !== VERSION) return undefined
    if (view.getUint16(offset + DOMAIN_INSTRUCTIONS) !== 0) return undefined
    const hopWords = view.getUint8(offset + 2) & 0x1f
    const hops = words === 0 ? 0 : words / hopWords
    return Number.isInteger(hops) && wordsBefore(view.getUint16(offset + 4), 16) <= hopWords
      ? new HopStack(view, offset, hopWords, hops)
      : undefined
  }

  /** One value for each hop, in decimal, `-` for one that the hop did not have; `undefined` where hops were not asked for it. */
  values({ bit, first, count }: HopMetadatum): readonly string[] | undefined {
    if (!asksFor(this.#bitmap, bit)) return undefined
    const word = wordsBefore(this.#bitmap, bit)
    return Array.from({ length: this.hops }, (_, hop) => {
      const at = this.#start + (hop * this.#hopWords + word) * 4
      return this.#isInvalid(at, wordsOf(bit)) ? INVALID : String(readBits(this.#view, at, first, count))
    })
  }

  #isInvalid(at: number, words: number): boolean {
    return this.#view.getInt32(at) === -1 && this.#view.getInt32(at + (words - 1) * 4) === -1
  }
}

/** An INT-MD option's data in which hops say this and nothing more, each value as `HopStack` reads it. `undefined` for what no option holds. */
export function stackBytes({ bit, first, count }: HopMetadatum, values: readonly string[]): Uint8Array | undefined {
  const words = wordsOf(bit)
  if (values.length * words > MOST_WORDS) return undefined
  const bytes = new Uint8Array(HEADER_BYTES + values.length * words * 4)
  bytes[0] = VERSION << 4
  bytes[2] = words
  writeBits(bytes, 32 + bit, 1, 1n)
  for (const [hop, value] of values.entries()) {
    const at = (HEADER_BYTES + hop * words * 4) * 8
    if (value === INVALID) {
      writeBits(bytes, at, words * 32, ALL_ONES)
    } else {
      if (!/^(0|[1-9]\d{0,19})$/.test(value) || BigInt(value) >> BigInt(count) !== 0n) return undefined
      // All ones in all bits would be read as no value.
      if (count === words * 32 && BigInt(value) === BigInt.asUintN(count, ALL_ONES)) return undefined
      writeBits(bytes, at + first, count, BigInt(value))
    }
  }
  return bytes
}

/** How many words of a hop's metadata stand in front of what this bit asks for. */
function wordsBefore(bitmap: number, bit: number): number {
  let words = 0
  for (let before = 0; before < bit; before++) if (asksFor(bitmap, before)) words += wordsOf(before)
  return words
}
