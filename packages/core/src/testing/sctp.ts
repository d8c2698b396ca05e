import { concat, uint16, uint32 } from './bytes.ts'
import { crc32c } from './checksum.ts'
import type { Segment } from './segment.ts'

export interface SctpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly verificationTag?: number
  readonly checksum?: number
}

const SCTP = 132

/** An SCTP packet of the given chunks (RFC 9260, 3.1). */
export function sctp(fields: SctpFields, chunks: Uint8Array = new Uint8Array(0)): Segment {
  const ports = concat(uint16(fields.sourcePort ?? 49152), uint16(fields.destinationPort ?? 36412))
  const tag = uint32(fields.verificationTag ?? 0)
  const checksum = fields.checksum ?? crc32c(concat(ports, tag, uint32(0), chunks))
  return { protocol: SCTP, bytes: () => concat(ports, tag, uint32(checksum), chunks) }
}
