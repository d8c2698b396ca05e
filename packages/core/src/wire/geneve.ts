import { CRITICAL_FLAG_MISSING, CRITICAL_FLAG_UNNEEDED, GENEVE, OPTION, OPTION_OVERRUN, UNSUPPORTED_VERSION } from './issue.ts'
import { ETHERTYPE_ARP, ETHERTYPE_ETHERNET, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST } from './link.ts'
import type { PacketView } from './packet-view.ts'
import { ROLE_COOKIE, ROLE_SCOPE } from './rules.ts'
import { bound, note, short, stop } from './stop.ts'

export const GENEVE_LENGTH: number = 8
const OPTION_LENGTH = 4
const WORD = 4
const CRITICAL_TYPE = 0x8000

/**
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |     RFC 8926, 3.4
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 * |                    Variable-Length Options                    |
 *
 * Returns the offset of the tunnelled packet and leaves its type in `out.nextType`; -1 with an issue. Reserved bits are ignored.
 * Where the options are cut, the fixed header and all whole options before the cut are filled in all the same.
 */
export function decodeGeneve(view: DataView, offset: number, out: PacketView): number {
  const end = bound(out)
  if (end - offset < GENEVE_LENGTH) return short(out, GENEVE, offset, GENEVE_LENGTH)
  const word = view.getInt32(offset)
  const version = word >>> 30
  out.geneve = offset
  out.version = version
  if (version !== 0) return stop(out, UNSUPPORTED_VERSION, GENEVE, offset, 0, version)

  const headerLength = GENEVE_LENGTH + ((word >>> 24) & 0x3f) * WORD
  out.control = (word >>> 23) & 1
  out.critical = (word >>> 22) & 1
  out.protocolType = word & 0xffff
  out.vni = view.getInt32(offset + 4) >>> 8
  out.nextType = out.protocolType
  const optionsEnd = offset + headerLength
  const isWhole = optionsEnd <= end
  decodeOptions(view, offset + GENEVE_LENGTH, isWhole ? optionsEnd : end, isWhole, out)
  if (!isWhole) return short(out, GENEVE, offset, headerLength)
  out.payload = optionsEnd
  return optionsEnd
}

/**
 * |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5
 * |                  Variable-Length Option Data                  |
 */
function decodeOptions(view: DataView, offset: number, end: number, isWhole: boolean, out: PacketView): void {
  const { roleRow, roles } = out.rules
  let criticalOptions = 0
  let at = offset
  while (end - at >= OPTION_LENGTH) {
    const word = view.getInt32(at)
    const length = (word & 0x1f) * WORD
    const next = at + OPTION_LENGTH + length
    if (next > end) {
      if (isWhole) note(out, OPTION_OVERRUN, OPTION, at, OPTION_LENGTH + length, end - at)
      break
    }
    if ((word & CRITICAL_TYPE) !== 0) criticalOptions++
    const row = roleRow[word >>> 16]!
    if (row !== 0) {
      const role = roles[row * 256 + ((word >>> 8) & 0xff)]
      if (role === ROLE_SCOPE && length === 8 && out.scope < 0) {
        out.scope = at + OPTION_LENGTH
        out.scopeOption = word >>> 8
      } else if (role === ROLE_COOKIE && length === 4 && out.cookie < 0) {
        out.cookie = at + OPTION_LENGTH
        out.cookieOption = word >>> 8
      }
    }
    at = next
  }
  out.optionsStart = offset
  out.optionsEnd = at
  // RFC 8926, 3.5: the header's C bit says whether any option is critical. Senders get it wrong both ways; this is a tap and drops nothing.
  if (isWhole && criticalOptions > 0 !== (out.critical === 1)) {
    note(
      out,
      out.critical === 1 ? CRITICAL_FLAG_UNNEEDED : CRITICAL_FLAG_MISSING,
      GENEVE,
      offset - GENEVE_LENGTH,
      criticalOptions,
      out.critical,
    )
  }
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
