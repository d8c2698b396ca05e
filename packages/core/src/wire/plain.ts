import type { PacketView } from './packet-view.ts'

// V8 folds a file's own constants and loads an imported one at each use.
const ETHERNET_LENGTH = 14
const IPV4 = 0x0800
const IPV6 = 0x86dd
const ETHERNET = 0x6558
const IPV4_LENGTH = 20
const IPV6_LENGTH = 40
const UDP_LENGTH = 8
const GENEVE_LENGTH = 8
const OPTION_LENGTH = 4
const TCP_LENGTH = 20
const TCP = 6
const UDP = 17
const ICMP = 1
const ICMPV6 = 58
const VXLAN_PORT = 4789
const ROLE_SCOPE = 1
const ROLE_COOKIE = 2
const ROLE_RECORD = 3

/**
 * Decodes the packet that nearly all are, in one go: IPv4 at `network`, UDP to a GENEVE port, GENEVE with good options, and in it TCP,
 * UDP or ICMP over IPv4 or IPv6; no IP options, fragments, extension headers, tags or further tunnels, and every header whole.
 * Says false and has changed nothing where anything is otherwise: then decodeLayers finds out what. What both can decode they decode alike (a test says so);
 * this takes half the time (test/bench, row "decode"), because nothing is called, stored or asked twice on the way.
 */
export function decodePlain(view: DataView, network: number, frameEnd: number, out: PacketView): boolean {
  // |Version|  IHL  |Type of Service|          Total Length         |     RFC 791, 3.1
  // |         Identification        |Flags|     Fragment Offset     |
  // | Time to Live  |    Protocol   |        Header Checksum        |
  // |                   Source and Destination Address              |
  if (frameEnd - network < IPV4_LENGTH + UDP_LENGTH + GENEVE_LENGTH) return false
  const outer = view.getInt32(network)
  if (outer >>> 24 !== 0x45 || (view.getUint16(network + 6) & 0x3fff) !== 0 || view.getUint8(network + 9) !== UDP) return false
  const outerLength = outer & 0xffff
  // Where the bytes end that may be read: the smallest of what the capture has and what the headers on the way say.
  let end = Math.min(network + outerLength, frameEnd)

  // |          Source Port          |       Destination Port        |     RFC 768
  // |            Length             |            Checksum           |
  const udp = network + IPV4_LENGTH
  const udpLength = view.getUint16(udp + 4)
  if (outerLength < IPV4_LENGTH + UDP_LENGTH || udpLength < UDP_LENGTH) return false
  const { ports, roleRow, roles } = out.rules
  if (ports[view.getUint16(udp + 2)] === 0) return false
  if (udp + udpLength < end) end = udp + udpLength

  // |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |     RFC 8926, 3.4
  // |        Virtual Network Identifier (VNI)       |    Reserved   |
  const geneve = udp + UDP_LENGTH
  if (end - geneve < GENEVE_LENGTH) return false
  const header = view.getInt32(geneve)
  const payload = geneve + GENEVE_LENGTH + ((header >>> 22) & 0xfc)
  if (header >>> 30 !== 0 || payload > end) return false

  // |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5
  // |                  Variable-Length Option Data                  |
  let scope = -1
  let cookie = -1
  let record = -1
  let criticalOptions = 0
  let at = geneve + GENEVE_LENGTH
  while (at < payload) {
    const option = view.getInt32(at)
    const length = (option & 0x1f) * 4
    criticalOptions |= (option >>> 15) & 1
    const row = roleRow[option >>> 16]!
    if (row !== 0) {
      const role = roles[row * 256 + ((option >>> 8) & 0xff)]!
      if (role === ROLE_SCOPE && length === 8 && scope < 0) scope = at + OPTION_LENGTH
      else if (role === ROLE_COOKIE && length === 4 && cookie < 0) cookie = at + OPTION_LENGTH
      else if (role === ROLE_RECORD && record < 0) record = at
    }
    at += OPTION_LENGTH + length
  }
  if (at !== payload || criticalOptions !== ((header >>> 22) & 1)) return false

  // |  destination 6  |  source 6  |  EtherType 2  |  or none of it
  let type = header & 0xffff
  if (type === ETHERNET) {
    if (end - at < ETHERNET_LENGTH) return false
    type = view.getUint16(at + 12)
    at += ETHERNET_LENGTH
  }

  // The inner IPv4 header as above, or
  // |Version| Traffic Class |           Flow Label                  |     RFC 8200, 3
  // |         Payload Length        |  Next Header  |   Hop Limit   |
  // |                   Source and Destination Address              |
  const inner = at
  if (end - inner < IPV4_LENGTH) return false
  const word = view.getInt32(inner)
  let innerLength: number
  let protocol: number
  if (type === IPV4) {
    if (word >>> 24 !== 0x45 || (view.getUint16(inner + 6) & 0x3fff) !== 0) return false
    innerLength = word & 0xffff
    if (innerLength < IPV4_LENGTH) return false
    protocol = view.getUint8(inner + 9)
    at = inner + IPV4_LENGTH
  } else {
    if (type !== IPV6 || word >>> 28 !== 6 || end - inner < IPV6_LENGTH) return false
    innerLength = IPV6_LENGTH + view.getUint16(inner + 4)
    if (innerLength === IPV6_LENGTH) return false
    protocol = view.getUint8(inner + 6)
    at = inner + IPV6_LENGTH
  }
  if (inner + innerLength < end) end = inner + innerLength

  // |          Source Port          |       Destination Port        |     RFC 9293, 3.1; RFC 768 has the first two
  // |            Sequence and Acknowledgment Number                 |
  // | Data  | Rsrvd |C|E|U|A|P|R|S|F|            Window             |
  // |           Checksum            |         Urgent Pointer        |
  if (end - at < UDP_LENGTH) return false
  const first = view.getInt32(at)
  let tcpFlags = -1
  let icmp = -1
  let payloadLength: number
  const rest = inner + innerLength - at
  if (protocol === TCP) {
    if (end - at < TCP_LENGTH) return false
    const offsetAndFlags = view.getUint16(at + 12)
    const headerLength = (offsetAndFlags >> 10) & 0x3c
    if (headerLength < TCP_LENGTH || end - at < headerLength) return false
    tcpFlags = offsetAndFlags & 0xff
    payloadLength = rest - headerLength
  } else if (protocol === UDP) {
    const length = view.getUint16(at + 4)
    if ((length < UDP_LENGTH && length !== 0) || (first & 0xffff) === VXLAN_PORT || ports[first & 0xffff] === 1) return false
    payloadLength = (length === 0 || length > rest ? rest : length) - UDP_LENGTH
  } else if (protocol === ICMP || protocol === ICMPV6) {
    icmp = first >>> 16
    payloadLength = rest - (protocol === ICMP ? 8 : 4)
  } else {
    return false
  }
  const hasPorts = protocol === TCP || protocol === UDP
  out.outerVersion = 4
  out.outerHeader = network
  out.udp = udp
  out.geneve = geneve
  out.vni = view.getInt32(geneve + 4) >>> 8
  out.optionsEnd = payload
  out.payload = payload
  out.scope = scope
  out.cookie = cookie
  out.record = record
  const innerVersion = type === IPV4 ? 4 : 6
  out.firstVersion = innerVersion
  out.firstHeader = inner
  out.innerVersion = innerVersion
  out.innerHeader = inner
  out.innerLength = innerLength
  out.protocol = protocol
  out.transport = at
  out.innerSourcePort = hasPorts ? first >>> 16 : -1
  out.innerDestinationPort = hasPorts ? first & 0xffff : -1
  out.tcpFlags = tcpFlags
  out.icmp = icmp
  out.payloadLength = payloadLength
  out.depth = 0
  out.encapsulations = 0
  out.vlanCount = 0
  out.vlansLow = 0
  out.vlansHigh = 0
  out.fragment = 0
  out.fragmentHeader = -1
  out.arp = -1
  return true
}
