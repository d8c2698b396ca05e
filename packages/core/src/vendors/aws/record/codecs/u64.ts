import type { Quantity } from '../../../../telemetry/quantity.ts'
import { type Codec, fills } from './codec.ts'

const MOST = 2n ** 64n - 1n
const TWO_POW_32 = 0x1_0000_0000
/** From here on in the upper word, a number is not exact. */
const SAFE_UPPER = 0x20_0000
const DIGITS = /^(?:0|[1-9][0-9]{0,19})$/

/** The 8 bytes at `offset`, exact. */
export function readU64(view: DataView, offset: number): Quantity {
  const upper = view.getUint32(offset)
  return upper < SAFE_UPPER ? upper * TWO_POW_32 + view.getUint32(offset + 4) : view.getBigUint64(offset)
}

/** 8 bytes, big-endian: a number up to 2^53 - 1, a bigint above. */
export const u64: Codec = {
  type: 'unsigned64',
  allowed: 'a whole number from 0 to 18446744073709551615, above 9007199254740991 as bigint, in JSON as text',
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: DIGITS.source },
    ],
  },
  lengthIn: (_view, _offset, room) => (fills(8, room) ? 8 : -1),
  read: (view, offset) => readU64(view, offset),
  put(value, view, offset) {
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) return -1
      view.setUint32(offset, Math.floor(value / TWO_POW_32))
      view.setUint32(offset + 4, value % TWO_POW_32)
      return 8
    }
    // A bigint that a number could be is not what would be read again.
    if (typeof value !== 'bigint' || value <= BigInt(Number.MAX_SAFE_INTEGER) || value > MOST) return -1
    view.setBigUint64(offset, value)
    return 8
  },
  fromJson(json) {
    if (typeof json !== 'string') return typeof json === 'number' ? json : undefined
    if (!DIGITS.test(json)) return undefined
    const value = BigInt(json)
    if (value > MOST) return undefined
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? value : Number(value)
  },
}
