import { GENEVE_LENGTH } from './geneve.ts'
import { INNER_ARP, INNER_GENEVE, INNER_GRE, INNER_MPLS, INNER_VXLAN, UNSUPPORTED_VERSION } from './issue.ts'
import { ETHERTYPE_ARP, ETHERTYPE_ETHERNET, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST } from './link.ts'
import { type PacketView, resetInner } from './packet-view.ts'
import { GRE, IPV4_IN_IP, IPV6_IN_IP, UDP } from './protocol.ts'
import { bound, isStopped, short, stop } from './stop.ts'
import { decodeTransport } from './transport.ts'

/** How many tunnels inside the GENEVE tunnel are followed; `PacketView.encapsulations` has room for seven. */
export const MAX_DEPTH: number = 6

const VXLAN_PORT = 4789
const VXLAN_LENGTH = 8
const UDP_LENGTH = 8

const GRE_CODE = 1
const IPIP_CODE = 2
export const MPLS_CODE: number = 3
const VXLAN_CODE = 4
const GENEVE_CODE = 5

const NOT_A_TUNNEL = -2

/**
 * What is in the tunnel and is neither Ethernet nor IP. Returns the offset of what the MPLS labels at `offset` lead to, its type in `out.nextType`; -1 where
 * it ends here, because it is ARP, an unknown type or cut. `passed` and `codes` are the tunnels passed since the last IP header.
 */
export function decodeNonIp(view: DataView, offset: number, type: number, passed: number, codes: number, out: PacketView): number {
  switch (type) {
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      return decodeMpls(view, offset, out)
    case ETHERTYPE_ARP:
      if (decodeArp(view, offset, out)) pass(out, passed, codes)
      return -1
    default:
      return -1
  }
}

/** Counts the tunnels that led to the packet just read, and forgets the ports of the packet that carried them. */
export function pass(out: PacketView, passed: number, codes: number): void {
  if (passed === 0) return
  out.encapsulations |= codes << (out.depth * 4)
  out.depth += passed
  out.transport = -1
  out.innerSourcePort = -1
  out.innerDestinationPort = -1
  out.payloadLength = -1
}

/** Reads what an IP header carries. A tunnel's code if it leads further, with the type in `out.nextType` and where it starts in `out.payloadStart`; else 0. */
export function decodeIpPayload(view: DataView, offset: number, out: PacketView): number {
  switch (out.protocol) {
    case IPV4_IN_IP:
      out.nextType = ETHERTYPE_IPV4
      out.payloadStart = offset
      return IPIP_CODE
    case IPV6_IN_IP:
      out.nextType = ETHERTYPE_IPV6
      out.payloadStart = offset
      return IPIP_CODE
    case GRE:
      out.payloadStart = decodeGre(view, offset, out)
      return out.payloadStart < 0 ? 0 : GRE_CODE
    case UDP:
      decodeTransport(view, offset, out)
      if (out.payloadLength < 0 || isStopped(out)) return 0
      if (out.innerDestinationPort === VXLAN_PORT) {
        out.payloadStart = decodeVxlan(view, offset + UDP_LENGTH, out)
        return out.payloadStart < 0 ? 0 : VXLAN_CODE
      }
      if (out.rules.ports[out.innerDestinationPort] === 1) {
        out.payloadStart = decodeInnerGeneve(view, offset + UDP_LENGTH, out)
        return out.payloadStart < 0 ? 0 : GENEVE_CODE
      }
      return 0
    default:
      decodeTransport(view, offset, out)
      return 0
  }
}

/**
 * |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |     RFC 2784, RFC 2890
 * |      Checksum (optional)      |       Reserved1 (optional)    |
 * |                         Key (optional)                        |
 * |                 Sequence Number (optional)                    |
 *
 * Version 1 (PPTP) and source routes (RFC 1701) are not followed: the GRE packet itself is then the innermost one.
 */
function decodeGre(view: DataView, offset: number, out: PacketView): number {
  if (bound(out) - offset < 4) return short(out, INNER_GRE, offset, 4)
  const word = view.getInt32(offset)
  if ((word & 0x40070000) !== 0) return NOT_A_TUNNEL
  switch (word & 0xffff) {
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
    case ETHERTYPE_ETHERNET:
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      break
    default:
      return NOT_A_TUNNEL
  }
  const length = 4 + (word >>> 31) * 4 + ((word >>> 29) & 1) * 4 + ((word >>> 28) & 1) * 4
  if (bound(out) - offset < length) return short(out, INNER_GRE, offset, length)
  out.nextType = word & 0xffff
  return offset + length
}

/**
 * |R|R|R|R|I|R|R|R|            Reserved                           |     RFC 7348, 5
 * |                VXLAN Network Identifier (VNI) |   Reserved    |
 */
function decodeVxlan(view: DataView, offset: number, out: PacketView): number {
  if (bound(out) - offset < VXLAN_LENGTH) return short(out, INNER_VXLAN, offset, VXLAN_LENGTH)
  if ((view.getUint8(offset) & 0x08) === 0) return NOT_A_TUNNEL
  out.nextType = ETHERTYPE_ETHERNET
  return offset + VXLAN_LENGTH
}

/** The header of geneve.ts once more, read only to get past it: its options are the inner tunnel's. */
function decodeInnerGeneve(view: DataView, offset: number, out: PacketView): number {
  if (bound(out) - offset < GENEVE_LENGTH) return short(out, INNER_GENEVE, offset, GENEVE_LENGTH)
  const word = view.getInt32(offset)
  if (word >>> 30 !== 0) return stop(out, UNSUPPORTED_VERSION, INNER_GENEVE, offset, 0, word >>> 30)
  const length = GENEVE_LENGTH + ((word >>> 24) & 0x3f) * 4
  if (bound(out) - offset < length) return short(out, INNER_GENEVE, offset, length)
  out.nextType = word & 0xffff
  return offset + length
}

/** |  Label 20  | TC 3 |S|  TTL 8  |  RFC 3032, 2.1: entries up to the one with the S bit, then IP, told by its version (RFC 4928). */
function decodeMpls(view: DataView, start: number, out: PacketView): number {
  let offset = start
  let entry = 0
  do {
    if (bound(out) - offset < 4) return short(out, INNER_MPLS, start, offset + 4 - start)
    entry = view.getInt32(offset)
    offset += 4
  } while ((entry & 0x100) === 0)
  if (bound(out) - offset < 1) return short(out, INNER_MPLS, start, offset + 1 - start)
  const version = view.getUint8(offset) >> 4
  if (version === 4) out.nextType = ETHERTYPE_IPV4
  else if (version === 6) out.nextType = ETHERTYPE_IPV6
  else return NOT_A_TUNNEL
  return offset
}

/**
 * |         Hardware Type         |         Protocol Type         |     RFC 826
 * |  HLen  |  PLen |               |          Operation            |
 * |  sender hardware, sender protocol, target hardware, target protocol address  |
 */
function decodeArp(view: DataView, offset: number, out: PacketView): boolean {
  if (bound(out) - offset < 8) return short(out, INNER_ARP, offset, 8) >= 0
  const hardwareLength = view.getUint8(offset + 4)
  const protocolLength = view.getUint8(offset + 5)
  const length = 8 + 2 * hardwareLength + 2 * protocolLength
  if (bound(out) - offset < length) return short(out, INNER_ARP, offset, length) >= 0
  resetInner(out)
  out.arp = offset
  return true
}
