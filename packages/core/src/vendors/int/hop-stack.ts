import type { Quantity } from '../../telemetry/quantity.ts'
import { readBits, writeBits } from '../table/bits.ts'
import { asksFor, CHECKSUM_BIT, type HopMetadatum, wordsOf } from './hop-metadata.ts'

/** Bytes of the INT-MD header, behind which the stack stands. */
export const HEADER_BYTES = 12
export const VERSION = 2
const MOST_WORDS = 28

/** What the hops that a packet passed have added to an INT-MD option, the newest first: `hopWords` words each. */
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

  /** `undefined` where the option's data [offset, end) is no whole stack of a version that is known. */
  static of(view: DataView, offset: number, end: number): HopStack | undefined {
    const words = (end - offset - HEADER_BYTES) / 4
    if (!Number.isInteger(words) || words < 0 || words > MOST_WORDS || view.getUint8(offset) >> 4 !== VERSION) return undefined
    const hopWords = view.getUint8(offset + 2) & 0x1f
    const hops = words === 0 ? 0 : words / hopWords
    return Number.isInteger(hops) && wordsBefore(view.getUint16(offset + 4), 16) <= hopWords
      ? new HopStack(view, offset, hopWords, hops)
      : undefined
  }

  /** One value for each hop; `undefined` where hops were not asked for it. */
  values({ bit, first, count }: HopMetadatum): readonly Quantity[] | undefined {
    if (!asksFor(this.#bitmap, bit)) return undefined
    const word = bit === CHECKSUM_BIT ? this.#hopWords - 1 : wordsBefore(this.#bitmap, bit)
    return Array.from({ length: this.hops }, (_, hop) =>
      readBits(this.#view, this.#start + (hop * this.#hopWords + word) * 4, first, count),
    )
  }
}

/** An INT-MD option's data in which hops say this and nothing more. `undefined` for more hops than it holds. */
export function stackBytes({ bit, first, count }: HopMetadatum, values: readonly bigint[]): Uint8Array | undefined {
  const words = wordsOf(bit)
  if (values.length * words > MOST_WORDS) return undefined
  const bytes = new Uint8Array(HEADER_BYTES + values.length * words * 4)
  bytes[0] = VERSION << 4
  bytes[2] = words
  writeBits(bytes, 32 + bit, 1, 1n)
  for (const [hop, value] of values.entries()) writeBits(bytes, (HEADER_BYTES + hop * words * 4) * 8 + first, count, value)
  return bytes
}

/** How many words of a hop's metadata stand in front of what this bit asks for. */
function wordsBefore(bitmap: number, bit: number): number {
  let words = 0
  for (let before = 0; before < bit; before++) if (asksFor(bitmap, before)) words += wordsOf(before)
  return words
}
