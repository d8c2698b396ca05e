import type { PacketOption } from './telemetry/packet.ts'
import type { Quantity } from './telemetry/quantity.ts'

/** An option as it stood in the packet. */
export interface RawOption {
  readonly optionClass: number
  /** All 8 bits. */
  readonly type: number
  /** A copy, 0 to 124 bytes. */
  readonly data: Uint8Array
}

/** What a decoder of one's own says of an option, by names of its own; numbers are finite, and whole ones beyond 2^53 - 1 a bigint. */
export type DecodedFields = Readonly<Record<string, string | Quantity | boolean>>

/**
 * Decodes the options of one class; `undefined` for one that it does not know. Called for each such option of each packet, in order, so that it may remember
 * what it saw. What throws, or returns what is no plain object of such values, is counted; the option then stays undecoded.
 */
export type EnterpriseDecoder = (option: RawOption) => DecodedFields | undefined

/** Why a decoder of one's own gave no value. */
export type DecoderReason = 'decoder-failed' | 'decoder-declined'

/** Decoders of one's own, by option class. */
export class EnterpriseDecoders {
  readonly #decoders = new Map<number, EnterpriseDecoder>()
  readonly #failures = new Map<number, number>()

  get failures(): ReadonlyMap<number, number> {
    return this.#failures
  }

  /** Throws RangeError or TypeError on what is no class or no function. */
  add(optionClass: number, decoder: EnterpriseDecoder): void {
    if (!Number.isInteger(optionClass) || optionClass < 0 || optionClass > 0xffff)
      throw new RangeError(`addEnterpriseDecoder: optionClass: ${optionClass} is not 0 to 0xffff`)
    if (typeof decoder !== 'function') throw new TypeError('addEnterpriseDecoder: decoder: a function is needed')
    this.#decoders.set(optionClass, decoder)
  }

  isFor({ class: optionClass }: PacketOption): boolean {
    return this.#decoders.size > 0 && this.#decoders.has(Number(optionClass))
  }

  /** What the decoder of its class makes of an option: with one field it has that field's name and value, with several they are its value. */
  decode(option: PacketOption): { readonly option: PacketOption; readonly reason?: DecoderReason } {
    const { name: _, value: __, issue: ___, ...raw } = option
    const optionClass = Number(option.class)
    let fields: DecodedFields | undefined
    try {
      fields = this.#decoders.get(optionClass)?.({ optionClass, type: option.type, data: bytesOf(option.data) })
      if (fields !== undefined && !areFields(fields)) throw new TypeError('no plain object of values')
    } catch {
      this.#failures.set(optionClass, (this.#failures.get(optionClass) ?? 0) + 1)
      return { option: raw, reason: 'decoder-failed' }
    }
    const [first, ...more] = Object.entries(fields ?? {})
    if (fields === undefined || first === undefined) return { option: raw, reason: 'decoder-declined' }
    const [name, value] = more.length === 0 ? first : [`${option.class}/${option.type}`, { ...fields }]
    return { option: { ...raw, name, value } }
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16))
}

/** Values that a record can carry, under names that no object has by itself. */
function areFields(fields: unknown): boolean {
  if (typeof fields !== 'object' || fields === null) return false
  if (Object.getPrototypeOf(fields) !== Object.prototype && Object.getPrototypeOf(fields) !== null) return false
  return Object.entries(fields).every(
    ([name, value]) =>
      !(name in Object.prototype) &&
      (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value)),
  )
}
