import { concat, uint8, uint16, uint32 } from './bytes.ts'
import { internetChecksum, onesComplementSum } from './checksum.ts'

/** The addresses that a transport checksum covers, 4 or 16 bytes each. */
export interface Addresses {
  readonly source: Uint8Array
  readonly destination: Uint8Array
}

/** What goes into an IP packet: its protocol number, and its bytes as soon as the addresses that its checksum covers are known. */
export interface Segment {
  readonly protocol: number
  bytes(addresses: Addresses): Uint8Array
}

/** A checksum that is right when absent, wrong when a number, and as offloading leaves it (the pseudo-header's sum alone) when `partial`. */
export type Checksum = number | 'partial'

/** Checksum over the pseudo-header and the segment, in which the checksum's own bytes are zero. RFC 768, RFC 9293 3.1, RFC 8200 8.1: all three add up alike. */
export function transportChecksum(protocol: number, addresses: Addresses, segment: Uint8Array, checksum: Checksum | undefined): number {
  if (typeof checksum === 'number') return checksum
  const pseudoHeader = concat(addresses.source, addresses.destination, uint32(segment.byteLength), uint32(protocol))
  return checksum === 'partial' ? onesComplementSum(pseudoHeader) : internetChecksum(pseudoHeader, segment)
}

/** The bytes with a 16-bit number put in at `offset`. */
export function patched(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  return concat(bytes.subarray(0, offset), uint16(value), bytes.subarray(offset + 2))
}

/** A segment of any protocol, from its bytes. */
export function rawSegment(protocol: number, bytes: Uint8Array): Segment {
  uint8(protocol)
  return { protocol, bytes: () => bytes }
}
