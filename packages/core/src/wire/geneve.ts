import { CRITICAL_FLAG_MISSING, CRITICAL_FLAG_UNNEEDED, GENEVE, OPTION, OPTION_OVERRUN, UNSUPPORTED_VERSION } from './issue.ts'
import { ETHERTYPE_ARP, ETHERTYPE_ETHERNET, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST } from './link.ts'
import type { PacketView } from './packet-view.ts'
import { ROLE_COOKIE, ROLE_SCOPE } from './rules.ts'
import { bound, note, short, stop } from './stop.ts'

export const GENEVE_LENGTH: number = 8
const OPTION_LENGTH = 4
const WORD = 4

/**
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |     RFC 8926, 3.4
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 *
 * |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5, as often as Opt Len allows
 * |                  Variable-Length Option Data                  |
 *
 * Returns the offset of the tunnelled packet; -1 with an issue. Reserved bits are ignored.
 * Where the options are cut, the fixed header and all whole options before the cut are filled in all the same.
 */
export function decodeGeneve(view: DataView, offset: number, out: PacketView): number {
  const end = bound(out)
  if (end - offset < GENEVE_LENGTH) return short(out, GENEVE, offset, GENEVE_LENGTH)
  const header = view.getInt32(offset)
  out.geneve = offset
  if (header >>> 30 !== 0) return stop(out, UNSUPPORTED_VERSION, GENEVE, offset, 0, header >>> 30)

  const critical = (header >>> 22) & 1
  const payload = offset + GENEVE_LENGTH + ((header >>> 22) & 0xfc)
  const isWhole = payload <= end
  const optionsEnd = isWhole ? payload : end
  out.vni = view.getInt32(offset + 4) >>> 8

  const { roleRow, roles } = out.rules
  let criticalOptions = 0
  let at = offset + GENEVE_LENGTH
  while (optionsEnd - at >= OPTION_LENGTH) {
    const option = view.getInt32(at)
    const length = (option & 0x1f) * WORD
    const next = at + OPTION_LENGTH + length
    if (next > optionsEnd) {
      if (isWhole) note(out, OPTION_OVERRUN, OPTION, at, OPTION_LENGTH + length, optionsEnd - at)
      break
    }
    criticalOptions += (option >>> 15) & 1
    const row = roleRow[option >>> 16]!
    if (row !== 0) {
      const role = roles[row * 256 + ((option >>> 8) & 0xff)]!
      if (role === ROLE_SCOPE && length === 8 && out.scope < 0) {
        out.scope = at + OPTION_LENGTH
      } else if (role === ROLE_COOKIE && length === 4 && out.cookie < 0) {
        out.cookie = at + OPTION_LENGTH
      }
    }
    at = next
  }
  out.optionsEnd = at
  if (!isWhole) return short(out, GENEVE, offset, payload - offset)
  // RFC 8926, 3.5: the header's C bit says whether any option is critical. Senders get it wrong both ways; this is a tap and drops nothing.
  if (criticalOptions > 0 !== (critical === 1)) {
    note(out, critical === 1 ? CRITICAL_FLAG_UNNEEDED : CRITICAL_FLAG_MISSING, GENEVE, offset, criticalOptions, critical)
  }
  out.payload = payload
  out.nextType = header & 0xffff
  return payload
}

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
