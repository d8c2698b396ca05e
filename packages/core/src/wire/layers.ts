import { looksLikeGeneve } from './geneve.ts'
import { brokenIpv4, decodeOtherIp, endAtFragment } from './ip.ts'
import {
  BAD_LENGTH,
  CRITICAL_FLAG_MISSING,
  CRITICAL_FLAG_UNNEEDED,
  GENEVE,
  INNER_ETHERNET,
  INNER_IP,
  IP,
  LINK,
  OPTION,
  OPTION_OVERRUN,
  TOO_DEEP,
  UDP as UDP_LAYER,
  UNSUPPORTED_VERSION,
} from './issue.ts'
import { BY_VERSION, decodeTags, ETHERTYPE_ETHERNET, ETHERTYPE_IPV4, ETHERTYPE_IPV6, UNKNOWN_LINK } from './link.ts'
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
import { ROLE_COOKIE, ROLE_RECORD, ROLE_SCOPE } from './rules.ts'
import { bound, note, rest, short, stop } from './stop.ts'
import { decodeIpPayload, decodeNonIp, MAX_DEPTH, MPLS_CODE, pass } from './tunnel.ts'

/** In place of an EtherType: there is no frame, the bytes are a GENEVE datagram. */
export const DATAGRAM: number = -3

const ETHERNET_LENGTH = 14
const IPV4_LENGTH = 20
const UDP_LENGTH = 8
const GENEVE_LENGTH = 8
const OPTION_LENGTH = 4

/** From the layer at `at`, announced by `type`, as far inside as it goes. Twice through the loop for most packets: outer and inner. */
export function decodeLayers(view: DataView, at: number, type: number, out: PacketView): number {
  const { ports, roleRow, roles } = out.rules
  // Where this layer's readable bytes end: the smaller of out.limit and out.cut.
  let end = bound(out)
  // What to say of a packet that cannot be read further: in the tunnel it is GENEVE all the same.
  let verdict = IS_DAMAGED
  // Tunnels passed since the last IP header in the tunnel. They count once something was found in them.
  let passed = 0
  let passedCodes = 0

  for (;;) {
    if (type !== DATAGRAM) {
      const isInner = verdict === IS_GENEVE
      if (out.depth + passed > MAX_DEPTH) {
        stop(out, TOO_DEEP, INNER_IP, at, MAX_DEPTH, out.depth + passed)
        return verdict
      }
      // |  destination 6  |  source 6  |  [ 802.1Q or 802.1ad tag 4 ]*  |  EtherType 2  |
      if (type === ETHERTYPE_ETHERNET) {
        if (end - at < ETHERNET_LENGTH) {
          short(out, isInner ? INNER_ETHERNET : LINK, at, ETHERNET_LENGTH)
          return verdict
        }
        type = view.getUint16(at + 12)
        at += ETHERNET_LENGTH
        if (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
          at = decodeTags(view, at - ETHERNET_LENGTH, at, type, out, isInner ? INNER_ETHERNET : LINK)
          if (at < 0) return verdict
          type = out.nextType
        }
      }

      const header = at
      const word = end - at >= IPV4_LENGTH ? view.getInt32(at) : 0
      let protocol: number
      let fragment: number
      if ((type === ETHERTYPE_IPV4 || type === BY_VERSION) && word >>> 28 === 4) {
        // |Version|  IHL  |Type of Service|          Total Length         |     RFC 791, 3.1
        // |         Identification        |Flags|     Fragment Offset     |
        // | Time to Live  |    Protocol   |        Header Checksum        |
        // |                   Source and Destination Address              |
        const headerLength = (word >>> 22) & 0x3c
        let totalLength = word & 0xffff
        // Before segmentation the length does not fit, so the kernel leaves it 0 (GSO, BIG TCP): the rest of the frame.
        if (totalLength === 0) totalLength = rest(out, at)
        if (headerLength < IPV4_LENGTH || totalLength < headerLength || end - at < headerLength) {
          brokenIpv4(out, isInner ? INNER_IP : IP, at, headerLength, totalLength)
          return verdict
        }
        if (at + totalLength < out.limit) out.limit = at + totalLength
        if (at + totalLength < end) end = at + totalLength
        const flags = view.getUint16(at + 6)
        protocol = view.getUint8(at + 9)
        fragment = ((flags & 0x1fff) << 3) | ((flags >> 13) & 1)
        if ((flags & 0x2000) !== 0) endAtFragment(out)
        at += headerLength
        if (isInner) {
          out.innerVersion = 4
          out.innerHeader = header
          out.innerLength = totalLength
          out.protocol = protocol
          out.fragment = fragment
        } else {
          out.outerVersion = 4
          out.outerHeader = header
        }
      } else if (type === ETHERTYPE_IPV6 || type === ETHERTYPE_IPV4 || type === BY_VERSION) {
        at = decodeOtherIp(view, at, type, out, isInner ? INNER_IP : IP)
        end = bound(out)
        protocol = out.protocol
        fragment = out.fragment
        // An inner IPv6 header whose extension headers are cut is itself still whole.
        if (isInner && at < 0 && out.innerHeader !== header) return verdict
        if (!isInner) {
          out.outerVersion = out.innerVersion
          out.outerHeader = out.innerHeader
          resetInner(out)
          if (at < 0) return verdict
        }
      } else if (isInner) {
        at = decodeNonIp(view, at, type, passed, passedCodes, out)
        if (at < 0) return verdict
        type = out.nextType
        passedCodes |= MPLS_CODE << (passed++ * 4)
        continue
      } else {
        return type === UNKNOWN_LINK ? UNSUPPORTED_LINK : NOT_IP
      }

      if (isInner) {
        if (passed > 0) pass(out, passed, passedCodes)
        if (out.firstVersion === 0) {
          out.firstVersion = out.innerVersion
          out.firstHeader = header
        }
        if (at < 0 || fragment > 1) return verdict
        passedCodes = decodeIpPayload(view, at, out)
        if (passedCodes === 0) return verdict
        passed = 1
        at = out.payloadStart
        type = out.nextType
        end = bound(out)
        continue
      }

      if (protocol !== UDP) return NOT_UDP
      if (fragment > 1) return OUTER_FRAGMENT
      // |          Source Port          |       Destination Port        |     RFC 768; RFC 8926, 3.3: the destination is GENEVE's port both ways
      // |            Length             |            Checksum           |
      // A checksum of 0 and the partial one of an offloading sender are both normal in captures, so it is not verified.
      if (end - at < UDP_LENGTH) {
        short(out, UDP_LAYER, at, UDP_LENGTH)
        return verdict
      }
      out.udp = at
      const portPair = view.getInt32(at)
      const length = view.getUint16(at + 4)
      const isBadLength = length < UDP_LENGTH && length !== 0
      if (!isBadLength && length !== 0) {
        if (at + length < out.limit) out.limit = at + length
        if (at + length < end) end = at + length
      }
      at += UDP_LENGTH
      if (ports[portPair & 0xffff] === 0) {
        if (ports[portPair >>> 16] === 0 || isBadLength || !looksLikeGeneve(view, at, end)) return OTHER_PORT
      }
      if (isBadLength) {
        stop(out, BAD_LENGTH, UDP_LAYER, at - UDP_LENGTH, UDP_LENGTH, length)
        return verdict
      }
    }

    // |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |     RFC 8926, 3.4; reserved bits are ignored
    // |        Virtual Network Identifier (VNI)       |    Reserved   |
    if (end - at < GENEVE_LENGTH) {
      short(out, GENEVE, at, GENEVE_LENGTH)
      return verdict
    }
    const geneve = at
    const header = view.getInt32(geneve)
    out.geneve = geneve
    if (header >>> 30 !== 0) {
      stop(out, UNSUPPORTED_VERSION, GENEVE, geneve, 0, header >>> 30)
      return verdict
    }
    out.vni = view.getInt32(geneve + 4) >>> 8
    const payload = geneve + GENEVE_LENGTH + ((header >>> 22) & 0xfc)
    const isWhole = payload <= end
    const optionsEnd = isWhole ? payload : end
    let criticalOptions = 0
    at += GENEVE_LENGTH
    // |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5
    // |                  Variable-Length Option Data                  |
    while (optionsEnd - at >= OPTION_LENGTH) {
      const option = view.getInt32(at)
      const length = (option & 0x1f) * 4
      const next = at + OPTION_LENGTH + length
      if (next > optionsEnd) {
        if (isWhole) note(out, OPTION_OVERRUN, OPTION, at, OPTION_LENGTH + length, optionsEnd - at)
        break
      }
      criticalOptions += (option >>> 15) & 1
      const row = roleRow[option >>> 16]!
      if (row !== 0) {
        const role = roles[row * 256 + ((option >>> 8) & 0xff)]!
        if (role === ROLE_SCOPE && length === 8 && out.scope < 0) out.scope = at + OPTION_LENGTH
        else if (role === ROLE_COOKIE && length === 4 && out.cookie < 0) out.cookie = at + OPTION_LENGTH
        else if (role === ROLE_RECORD && out.record < 0) out.record = at
      }
      at = next
    }
    out.optionsEnd = at
    // Where the options are cut, the fixed header and all whole options before the cut are known all the same.
    if (!isWhole) {
      short(out, GENEVE, geneve, payload - geneve)
      return verdict
    }
    // The header's C bit says whether any option is critical. Senders get it wrong both ways; this is a tap and drops nothing.
    const critical = (header >>> 22) & 1
    if (criticalOptions > 0 !== (critical === 1)) {
      note(out, critical === 1 ? CRITICAL_FLAG_UNNEEDED : CRITICAL_FLAG_MISSING, GENEVE, geneve, criticalOptions, critical)
    }
    out.payload = payload
    at = payload
    type = header & 0xffff
    verdict = IS_GENEVE
  }
}
