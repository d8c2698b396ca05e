import { LINK } from './issue.ts'
import type { PacketView } from './packet-view.ts'
import { bound, short } from './stop.ts'

export const ETHERTYPE_IPV4: number = 0x0800
export const ETHERTYPE_ARP: number = 0x0806
export const ETHERTYPE_IPV6: number = 0x86dd
export const ETHERTYPE_ETHERNET: number = 0x6558
export const ETHERTYPE_MPLS: number = 0x8847
export const ETHERTYPE_MPLS_MULTICAST: number = 0x8848

/** `PacketView.nextType` of a link whose payload is told apart by the IP version's nibble. */
export const BY_VERSION: number = 0x10000
/** `PacketView.nextType` behind a link type that this decoder does not know. */
export const UNKNOWN_LINK: number = -2

const TAG_LENGTH = 4
const SLL_LENGTH = 16
const SLL2_LENGTH = 20
const FAMILY_LENGTH = 4

/**
 * Reads the link header at `offset`, of all links but Ethernet and LINKTYPE_RAW. Returns the offset of the network header and leaves its EtherType in `out.nextType`; -1 with an issue where the header is cut.
 * Link types are tcpdump.org's LINKTYPE_ numbers; 12 and 14 are what BSDs wrote for raw IP.
 */
export function decodeLink(view: DataView, offset: number, linkType: number, out: PacketView): number {
  switch (linkType) {
    case 12:
    case 14:
      out.nextType = BY_VERSION
      return offset
    case 228:
      out.nextType = ETHERTYPE_IPV4
      return offset
    case 229:
      out.nextType = ETHERTYPE_IPV6
      return offset
    case 113:
      // packet type 2, ARPHRD 2, address length 2, address 8, protocol 2
      if (bound(out) - offset < SLL_LENGTH) return short(out, LINK, offset, SLL_LENGTH)
      return decodeTags(view, offset, offset + SLL_LENGTH, view.getUint16(offset + 14), out, LINK)
    case 276:
      // protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8
      if (bound(out) - offset < SLL2_LENGTH) return short(out, LINK, offset, SLL2_LENGTH)
      return decodeTags(view, offset, offset + SLL2_LENGTH, view.getUint16(offset), out, LINK)
    case 0:
    case 108:
      if (bound(out) - offset < FAMILY_LENGTH) return short(out, LINK, offset, FAMILY_LENGTH)
      out.nextType = familyType(view.getInt32(offset))
      return offset + FAMILY_LENGTH
    default:
      out.nextType = UNKNOWN_LINK
      return offset
  }
}

/** Walks the tags of the frame at `start` that begin before `offset` with the EtherType `type`. Only tags inside the tunnel are kept. */
export function decodeTags(view: DataView, start: number, offset: number, type: number, out: PacketView, layer: number): number {
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
    if (bound(out) - offset < TAG_LENGTH) return short(out, layer, start, offset + TAG_LENGTH - start)
    if (layer !== LINK) keepVlan(view.getUint16(offset) & 0xfff, out)
    type = view.getUint16(offset + 2)
    offset += TAG_LENGTH
  }
  out.nextType = type
  return offset
}

function keepVlan(id: number, out: PacketView): void {
  const count = out.vlanCount++
  if (count < 2) out.vlansLow |= id << (count * 12)
  else if (count < 4) out.vlansHigh |= id << ((count - 2) * 12)
}

/** BSD's address families: IPv4 is 2 everywhere, IPv6 is 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (macOS), 10 (Linux) or 23 (Windows); in either byte order. */
function familyType(word: number): number {
  const family = word >= 0 && word <= 0xffff ? word : word >>> 24
  switch (family) {
    case 2:
      return ETHERTYPE_IPV4
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return ETHERTYPE_IPV6
    default:
      return -1
  }
}
