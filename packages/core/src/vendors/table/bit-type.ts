import type { ValueType } from '../../telemetry/name.ts'
import type { FieldValue } from '../../telemetry/packet.ts'
import type { Quantity } from '../../telemetry/quantity.ts'

export const BIT_TYPE_NAMES = ['uint', 'int', 'boolean'] as const
export type BitTypeName = (typeof BIT_TYPE_NAMES)[number]

/** A value of 1 to 64 bits. */
export interface BitType {
  readonly valueType: ValueType
  read(bits: Quantity): FieldValue | undefined
  /** `undefined` for what is no such value; what does not fit is not looked at. */
  write(value: unknown): bigint | undefined
}

/** A whole number of `count` bits, most significant first. */
export function unsignedType(count: number): BitType {
  return { valueType: count > 63 ? 'unsigned64' : 'integer', read: (bits) => bits, write: wholeNumber }
}

/** A whole number in two's complement. */
export function signedType(count: number): BitType {
  const modulus = 1n << BigInt(count)
  return {
    valueType: 'integer',
    read(bits) {
      const signed = BigInt.asIntN(count, BigInt(bits))
      return BigInt(Number(signed)) === signed && Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
    },
    write(value) {
      const whole = wholeNumber(value)
      if (whole === undefined || whole !== BigInt.asIntN(count, whole)) return undefined
      return whole < 0n ? whole + modulus : whole
    },
  }
}

/** 1 is true, 0 is false, all else is neither. */
export const BOOLEAN_TYPE: BitType = {
  valueType: 'boolean',
  read: (bits) => (bits === 1 ? true : bits === 0 ? false : undefined),
  write: (value) => (typeof value === 'boolean' ? BigInt(value) : undefined),
}

/** A number that stands for a text. One that stands for none is its own decimal digits. */
export function enumType(texts: ReadonlyMap<bigint, string>): BitType {
  const numbers = new Map([...texts].map(([number, text]) => [text, number]))
  return {
    valueType: 'text',
    read: (bits) => texts.get(BigInt(bits)) ?? String(bits),
    write(value) {
      if (typeof value !== 'string') return undefined
      if (!/^(0|[1-9]\d{0,19})$/.test(value)) return numbers.get(value)
      return texts.has(BigInt(value)) ? undefined : BigInt(value)
    },
  }
}

function wholeNumber(value: unknown): bigint | undefined {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)) ? BigInt(value) : undefined
}
