import { concat, uint8, uint16 } from './bytes.ts'
import { hex } from './hex.ts'

/** The 4 bytes of an address in dotted decimal. Throws RangeError on what is none. */
export function ipv4Bytes(text: string): Uint8Array {
  const octets = text.split('.')
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet))) throw new RangeError(`'${text}' is no IPv4 address`)
  return concat(...octets.map((octet) => uint8(Number(octet))))
}

/** The 16 bytes of an address as RFC 4291 (2.2) writes them, an IPv4 tail included. Throws RangeError on what is none. */
export function ipv6Bytes(text: string): Uint8Array {
  const halves = text.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const [front = new Uint8Array(0), back = new Uint8Array(0)] = halves.map((groups) =>
    concat(...groups.map((group) => groupBytes(group, text))),
  )
  const missing = 16 - front.byteLength - back.byteLength
  if (halves.length > 2 || (halves.length === 2 ? missing < 2 : missing !== 0)) throw new RangeError(`'${text}' is no IPv6 address`)
  return concat(front, new Uint8Array(missing), back)
}

/** The 6 bytes of a hardware address written `02:00:00:00:00:01`. Throws RangeError on what is none. */
export function hardwareBytes(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new RangeError(`'${text}' is no hardware address`)
  return hex(text.replaceAll(':', ' '))
}

function groupBytes(group: string, address: string): Uint8Array {
  if (/^[0-9a-f]{1,4}$/i.test(group)) return uint16(Number.parseInt(group, 16))
  if (group.includes('.')) return ipv4Bytes(group)
  throw new RangeError(`'${address}' is no IPv6 address`)
}
