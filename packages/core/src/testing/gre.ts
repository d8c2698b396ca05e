import { concat, uint16, uint32 } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import { ETHERNET, etherTypeOf } from './ether-type.ts'
import type { Segment } from './segment.ts'
import { patched, rawSegment } from './segment.ts'

export interface GreFields {
  /** By the payload's first byte: IPv4, IPv6, else Ethernet. */
  readonly protocolType?: number
  /** Whether there is a checksum, or a wrong one. */
  readonly checksum?: boolean | number
  readonly key?: number
  readonly sequence?: number
  readonly version?: number
  /** Flag bits set beside those of the fields, for example 0x4000 (RFC 1701's routing, which RFC 2784 took back). */
  readonly flags?: number
}

const GRE = 47
const CHECKSUM_OFFSET = 4

/** A GRE packet (RFC 2784, RFC 2890). */
export function gre(fields: GreFields, payload: Uint8Array): Segment {
  const hasChecksum = fields.checksum !== undefined && fields.checksum !== false
  const hasKey = fields.key !== undefined
  const hasSequence = fields.sequence !== undefined
  const flags = (hasChecksum ? 0x8000 : 0) | (hasKey ? 0x2000 : 0) | (hasSequence ? 0x1000 : 0) | (fields.flags ?? 0)
  const packet = concat(
    uint16(flags | (fields.version ?? 0)),
    uint16(fields.protocolType ?? etherTypeOf(payload, ETHERNET)),
    ...(hasChecksum ? [uint32(0)] : []),
    ...(hasKey ? [uint32(fields.key)] : []),
    ...(hasSequence ? [uint32(fields.sequence)] : []),
    payload,
  )
  if (!hasChecksum) return rawSegment(GRE, packet)
  const checksum = typeof fields.checksum === 'number' ? fields.checksum : internetChecksum(packet)
  return rawSegment(GRE, patched(packet, CHECKSUM_OFFSET, checksum))
}
