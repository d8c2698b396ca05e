import { hexText } from '../../../../wire/address.ts'
import { type Codec, fills } from './codec.ts'
import { readU64 } from './u64.ts'

const ACCOUNT_DIGITS = 12
const MOST_ACCOUNT = 10 ** ACCOUNT_DIGITS - 1
const SHORT_DIGITS = 8
const LONG_DIGITS = 17
const TWO_POW_32 = 0x1_0000_0000

/** An account's 12 digits, leading zeros included, as a number of 8 bytes. */
export const accountId: Codec = {
  type: 'text',
  allowed: 'a text of 12 digits',
  schema: { type: 'string', pattern: '^[0-9]{12}$' },
  lengthIn: (_view, _offset, room) => (fills(8, room) ? 8 : -1),
  read(view, offset) {
    const account = readU64(view, offset)
    return account > MOST_ACCOUNT ? undefined : String(account).padStart(ACCOUNT_DIGITS, '0')
  },
  put(value, view, offset) {
    if (typeof value !== 'string' || value.length !== ACCOUNT_DIGITS) return -1
    let account = 0
    for (let index = 0; index < ACCOUNT_DIGITS; index++) {
      const digit = value.charCodeAt(index) - 0x30
      if (digit < 0 || digit > 9) return -1
      account = account * 10 + digit
    }
    view.setUint32(offset, Math.floor(account / TWO_POW_32))
    view.setUint32(offset + 4, account % TWO_POW_32)
    return 8
  },
}

/** An identifier's hex digits behind its prefix, lower case: 8 are 4 bytes; 17 are 9, of which the first four bits are 0. */
export function hexId(prefix: string): Codec {
  return {
    type: 'text',
    allowed: `${prefix} and ${SHORT_DIGITS} or ${LONG_DIGITS} hex digits in lower case`,
    schema: { type: 'string', pattern: `^${prefix}(?:[0-9a-f]{${SHORT_DIGITS}}|[0-9a-f]{${LONG_DIGITS}})$` },
    lengthIn: (_view, _offset, room) => (fills(4, room) ? 4 : fills(9, room) ? 9 : -1),
    read(view, offset, length) {
      if (length === 4) return prefix + hexText(view, offset, offset + 4)
      const first = view.getUint8(offset)
      return first > 0xf ? undefined : prefix + first.toString(16) + hexText(view, offset + 1, offset + 9)
    },
    put(value, view, offset) {
      if (typeof value !== 'string' || !value.startsWith(prefix)) return -1
      const digits = value.length - prefix.length
      if (digits !== SHORT_DIGITS && digits !== LONG_DIGITS) return -1
      const bytes = (digits + 1) >> 1
      // From the last digit to the first, two a byte.
      let at = value.length - 1
      for (let byte = bytes - 1; byte >= 0; byte--) {
        const low = hexDigit(value.charCodeAt(at--))
        const high = at < prefix.length ? 0 : hexDigit(value.charCodeAt(at--))
        if (low < 0 || high < 0) return -1
        view.setUint8(offset + byte, high * 16 + low)
      }
      return bytes
    },
  }
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1
}
