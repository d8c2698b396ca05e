import { concat, uint16 } from './bytes.ts'
import type { Checksum, Segment } from './segment.ts'
import { patched, transportChecksum } from './segment.ts'

export interface UdpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** As it is; 0 for a datagram beyond 65,535 bytes. */
  readonly length?: number
  /** 0 = none was computed. */
  readonly checksum?: Checksum
}

const UDP = 17
const HEADER_LENGTH = 8
const CHECKSUM_OFFSET = 6

/** A UDP datagram (RFC 768). */
export function udp(fields: UdpFields, payload: Uint8Array = new Uint8Array(0)): Segment {
  const length = HEADER_LENGTH + payload.byteLength
  const unsigned = concat(
    uint16(fields.sourcePort ?? 49152),
    uint16(fields.destinationPort ?? 53),
    uint16(fields.length ?? (length > 0xffff ? 0 : length)),
    uint16(0),
    payload,
  )
  return {
    protocol: UDP,
    bytes: (addresses) => {
      const checksum = transportChecksum(UDP, addresses, unsigned, fields.checksum)
      // RFC 768: zero means that there is none, so a sum of zero is sent as its other form.
      return patched(unsigned, CHECKSUM_OFFSET, checksum === 0 && fields.checksum === undefined ? 0xffff : checksum)
    },
  }
}
