import type { DecodeRules } from './rules.ts'

/** `PacketView.outcome`: a GENEVE packet, whatever may be wrong behind its header. */
export const IS_GENEVE: number = 0
/** `PacketView.outcome`: bytes too broken to say, or a GENEVE header that is; `issue` says what. */
export const IS_DAMAGED: number = -1
export const NOT_IP: number = 1
export const NOT_UDP: number = 2
export const OTHER_PORT: number = 3
export const OUTER_FRAGMENT: number = 4
export const UNSUPPORTED_LINK: number = 5
/** Why a frame is not a GENEVE packet, by `outcome` (1 and up). A later outer fragment has no UDP header: only the first is decoded. */
export const NOT_GENEVE_REASONS = ['', 'not-ip', 'not-udp', 'other-port', 'outer-fragment', 'unsupported-link'] as const
export type NotGeneveReason = Exclude<(typeof NOT_GENEVE_REASONS)[number], ''>

/** What stood between the GENEVE header and the innermost packet, by the 4-bit codes of `PacketView.encapsulations`. */
export const ENCAPSULATIONS = ['', 'gre', 'ipip', 'mpls', 'vxlan', 'geneve'] as const
export type Encapsulation = Exclude<(typeof ENCAPSULATIONS)[number], ''>

/**
 * Everything the wire says about one packet, as numbers and offsets into `view`. One object, filled in place by `decodePacket` again and again,
 * never kept. -1 = not there or not known; VNI 0 and port 0 are values. All fields are small integers, so that nothing is allocated; what can be
 * read off the bytes when somebody asks is a getter, so that nobody else pays for it.
 */
export class PacketView {
  readonly rules: DecodeRules
  view: DataView = new DataView(new ArrayBuffer(0))
  /** The frame is [start, end) of `view`. */
  start = 0
  end = 0
  /** Bytes on the wire. */
  wireLength = 0
  linkType = 0
  /** Set by whoever walks the frames, not by the decoder: the frame's number from 1, and its time. */
  frame = 0
  seconds = 0
  nanos = 0
  /** IS_GENEVE, IS_DAMAGED, or the index of a NOT_GENEVE_REASONS entry. */
  outcome = 0
  /** 0 = none, else kind * 256 + layer: see issue.ts. Of several the first that stopped the decoder, else the first one. */
  issue = 0
  issueOffset = 0
  issueNeeded = 0
  issueAvailable = 0

  /** 4 or 6; 0 where there is no outer header (a bare datagram). */
  outerVersion = 0
  outerHeader = -1
  /** Offset of the outer UDP header. */
  udp = -1

  /** Offset of the GENEVE header. */
  geneve = -1
  vni = -1
  /** Where the options end: as many *whole* options as there are, so walking them from `optionsStart` needs no check. */
  optionsEnd = -1
  /** Where the tunnelled packet starts. */
  payload = -1
  /** Offsets of the data of the first option with these roles in the vendor tables (data is 8 bytes for a scope, 4 for a cookie), else -1. */
  scope = -1
  cookie = -1
  /** Offset of the first option, its header included, that is a field of a telemetry record, else -1. */
  record = -1

  /** How many tunnels were passed inside, and their ENCAPSULATIONS codes, outermost in the lowest 4 bits. */
  depth = 0
  encapsulations = 0
  /** 802.1Q tags inside the tunnel, outermost first: how many, and the 12-bit ids of the first four, two per number, the first in the lower bits. */
  vlanCount = 0
  vlansLow = 0
  vlansHigh = 0
  /** The first IP packet in the tunnel; the same as the innermost unless `depth` > 0. */
  firstVersion = 0
  firstHeader = -1
  /** The innermost packet: 4, 6, or 0 where it is not IP. */
  innerVersion = 0
  innerHeader = -1
  /** Bytes of the innermost IP packet with its header, as its header says; a length of 0 (GSO, BIG TCP) is the rest of the frame. */
  innerLength = -1
  /** As IPv6's fragment header has it: the offset in bytes, a multiple of 8, and in the lowest bit whether more fragments follow. 0 = no fragment. */
  fragment = 0
  /** Offset of IPv6's fragment header. */
  fragmentHeader = -1
  /** IANA protocol number of what follows the innermost IP header and its extension headers. */
  protocol = -1
  /** Offset of an ARP header, which then is the innermost packet. */
  arp = -1
  /** Offset of the TCP, UDP, ICMP or SCTP header; -1 also for all but the first fragment. */
  transport = -1
  innerSourcePort = -1
  innerDestinationPort = -1
  /** The TCP flag bits FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  tcpFlags = -1
  /** ICMP type * 256 + code. */
  icmp = -1
  /** Bytes behind the transport header by the lengths that the headers give, captured or not. */
  payloadLength = -1

  /** The decoder's own: where the enclosing headers' lengths say that this layer ends, where captured bytes end, and the type and start of what comes next. */
  limit = 0
  cut = 0
  nextType = -1
  payloadStart = -1

  constructor(rules: DecodeRules) {
    this.rules = rules
  }

  /** Addresses are offsets of 4 or 16 bytes; in both versions the destination follows the source. */
  get outerSource(): number {
    return sourceOffset(this.outerVersion, this.outerHeader)
  }
  get outerDestination(): number {
    return destinationOffset(this.outerVersion, this.outerHeader)
  }
  get outerTtl(): number {
    return timeToLive(this.view, this.outerVersion, this.outerHeader)
  }
  get sourcePort(): number {
    return this.udp < 0 ? -1 : this.view.getUint16(this.udp)
  }
  get destinationPort(): number {
    return this.udp < 0 ? -1 : this.view.getUint16(this.udp + 2)
  }

  get version(): number {
    return this.geneve < 0 ? -1 : this.view.getUint8(this.geneve) >> 6
  }
  /** The O and C bits, 0 or 1. */
  get control(): number {
    return this.vni < 0 ? 0 : this.view.getUint8(this.geneve + 1) >> 7
  }
  get critical(): number {
    return this.vni < 0 ? 0 : (this.view.getUint8(this.geneve + 1) >> 6) & 1
  }
  get protocolType(): number {
    return this.vni < 0 ? -1 : this.view.getUint16(this.geneve + 2)
  }
  get optionsStart(): number {
    return this.vni < 0 ? -1 : this.geneve + 8
  }
  /** optionClass * 256 + type of the options with a role. */
  get scopeOption(): number {
    return this.scope < 0 ? -1 : this.view.getInt32(this.scope - 4) >>> 8
  }
  get cookieOption(): number {
    return this.cookie < 0 ? -1 : this.view.getInt32(this.cookie - 4) >>> 8
  }

  get firstSource(): number {
    return sourceOffset(this.firstVersion, this.firstHeader)
  }
  get firstDestination(): number {
    return destinationOffset(this.firstVersion, this.firstHeader)
  }
  /** 1 where the innermost packet is ARP. */
  get isArp(): number {
    return this.arp < 0 ? 0 : 1
  }
  /** For ARP the protocol addresses of sender and target, where they are IPv4's. */
  get innerSource(): number {
    return this.arp >= 0 ? arpSender(this.view, this.arp) : sourceOffset(this.innerVersion, this.innerHeader)
  }
  get innerDestination(): number {
    if (this.arp < 0) return destinationOffset(this.innerVersion, this.innerHeader)
    const sender = arpSender(this.view, this.arp)
    return sender < 0 ? -1 : sender + 4 + this.view.getUint8(this.arp + 4)
  }
  get innerTtl(): number {
    return timeToLive(this.view, this.innerVersion, this.innerHeader)
  }
  /** IPv4's identification; -1 for IPv6 without a fragment header, else its 32 bits as a signed number. */
  get ipId(): number {
    if (this.innerVersion === 4) return this.view.getUint16(this.innerHeader + 4)
    return this.fragmentHeader < 0 ? -1 : this.view.getInt32(this.fragmentHeader + 4)
  }
  /** In bytes. */
  get fragmentOffset(): number {
    return this.fragment & 0xfff8
  }
  get moreFragments(): number {
    return this.fragment & 1
  }
  get icmpType(): number {
    return this.icmp >> 8
  }
  get icmpCode(): number {
    return this.icmp < 0 ? -1 : this.icmp & 0xff
  }
}

function sourceOffset(version: number, header: number): number {
  return version === 4 ? header + 12 : version === 6 ? header + 8 : -1
}

function destinationOffset(version: number, header: number): number {
  return version === 4 ? header + 16 : version === 6 ? header + 24 : -1
}

function timeToLive(view: DataView, version: number, header: number): number {
  return version === 4 ? view.getUint8(header + 8) : version === 6 ? view.getUint8(header + 7) : -1
}

/** |  hardware type 2  |  protocol type 2  |  HLen 1  |  PLen 1  |  operation 2  |  sender's and target's addresses  |  RFC 826 */
function arpSender(view: DataView, header: number): number {
  const isIpv4 = view.getUint16(header + 2) === 0x0800 && view.getUint8(header + 5) === 4
  return isIpv4 ? header + 8 + view.getUint8(header + 4) : -1
}

/** Makes the view one of a frame; what it says of the last one is left until `forget`, or until all of it is written over. */
export function begin(view: DataView, offset: number, end: number, linkType: number, wireLength: number, out: PacketView): void {
  out.view = view
  out.start = offset
  out.end = end
  out.wireLength = wireLength
  out.linkType = linkType
  out.issue = 0
  out.cut = end
  out.limit = Math.max(offset + wireLength, end)
}

/** Makes nothing known of the view's frame. */
export function forget(out: PacketView): void {
  out.outerVersion = 0
  out.outerHeader = -1
  out.udp = -1
  out.geneve = -1
  out.vni = -1
  out.optionsEnd = -1
  out.payload = -1
  out.scope = -1
  out.cookie = -1
  out.record = -1
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

/** Forgets the innermost IP packet, before something else is the innermost. */
export function resetInner(out: PacketView): void {
  out.innerVersion = 0
  out.innerHeader = -1
  out.innerLength = -1
  out.fragment = 0
  out.fragmentHeader = -1
  out.protocol = -1
}
