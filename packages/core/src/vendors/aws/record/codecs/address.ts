import { addressText } from '../../../../wire/address.ts'
import { addressBytes } from '../../../../wire/address-bytes.ts'
import { type Codec, fills } from './codec.ts'

const DOT = 0x2e

/** An IP address: 4 bytes or 16. */
export const address: Codec = {
  type: 'address',
  allowed: 'an IPv4 address in dotted decimal or an IPv6 address as RFC 5952 writes it',
  schema: { type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
  lengthIn: (_view, _offset, room) => (fills(4, room) ? 4 : fills(16, room) ? 16 : -1),
  read: (view, offset, length) => addressText(view, offset, length === 4 ? 4 : 6),
  put(value, view, offset) {
    if (typeof value !== 'string') return -1
    if (!value.includes(':')) return putIpv4(value, view, offset) ? 4 : -1
    // There are many ways to write an IPv6 address, and one to read it.
    return putIpv6(value, view, offset) && addressText(view, offset, 6) === value ? 16 : -1
  },
}

/** Dotted decimal as it is read: four numbers up to 255, none with a zero before it. */
function putIpv4(text: string, view: DataView, offset: number): boolean {
  let octet = 0
  let digits = 0
  let count = 0
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? DOT : text.charCodeAt(index)
    if (code === DOT) {
      if (digits === 0 || count === 4) return false
      view.setUint8(offset + count++, octet)
      octet = digits = 0
      continue
    }
    const digit = code - 0x30
    if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return false
    octet = octet * 10 + digit
    if (octet > 255) return false
    digits++
  }
  return count === 4
}

function putIpv6(text: string, view: DataView, offset: number): boolean {
  const bytes = addressBytes(text)
  for (const [index, byte] of bytes?.entries() ?? []) view.setUint8(offset + index, byte)
  return bytes !== undefined
}
