import { concat, uint8, uint16, uint32 } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { Segment } from './segment.ts'
import { patched, transportChecksum } from './segment.ts'

export interface IcmpFields {
  readonly type?: number
  readonly code?: number
  readonly checksum?: number
  /** The four bytes behind the checksum: identifier and sequence number of an echo. */
  readonly rest?: number
}

const ICMP = 1
const ICMPV6 = 58
const CHECKSUM_OFFSET = 2
const ECHO_REQUEST = 8
const ECHO_REQUEST_V6 = 128

/** An ICMP message (RFC 792); the payload of an error is the packet it quotes. */
export function icmp(fields: IcmpFields, payload: Uint8Array = new Uint8Array(0)): Segment {
  const message = unsigned(fields, ECHO_REQUEST, payload)
  return { protocol: ICMP, bytes: () => patched(message, CHECKSUM_OFFSET, fields.checksum ?? internetChecksum(message)) }
}

/** An ICMPv6 message (RFC 4443). */
export function icmpv6(fields: IcmpFields, payload: Uint8Array = new Uint8Array(0)): Segment {
  const message = unsigned(fields, ECHO_REQUEST_V6, payload)
  return {
    protocol: ICMPV6,
    bytes: (addresses) => patched(message, CHECKSUM_OFFSET, transportChecksum(ICMPV6, addresses, message, fields.checksum)),
  }
}

function unsigned(fields: IcmpFields, type: number, payload: Uint8Array): Uint8Array {
  return concat(uint8(fields.type ?? type), uint8(fields.code ?? 0), uint16(0), uint32(fields.rest ?? 0), payload)
}
