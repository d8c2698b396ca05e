import { addWords, udpChecksum } from './checksum.ts'

export const UDP_LENGTH: number = 8
const UDP = 17

/**
 * |          Source Port          |       Destination Port        |     RFC 768
 * |            Length             |            Checksum           |
 *
 * `length` holds the header. The checksum is 0: there is none. Returns where the payload begins.
 */
export function writeUdp(view: DataView, at: number, sourcePort: number, destinationPort: number, length: number): number {
  view.setUint16(at, sourcePort)
  view.setUint16(at + 2, destinationPort)
  view.setUint16(at + 4, length)
  view.setUint16(at + 6, 0)
  return at + UDP_LENGTH
}

/**
 * Fills in the checksum of the datagram at `at`, which stands whole behind its IP header and has none yet. It covers both addresses:
 * `addressesLength` bytes just before the datagram, 8 behind IPv4 without options and 32 behind IPv6 without extension headers.
 */
export function writeUdpChecksum(view: DataView, at: number, addressesLength: 8 | 32): void {
  const length = view.getUint16(at + 4)
  view.setUint16(at + 6, udpChecksum(addWords(view, at - addressesLength, addressesLength + length, UDP + length)))
}
