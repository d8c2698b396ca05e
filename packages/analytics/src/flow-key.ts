import { ISSUE_KINDS, type PacketView } from '@geneve-telemetry/core/wire'

// Numbers of the hot loop stand in the file that uses them: V8 folds a file's own constants and loads imported ones at each use (bench: flows).
const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const SCTP = 132

const HAS_KEY = -1
const CONTROL = 0
const NO_IP = 1
const INNER_FRAGMENT = 2
/** Before the kinds of issues, the first of which is 1. */
const BEFORE_ISSUES = 2

const TRUNCATED = 1
const OPTION_OVERRUN = 4
const TOO_DEEP = 7

/**
 * Why a GENEVE packet belongs to no flow: O = 1 is never user traffic (RFC 8926, 3.4); ARP, or a payload that this decoder does not know; all but the first
 * inner fragment have no ports; and of what was broken or cut before addresses and ports were read, what was wrong.
 */
export const UNATTRIBUTED: readonly string[] = [
  'control',
  'no-ip',
  'inner-fragment',
  ...ISSUE_KINDS.slice(1).map((kind) => `issue:${kind}`),
]

/** What no packet's ports can be, so that a message that has no counterpart never matches the other way. */
const NEVER = -1

const IPV6_BIT = 0x100

/**
 * Community ID's pairs of ICMP types, by type; ICMPv6's from 256 on. A type without a counterpart (-1) is told apart by its code and goes one way.
 * Source: corelight/community-id-spec.
 */
const COUNTERPART: Int16Array = counterparts([
  [0, [8, 0], [13, 14], [15, 16], [10, 9], [17, 18]],
  [256, [128, 129], [133, 134], [135, 136], [130, 131], [139, 140], [144, 145]],
])

/**
 * What tells a packet's flow from others: the innermost 5-tuple, the VLANs, and the scope that keeps equal addresses apart. One object, filled in
 * place by `readFlowKey`. All numbers are 32 bits, signed.
 */
export class FlowKey {
  /** The IPv4 address, or an IPv6 address's last 32 bits: the others are compared in the packet itself. */
  source = 0
  destination = 0
  /** The sender's port in the upper 16 bits and the receiver's in the lower, for ICMP the type and its counterpart or the code, else 0. */
  ports = 0
  /** The same for a packet that goes back. */
  portsBack = 0
  /** Protocol, IP version, and the identifier of an echo. */
  traits = 0
  vlansLow = 0
  vlansHigh = 0
  /** optionClass * 256 + type of the option that is the scope; -1 where the VNI is. */
  scopeOption = -1
  scopeHigh = 0
  scopeLow = 0
  vni = 0
  /** Of all but the scope, equal both ways. */
  tupleHash = 0
  /** Of all, equal both ways. */
  hash = 0
}

/** Reads the key of a GENEVE packet. Returns -1, or for a packet that belongs to no flow the index in `UNATTRIBUTED` of why. */
export function readFlowKey(packet: PacketView, key: FlowKey, seed: number): number {
  if (packet.control === 1) return CONTROL
  const version = packet.innerVersion
  if (version === 0) return isStop(packet.issue >> 8) ? unreadable(packet) : NO_IP
  if (packet.fragmentOffset > 0) return INNER_FRAGMENT

  const protocol = packet.protocol
  let traits = version === 6 ? protocol | IPV6_BIT : protocol
  let ports = 0
  let portsBack = 0
  if (protocol === TCP || protocol === UDP || protocol === SCTP) {
    const sourcePort = packet.innerSourcePort
    const destinationPort = packet.innerDestinationPort
    if (destinationPort < 0) return unreadable(packet)
    ports = (sourcePort << 16) | destinationPort
    portsBack = (destinationPort << 16) | sourcePort
  } else if (protocol === ICMP || protocol === ICMPV6) {
    const type = packet.icmpType
    if (type < 0) return unreadable(packet)
    const counterpart = COUNTERPART[protocol === ICMP ? type : 256 + type]!
    if (counterpart < 0) {
      ports = (type << 16) | packet.icmpCode
      portsBack = NEVER
    } else {
      ports = (type << 16) | counterpart
      portsBack = (counterpart << 16) | type
    }
    if (isEcho(protocol, type)) {
      const identifier = echoIdentifier(packet)
      if (identifier < 0) return unreadable(packet)
      traits |= identifier << 16
    }
  } else if (protocol < 0) {
    return unreadable(packet)
  }

  const view = packet.view
  let source: number
  let destination: number
  let sourceHash: number
  let destinationHash: number
  if (version === 4) {
    source = view.getInt32(packet.innerSource)
    destination = view.getInt32(packet.innerDestination)
    sourceHash = source
    destinationHash = destination
  } else {
    source = view.getInt32(packet.innerSource + 12)
    destination = view.getInt32(packet.innerDestination + 12)
    sourceHash = source ^ hashUpper(view, packet.innerSource)
    destinationHash = destination ^ hashUpper(view, packet.innerDestination)
  }
  key.source = source
  key.destination = destination
  key.ports = ports
  key.portsBack = portsBack
  key.traits = traits
  const vlansLow = packet.vlansLow | (packet.vlanCount << 24)
  key.vlansLow = vlansLow
  key.vlansHigh = packet.vlansHigh

  // A sum, so that both directions have one hash.
  const tupleHash =
    endpointHash(sourceHash, ports >>> 16, seed) +
    endpointHash(destinationHash, ports & 0xffff, seed) +
    Math.imul(traits ^ Math.imul(vlansLow ^ packet.vlansHigh, 0x2c1b3c6d), 0x297a2d39)
  key.tupleHash = tupleHash | 0

  const vni = packet.vni
  const scope = packet.scope
  let scopeHash: number
  key.vni = vni
  if (scope < 0) {
    key.scopeOption = -1
    key.scopeHigh = 0
    key.scopeLow = 0
    scopeHash = Math.imul(vni, 0x3c6ef372)
  } else {
    const high = view.getInt32(scope)
    const low = view.getInt32(scope + 4)
    key.scopeOption = packet.scopeOption
    key.scopeHigh = high
    key.scopeLow = low
    scopeHash = Math.imul(high ^ packet.scopeOption, 0x510e527f) + Math.imul(low, 0x1f83d9ab)
  }
  const hash = Math.imul(tupleHash ^ scopeHash, 0x5be0cd19)
  key.hash = hash ^ (hash >>> 15)
  return HAS_KEY
}

/** Of the 5-tuple, the VLANs and the outer addresses, equal both ways. */
export function outerHash(key: FlowKey, packet: PacketView): number {
  const last = packet.outerVersion === 6 ? 12 : 0
  if (packet.outerVersion === 0) return key.tupleHash
  const { view } = packet
  const hash = Math.imul(view.getInt32(packet.outerSource + last) + view.getInt32(packet.outerDestination + last), 0x5be0cd19)
  return key.tupleHash ^ hash ^ (hash >>> 15)
}

/** Why the packet's key cannot be read. Where the decoder was content with what there was, more was cut than it needs. */
function unreadable(packet: PacketView): number {
  const kind = packet.issue >> 8
  return BEFORE_ISSUES + (isStop(kind) ? kind : TRUNCATED)
}

/** Whether an issue kept the decoder from what is behind it. The flags of critical options and their lengths do not. */
function isStop(kind: number): boolean {
  return kind !== 0 && (kind < OPTION_OVERRUN || kind === TOO_DEEP)
}

function isEcho(protocol: number, type: number): boolean {
  return protocol === ICMP ? type === 8 || type === 0 : type === 128 || type === 129
}

/** |  Type 1  |  Code 1  |  Checksum 2  |  Identifier 2  |  Sequence 2  |  RFC 792, RFC 4443 4.1; -1 where it is cut */
function echoIdentifier(packet: PacketView): number {
  const at = packet.transport + 4
  // For ICMPv6 the decoder takes only the first four bytes for the header.
  if (packet.payloadLength < (packet.protocol === ICMP ? 0 : 2) || at + 2 > packet.end) return -1
  return packet.view.getUint16(at)
}

function endpointHash(address: number, port: number, seed: number): number {
  const hash = Math.imul(address ^ seed ^ Math.imul(port, 0x165667b1), 0x27d4eb2f)
  return hash ^ (hash >>> 15)
}

/** Of the first 96 bits of an IPv6 address. */
function hashUpper(view: DataView, offset: number): number {
  const hash = Math.imul(view.getInt32(offset), 0x2545f491) ^ view.getInt32(offset + 4)
  return Math.imul(Math.imul(hash ^ (hash >>> 15), 0x2545f491) ^ view.getInt32(offset + 8), 0x9e3779b1)
}

function counterparts(pairs: readonly (readonly [first: number, ...pairs: readonly (readonly [number, number])[]])[]): Int16Array {
  const table = new Int16Array(512).fill(-1)
  for (const [first, ...both] of pairs) {
    for (const [one, other] of both) {
      table[first + one] = other
      table[first + other] = one
    }
  }
  return table
}
