import { decodeGeneve, looksLikeGeneve } from './geneve.ts'
import { decodeIp } from './ip.ts'
import { BAD_LENGTH, IP, UDP as UDP_LAYER } from './issue.ts'
import { BY_VERSION, decodeLink, ETHERTYPE_IPV4, ETHERTYPE_IPV6, UNKNOWN_LINK } from './link.ts'
import {
  IS_DAMAGED,
  IS_GENEVE,
  NOT_IP,
  NOT_UDP,
  OTHER_PORT,
  OUTER_FRAGMENT,
  type PacketView,
  resetInner,
  UNSUPPORTED_LINK,
} from './packet-view.ts'
import { UDP } from './protocol.ts'
import { bound, short, stop } from './stop.ts'
import { decodeTunnelled } from './tunnel.ts'

const UDP_LENGTH = 8

/**
 * Decodes the frame [offset, end) of `view` into `out`, and returns `out.outcome`: IS_GENEVE, IS_DAMAGED or why it is not GENEVE.
 * Whatever the bytes are, it does not throw, allocates nothing and reads nothing outside the frame. `wireLength` is the frame's length before a
 * snap length cut it: lengths of 0 in IP headers stand for the rest of *that*.
 */
export function decodePacket(
  view: DataView,
  offset: number,
  end: number,
  linkType: number,
  out: PacketView,
  wireLength: number = end - offset,
): number {
  reset(view, offset, end, linkType, wireLength, out)
  out.outcome = decodeOuter(view, offset, linkType, out)
  return out.outcome
}

/** Decodes a GENEVE datagram, the payload [offset, end) of a UDP packet, as a socket delivers it. There are no outer addresses then. */
export function decodeDatagram(view: DataView, offset: number, end: number, out: PacketView): number {
  reset(view, offset, end, -1, end - offset, out)
  out.outcome = decodeTunnel(view, offset, out)
  return out.outcome
}

function decodeOuter(view: DataView, offset: number, linkType: number, out: PacketView): number {
  const network = decodeLink(view, offset, linkType, out)
  if (network < 0) return IS_DAMAGED
  const type = out.nextType
  if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6 && type !== BY_VERSION) return type === UNKNOWN_LINK ? UNSUPPORTED_LINK : NOT_IP

  const transport = decodeIp(view, network, type, out, IP)
  const protocol = out.protocol
  const isLaterFragment = out.fragmentOffset > 0
  moveToOuter(out)
  if (transport < 0) return IS_DAMAGED
  if (protocol !== UDP) return NOT_UDP
  if (isLaterFragment) return OUTER_FRAGMENT

  const datagram = decodeOuterUdp(view, transport, out)
  if (datagram < 0) return out.issue === 0 ? OTHER_PORT : IS_DAMAGED
  return decodeTunnel(view, datagram, out)
}

/**
 * |          Source Port          |       Destination Port        |     RFC 768; RFC 8926, 3.3: the destination is GENEVE's port both ways
 * |            Length             |            Checksum           |
 *
 * A checksum of 0 and the partial one of an offloading sender are both normal in captures, so it is not verified.
 */
function decodeOuterUdp(view: DataView, offset: number, out: PacketView): number {
  if (bound(out) - offset < UDP_LENGTH) return short(out, UDP_LAYER, offset, UDP_LENGTH)
  const ports = view.getInt32(offset)
  out.sourcePort = ports >>> 16
  out.destinationPort = ports & 0xffff
  const isDestination = out.rules.ports[out.destinationPort] === 1
  if (!isDestination && out.rules.ports[out.sourcePort] === 0) return -1

  const length = view.getUint16(offset + 4)
  const payload = offset + UDP_LENGTH
  const isShort = length !== 0 && length < UDP_LENGTH
  if (!isShort && length !== 0 && offset + length < out.limit) out.limit = offset + length
  if (isDestination) return isShort ? stop(out, BAD_LENGTH, UDP_LAYER, offset, UDP_LENGTH, length) : payload
  return !isShort && looksLikeGeneve(view, payload, bound(out)) ? payload : -1
}

function decodeTunnel(view: DataView, offset: number, out: PacketView): number {
  const payload = decodeGeneve(view, offset, out)
  if (payload < 0) return IS_DAMAGED
  decodeTunnelled(view, payload, out)
  return IS_GENEVE
}

function reset(view: DataView, offset: number, end: number, linkType: number, wireLength: number, out: PacketView): void {
  out.view = view
  out.start = offset
  out.end = end
  out.wireLength = wireLength
  out.linkType = linkType
  out.issue = 0
  out.cut = end
  out.limit = offset + wireLength
  if (out.limit < end) out.limit = end

  out.outerVersion = 0
  out.outerSource = -1
  out.outerDestination = -1
  out.outerTtl = -1
  out.sourcePort = -1
  out.destinationPort = -1
  out.geneve = -1
  out.version = -1
  out.control = 0
  out.critical = 0
  out.protocolType = -1
  out.vni = -1
  out.optionsStart = -1
  out.optionsEnd = -1
  out.payload = -1
  out.scope = -1
  out.cookie = -1
  out.scopeOption = -1
  out.cookieOption = -1
  out.depth = 0
  out.encapsulations = 0
  out.vlanCount = 0
  out.vlansLow = 0
  out.vlansHigh = 0
  out.firstVersion = 0
  out.firstSource = -1
  out.firstDestination = -1
  out.isArp = 0
  out.transport = -1
  out.innerSourcePort = -1
  out.innerDestinationPort = -1
  out.tcpFlags = -1
  out.icmpType = -1
  out.icmpCode = -1
  out.payloadLength = -1
  resetInner(out)
}

/** decodeIp has one set of fields to write to; those of the outer header move on before the inner one is read. */
function moveToOuter(out: PacketView): void {
  out.outerVersion = out.innerVersion
  out.outerSource = out.innerSource
  out.outerDestination = out.innerDestination
  out.outerTtl = out.innerTtl
  resetInner(out)
}
