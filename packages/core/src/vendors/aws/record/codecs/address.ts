import { addressText, ipv4Text } from '../../../../wire/address.ts'
import { type Codec, fills } from './codec.ts'

const OCTET = /^(?:0|[1-9]\d{0,2})$/
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
    if (!value.includes(':')) return putIpv4(value, view, offset) && ipv4Text(view, offset) === value ? 4 : -1
    // There are many ways to write an IPv6 address, and one to read it.
    return putIpv6(value, view, offset) && addressText(view, offset, 6) === value ? 16 : -1
  },
}

function putIpv4(text: string, view: DataView, offset: number): boolean {
  const octets = text.split('.')
  if (octets.length !== 4) return false
  for (const [index, octet] of octets.entries()) {
    if (!OCTET.test(octet) || Number(octet) > 255) return false
    view.setUint8(offset + index, Number(octet))
  }
  return true
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
