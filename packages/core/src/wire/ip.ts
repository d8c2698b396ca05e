import { BAD_LENGTH, UNSUPPORTED_VERSION } from './issue.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './link.ts'
import type { PacketView } from './packet-view.ts'
import { BEYOND_FRAGMENT, bound, rest, short, stop } from './stop.ts'

const IPV4_LENGTH = 20
const IPV6_LENGTH = 40
/** Of the fragment header, and the least that any extension header has. */
const EXTENSION_LENGTH = 8

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const NO_NEXT_HEADER = 59
const DESTINATION_OPTIONS = 60
const MOBILITY = 135
const HOST_IDENTITY = 139
const SHIM6 = 140

const JUMBO_PAYLOAD = 0xc2

/** Says what is wrong with the IPv4 header at `offset`, one of these three: a header too short for itself, for the packet, or not all there. */
export function brokenIpv4(out: PacketView, layer: number, offset: number, headerLength: number, totalLength: number): void {
  if (headerLength < IPV4_LENGTH) stop(out, BAD_LENGTH, layer, offset, IPV4_LENGTH, headerLength)
  else if (totalLength < headerLength) stop(out, BAD_LENGTH, layer, offset, headerLength, totalLength)
  else short(out, layer, offset, headerLength)
}

/** What a fragment lacks of its datagram is in other frames: past its end, bytes are cut off, not wrong. */
export function endAtFragment(out: PacketView): void {
  out.cut = bound(out)
  out.limit = BEYOND_FRAGMENT
}

/**
 * Reads the IP header at `offset` that is not a whole IPv4 header into the `inner` fields of `out`, narrows `out.limit` to its length, and returns where its payload
 * starts: the transport header, or for all but the first fragment something in the middle of one. -1 with an issue. `type` is the EtherType that announced it;
 * another version in its first nibble is an issue.
 */
export function decodeOtherIp(view: DataView, offset: number, type: number, out: PacketView, layer: number): number {
  if (bound(out) - offset < 1) return short(out, layer, offset, type === ETHERTYPE_IPV6 ? IPV6_LENGTH : IPV4_LENGTH)
  const version = view.getUint8(offset) >> 4
  if (version === 4 && type !== ETHERTYPE_IPV6) return short(out, layer, offset, IPV4_LENGTH)
  if (version !== 6 || type === ETHERTYPE_IPV4)
    return stop(out, UNSUPPORTED_VERSION, layer, offset, type === ETHERTYPE_IPV6 ? 6 : 4, version)
  const payload = decodeIpv6(view, offset, out, layer)
  if (payload >= 0 && (out.fragment & 1) === 1) endAtFragment(out)
  return payload
}

/**
 * |Version| Traffic Class |           Flow Label                  |     RFC 8200, 3
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * |                      Source Address (16)                      |
 * |                    Destination Address (16)                   |
 */
function decodeIpv6(view: DataView, offset: number, out: PacketView, layer: number): number {
  if (bound(out) - offset < IPV6_LENGTH) return short(out, layer, offset, IPV6_LENGTH)
  const word = view.getInt32(offset + 4)
  const nextHeader = (word >> 8) & 0xff
  let totalLength = IPV6_LENGTH + (word >>> 16)
  if (totalLength === IPV6_LENGTH && nextHeader !== NO_NEXT_HEADER) totalLength = jumboLength(view, offset, nextHeader, out)
  if (offset + totalLength < out.limit) out.limit = offset + totalLength

  out.innerVersion = 6
  out.innerHeader = offset
  out.innerLength = totalLength
  out.fragment = 0
  out.fragmentHeader = -1
  out.protocol = -1
  return decodeExtensionHeaders(view, offset, nextHeader, out, layer)
}

/** A payload length of 0: RFC 2675's option says the real one, or (GSO, BIG TCP) nobody does, and it is the rest of the frame. */
function jumboLength(view: DataView, offset: number, nextHeader: number, out: PacketView): number {
  const first = offset + IPV6_LENGTH
  if (nextHeader === HOP_BY_HOP && bound(out) - first >= 8 && view.getUint16(first + 2) === JUMBO_PAYLOAD * 256 + 4) {
    const length = view.getInt32(first + 4)
    // Signed: what is above 2^31 is as impossible as what is longer than the frame.
    if (length > 0 && IPV6_LENGTH + length <= rest(out, offset)) return IPV6_LENGTH + length
  }
  return rest(out, offset)
}

/** Those of the IPv6 header at `start`. RFC 8200, 4: each begins with the next header's number and (but for the fragment header) its own length. */
function decodeExtensionHeaders(view: DataView, start: number, nextHeader: number, out: PacketView, layer: number): number {
  let offset = start + IPV6_LENGTH
  for (;;) {
    let length = EXTENSION_LENGTH
    switch (nextHeader) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION_OPTIONS:
      case MOBILITY:
      case HOST_IDENTITY:
      case SHIM6:
      case AUTHENTICATION:
        if (bound(out) - offset < EXTENSION_LENGTH) return short(out, layer, start, offset + EXTENSION_LENGTH - start)
        // RFC 4302, 2.2: the authentication header counts in words of 4 bytes, less 2.
        if (nextHeader === AUTHENTICATION) length = (view.getUint8(offset + 1) + 2) * 4
        else length = (view.getUint8(offset + 1) + 1) * 8
        if (bound(out) - offset < length) return short(out, layer, start, offset + length - start)
        break
      case FRAGMENT:
        if (bound(out) - offset < EXTENSION_LENGTH) return short(out, layer, start, offset + EXTENSION_LENGTH - start)
        out.fragment = view.getUint16(offset + 2) & 0xfff9
        out.fragmentHeader = offset
        break
      default:
        out.protocol = nextHeader
        return offset
    }
    const isFragment = nextHeader === FRAGMENT
    nextHeader = view.getUint8(offset)
    offset += length
    if (isFragment && out.fragment > 1) {
      out.protocol = nextHeader
      return offset
    }
  }
}
