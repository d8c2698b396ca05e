import { addressText } from '../../../../wire/address.ts'
import { type Codec, fills } from './codec.ts'

const DOT = 0x2e
const GROUP = /^[0-9a-f]{1,4}$/

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
  const halves = text.split('::')
  if (halves.length > 2) return false
  const [head, tail] = halves.map(groupsOf)
  if (head === undefined || (halves.length === 2 && tail === undefined)) return false
  const known = head.length + (tail?.length ?? 0)
  if (tail === undefined ? known !== 8 : known > 7) return false
  const groups = [...head, ...new Array<number>(8 - known).fill(0), ...(tail ?? [])]
  for (const [index, group] of groups.entries()) view.setUint16(offset + index * 2, group)
  return true
}

/** The 16-bit groups of a part of an IPv6 address, of which the last two may be an IPv4 address. */
function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1)!
  if (last.includes('.')) {
    const view = new DataView(new ArrayBuffer(4))
    if (!putIpv4(last, view, 0)) return undefined
    parts.splice(-1, 1, view.getUint16(0).toString(16), view.getUint16(2).toString(16))
  }
  return parts.every((part) => GROUP.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : undefined
}
