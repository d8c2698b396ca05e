import { concat, uint8, uint16 } from './bytes.ts'
import { hex } from './hex.ts'

/** The 4 or 16 bytes of an IP address in text. Throws RangeError on what is none. */
export function addressBytes(text: string): Uint8Array {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text)
}

/** The 6 bytes of a hardware address written `02:00:00:00:00:01`. Throws RangeError on what is none. */
export function hardwareBytes(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new RangeError(`'${text}' is no hardware address`)
  return hex(text.replaceAll(':', ' '))
}

function ipv4Bytes(text: string): Uint8Array {
  const octets = text.split('.')
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet))) throw new RangeError(`'${text}' is no IP address`)
  return concat(...octets.map((octet) => uint8(Number(octet))))
}

function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail, ...more] = text.split('::')
  const front = groups(head)
  const back = groups(tail ?? '')
  const missing = 16 - front.byteLength - back.byteLength
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 2)) throw new RangeError(`'${text}' is no IP address`)
  return concat(front, new Uint8Array(missing), back)
}

function groups(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0)
  return concat(...text.split(':').map((group) => (group.includes('.') ? ipv4Bytes(group) : uint16(Number.parseInt(group, 16)))))
}
