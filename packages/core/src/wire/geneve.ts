import { ETHERTYPE_ARP, ETHERTYPE_ETHERNET, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST } from './link.ts'

export const GENEVE_LENGTH: number = 8
const OPTION_LENGTH = 4
const WORD = 4

/**
 * Whether the bytes at `offset` could be GENEVE: for datagrams that only come *from* a GENEVE port, which may as well be some client's ephemeral one.
 * Version 0, a payload type that is in use, and options that add up exactly (RFC 8926, 3.5).
 */
export function looksLikeGeneve(view: DataView, offset: number, end: number): boolean {
  if (end - offset < GENEVE_LENGTH) return false
  const word = view.getInt32(offset)
  if (word >>> 30 !== 0) return false
  switch (word & 0xffff) {
    case ETHERTYPE_ETHERNET:
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
    case ETHERTYPE_ARP:
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      break
    default:
      return false
  }
  const optionsEnd = offset + GENEVE_LENGTH + ((word >>> 24) & 0x3f) * WORD
  if (optionsEnd > end) return false
  let at = offset + GENEVE_LENGTH
  while (at < optionsEnd) at += OPTION_LENGTH + (view.getUint8(at + 3) & 0x1f) * WORD
  return at === optionsEnd
}
