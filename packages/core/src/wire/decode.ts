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
  const network = decodeLink(view, offset, linkType, out)
  if (network < 0) return outcome(out, IS_DAMAGED)
  const type = out.nextType
  if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6 && type !== BY_VERSION) {
    return outcome(out, type === UNKNOWN_LINK ? UNSUPPORTED_LINK : NOT_IP)
  }

  const transport = decodeIp(view, network, type, out, IP)
  const protocol = out.protocol
  const isLaterFragment = out.fragment > 1
  moveToOuter(out)
  if (transport < 0) return outcome(out, IS_DAMAGED)
  if (protocol !== UDP) return outcome(out, NOT_UDP)
  if (isLaterFragment) return outcome(out, OUTER_FRAGMENT)

  // |          Source Port          |       Destination Port        |     RFC 768; RFC 8926, 3.3: the destination is GENEVE's port both ways
  // |            Length             |            Checksum           |
  // A checksum of 0 and the partial one of an offloading sender are both normal in captures, so it is not verified.
  if (bound(out) - transport < UDP_LENGTH) return outcome(out, short(out, UDP_LAYER, transport, UDP_LENGTH))
  const ports = view.getInt32(transport)
  const length = view.getUint16(transport + 4)
  out.udp = transport
  const datagram = transport + UDP_LENGTH
  const isBadLength = length < UDP_LENGTH && length !== 0
  if (!isBadLength && length !== 0 && transport + length < out.limit) out.limit = transport + length
  if (out.rules.ports[ports & 0xffff] === 0) {
    const isGeneve = out.rules.ports[ports >>> 16] === 1 && !isBadLength && looksLikeGeneve(view, datagram, bound(out))
    if (!isGeneve) return outcome(out, OTHER_PORT)
  }
  if (isBadLength) return outcome(out, stop(out, BAD_LENGTH, UDP_LAYER, transport, UDP_LENGTH, length))

  const payload = decodeGeneve(view, datagram, out)
  if (payload < 0) return outcome(out, IS_DAMAGED)
  decodeTunnelled(view, payload, out)
  return outcome(out, IS_GENEVE)
}

function outcome(out: PacketView, value: number): number {
  out.outcome = value
  return value
}

/** Decodes a GENEVE datagram, the payload [offset, end) of a UDP packet, as a socket delivers it. There are no outer addresses then. */
export function decodeDatagram(view: DataView, offset: number, end: number, out: PacketView): number {
  reset(view, offset, end, -1, end - offset, out)
  out.outcome = decodeTunnel(view, offset, out)
  return out.outcome
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
  out.outerHeader = -1
  out.udp = -1
  out.geneve = -1
  out.vni = -1
  out.optionsEnd = -1
  out.payload = -1
  out.scope = -1
  out.cookie = -1
  out.depth = 0
  out.encapsulations = 0
  out.vlanCount = 0
  out.vlansLow = 0
  out.vlansHigh = 0
  out.firstVersion = 0
  out.firstHeader = -1
  out.arp = -1
  out.transport = -1
  out.innerSourcePort = -1
  out.innerDestinationPort = -1
  out.tcpFlags = -1
  out.icmp = -1
  out.payloadLength = -1
  resetInner(out)
}

/** decodeIp has one set of fields to write to; those of the outer header move on before the inner one is read. */
function moveToOuter(out: PacketView): void {
  out.outerVersion = out.innerVersion
  out.outerHeader = out.innerHeader
  resetInner(out)
}
