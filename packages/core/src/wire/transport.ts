import { BAD_LENGTH, INNER_ICMP, INNER_SCTP, INNER_TCP, INNER_UDP } from './issue.ts'
import type { PacketView } from './packet-view.ts'
import { ICMP, ICMPV6, SCTP, TCP, UDP } from './protocol.ts'
import { short, stop } from './stop.ts'

const TCP_LENGTH = 20
const UDP_LENGTH = 8
const ICMP_LENGTH = 8
const ICMPV6_LENGTH = 4
const SCTP_LENGTH = 12

/** Reads the header behind the innermost IP header, if its protocol is known. What of it is there is filled in also where the rest is cut. */
export function decodeTransport(view: DataView, offset: number, out: PacketView): void {
  const available = Math.min(out.limit, out.cut) - offset
  switch (out.protocol) {
    case TCP:
      decodeTcp(view, offset, available, out)
      return
    case UDP:
      decodeUdp(view, offset, available, out)
      return
    case ICMP:
      decodeIcmp(view, offset, available, ICMP_LENGTH, out)
      return
    case ICMPV6:
      decodeIcmp(view, offset, available, ICMPV6_LENGTH, out)
      return
    case SCTP:
      out.transport = offset
      decodePorts(view, offset, available, out)
      if (available < SCTP_LENGTH) short(out, INNER_SCTP, offset, SCTP_LENGTH)
      else out.payloadLength = remaining(offset, out) - SCTP_LENGTH
  }
}

/**
 * |          Source Port          |       Destination Port        |     RFC 9293, 3.1
 * |                        Sequence Number                        |
 * |                     Acknowledgment Number                     |
 * | Data  | Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 * |           Checksum            |         Urgent Pointer        |
 * |                           [Options]                           |
 */
function decodeTcp(view: DataView, offset: number, available: number, out: PacketView): void {
  out.transport = offset
  decodePorts(view, offset, available, out)
  if (available >= 14) out.tcpFlags = view.getUint8(offset + 13)
  if (available < TCP_LENGTH) {
    short(out, INNER_TCP, offset, TCP_LENGTH)
    return
  }
  const headerLength = (view.getUint8(offset + 12) >> 2) & 0x3c
  if (headerLength < TCP_LENGTH) {
    stop(out, BAD_LENGTH, INNER_TCP, offset, TCP_LENGTH, headerLength)
    return
  }
  if (available < headerLength) short(out, INNER_TCP, offset, headerLength)
  const payloadLength = remaining(offset, out) - headerLength
  if (payloadLength >= 0) out.payloadLength = payloadLength
}

/**
 * |          Source Port          |       Destination Port        |     RFC 768
 * |            Length             |            Checksum           |
 */
function decodeUdp(view: DataView, offset: number, available: number, out: PacketView): void {
  out.transport = offset
  decodePorts(view, offset, available, out)
  if (available < UDP_LENGTH) {
    short(out, INNER_UDP, offset, UDP_LENGTH)
    return
  }
  const rest = remaining(offset, out)
  let length = view.getUint16(offset + 4)
  // 0 is a jumbogram (RFC 2675, 4) or a datagram before segmentation; a first fragment says more than it carries.
  if (length === 0 || length > rest) length = rest
  if (length < UDP_LENGTH) stop(out, BAD_LENGTH, INNER_UDP, offset, UDP_LENGTH, length)
  else out.payloadLength = length - UDP_LENGTH
}

/** |  Type 1  |  Code 1  |  Checksum 2  |  RFC 792, RFC 4443 2.1; ICMPv4 always has 4 more bytes */
function decodeIcmp(view: DataView, offset: number, available: number, headerLength: number, out: PacketView): void {
  out.transport = offset
  if (available >= 2) out.icmp = view.getUint16(offset)
  if (available < headerLength) short(out, INNER_ICMP, offset, headerLength)
  else out.payloadLength = remaining(offset, out) - headerLength
}

/** Bytes from `offset` to the end of the innermost IP packet by its own length, captured or not. */
function remaining(offset: number, out: PacketView): number {
  return out.innerHeader + out.innerLength - offset
}

function decodePorts(view: DataView, offset: number, available: number, out: PacketView): void {
  if (available < 4) return
  const ports = view.getInt32(offset)
  out.innerSourcePort = ports >>> 16
  out.innerDestinationPort = ports & 0xffff
}
