import { addressBytes as bytesOf, hardwareBytes } from '../wire/address-bytes.ts'

/** The 4 or 16 bytes of an address as it is written (RFC 4291, 2.2). Throws RangeError naming the member on what is none. */
export function addressBytes(member: string, text: string): Uint8Array {
  const bytes = bytesOf(text)
  if (bytes === undefined) throw new RangeError(`${member}: '${text}' is no IPv4 or IPv6 address`)
  return bytes
}

/** The number of 48 bits that a hardware address stands for, written `02:00:00:00:00:01`. Throws RangeError naming the member on what is none. */
export function hardwareNumber(member: string, text: string): number {
  const bytes = hardwareBytes(text)
  if (bytes === undefined) throw new RangeError(`${member}: '${text}' is no hardware address`)
  return bytes.reduce((number, byte) => number * 256 + byte, 0)
}
