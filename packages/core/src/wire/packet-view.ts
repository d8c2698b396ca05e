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
 * never kept. -1 = not there or not known; VNI 0 and port 0 are values. All fields are small integers, so that nothing is allocated.
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

  /** 4 or 6; 0 where there is no outer header (a bare datagram). Addresses are offsets of 4 or 16 bytes. */
  outerVersion = 0
  outerSource = -1
  outerDestination = -1
  outerTtl = -1
  sourcePort = -1
  destinationPort = -1

  /** Offset of the GENEVE header. */
  geneve = -1
  version = -1
  /** The O and C bits, 0 or 1. */
  control = 0
  critical = 0
  protocolType = -1
  vni = -1
  /** Option headers and data are [optionsStart, optionsEnd): as many *whole* options as there are, so walking them needs no check. */
  optionsStart = -1
  optionsEnd = -1
  /** Where the tunnelled packet starts. */
  payload = -1
  /** Offsets of the data of the first option with these roles in the vendor tables (data is 8 bytes for a scope, 4 for a cookie), else -1. */
  scope = -1
  cookie = -1
  /** optionClass * 256 + type of those two options. */
  scopeOption = -1
  cookieOption = -1

  /** How many tunnels were passed inside, and their ENCAPSULATIONS codes, outermost in the lowest 4 bits. */
  depth = 0
  encapsulations = 0
  /** 802.1Q tags inside the tunnel, outermost first: how many, and the 12-bit ids of the first four, two per number, the first in the lower bits. */
  vlanCount = 0
  vlansLow = 0
  vlansHigh = 0
  /** The first IP packet in the tunnel; the same as the innermost unless `depth` > 0. */
  firstVersion = 0
  firstSource = -1
  firstDestination = -1
  /** The innermost packet: 4, 6, or 0 where it is not IP. For ARP (isArp = 1) the addresses are the protocol addresses of sender and target. */
  innerVersion = 0
  isArp = 0
  innerSource = -1
  innerDestination = -1
  innerHeader = -1
  /** Bytes of the innermost IP packet with its header, as its header says; a length of 0 (GSO, BIG TCP) is the rest of the frame. */
  innerLength = -1
  innerTtl = -1
  /** IPv4's identification; -1 for IPv6 without a fragment header, else its 32 bits as a signed number. */
  ipId = -1
  /** In bytes; a packet that is no fragment has 0 and moreFragments 0. */
  fragmentOffset = 0
  moreFragments = 0
  /** IANA protocol number of what follows the innermost IP header and its extension headers. */
  protocol = -1
  /** Offset of the TCP, UDP, ICMP or SCTP header; -1 also for all but the first fragment. */
  transport = -1
  innerSourcePort = -1
  innerDestinationPort = -1
  /** The TCP flag bits FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  tcpFlags = -1
  icmpType = -1
  icmpCode = -1
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
}

/** Forgets the innermost IP packet, before something else is the innermost. */
export function resetInner(out: PacketView): void {
  out.innerVersion = 0
  out.innerSource = -1
  out.innerDestination = -1
  out.innerHeader = -1
  out.innerLength = -1
  out.innerTtl = -1
  out.ipId = -1
  out.fragmentOffset = 0
  out.moreFragments = 0
  out.protocol = -1
}
