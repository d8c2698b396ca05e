import { addWords, internetChecksum } from './checksum.ts'

export const IPV4_LENGTH: number = 20
export const IPV6_LENGTH: number = 40

/**
 * |Version|  IHL  |Type of Service|          Total Length         |     RFC 791, 3.1
 * |         Identification        |Flags|     Fragment Offset     |
 * |  Time to Live |    Protocol   |        Header Checksum        |
 * |                   Source and Destination Address              |
 *
 * Without options, flags and type of service; `totalLength` holds the header. The addresses are 32-bit numbers. Returns where the payload begins.
 */
export function writeIpv4(
  view: DataView,
  at: number,
  totalLength: number,
  identification: number,
  timeToLive: number,
  protocol: number,
  source: number,
  destination: number,
): number {
  view.setUint16(at, 0x4500)
  view.setUint16(at + 2, totalLength)
  view.setUint16(at + 4, identification)
  view.setUint16(at + 6, 0)
  view.setUint16(at + 8, timeToLive * 256 + protocol)
  view.setUint16(at + 10, 0)
  view.setUint32(at + 12, source)
  view.setUint32(at + 16, destination)
  view.setUint16(at + 10, internetChecksum(addWords(view, at, IPV4_LENGTH)))
  return at + IPV4_LENGTH
}

/**
 * |Version| Traffic Class |           Flow Label                  |     RFC 8200, 3
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * |                   Source and Destination Address              |
 *
 * Traffic class and flow label are 0. The addresses have 16 bytes each. Returns where the payload begins.
 */
export function writeIpv6(
  view: DataView,
  at: number,
  payloadLength: number,
  nextHeader: number,
  hopLimit: number,
  source: Uint8Array,
  destination: Uint8Array,
): number {
  view.setUint32(at, 0x6000_0000)
  view.setUint16(at + 4, payloadLength)
  view.setUint16(at + 6, nextHeader * 256 + hopLimit)
  for (let index = 0; index < 16; index++) {
    view.setUint8(at + 8 + index, source[index]!)
    view.setUint8(at + 24 + index, destination[index]!)
  }
  return at + IPV6_LENGTH
}
