import type { PacketView } from '@geneve-telemetry/core/wire'
import type { FlowIndex } from './flow-index.ts'
import { FlowKey } from './flow-key.ts'
import { LIFE, ROW, TRAITS } from './flow-layout.ts'
import type { FlowStore } from './flow-store.ts'
import { ECHO_BIT, ICMP_PAIRS } from './icmp-pairs.ts'

const { ROW_SHIFT, ADDRESS, PORTS, VLANS, SCOPE_OPTION, SCOPE_HIGH, SCOPE_LOW, VNI } = ROW
const { IPV6_BIT, IDENTIFIER_MASK } = TRAITS
const TRAITS_WORD = ROW.TRAITS
const IS_ECHO = ECHO_BIT
const PAIRS = ICMP_PAIRS

const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const SCTP = 132

/** `FlowFinder.find`: the packet's flow is not known; `key` says what it would be. */
export const UNKNOWN_FLOW: number = -1
/** `FlowFinder.find`: the packet can have no flow. */
export const NO_FLOW: number = -2
/** Ports that no packet has: a message that goes one way never matches the other way. */
const NEVER = -1
/** |  Type 1  |  Code 1  |  Checksum 2  |  Identifier 2  |  Sequence 2  |  RFC 792, RFC 4443 4.1 */
const IDENTIFIER = 4
const ECHO_LENGTH = 8
/** |Ver|  Opt Len  |O|C|  Rsvd.  |  Protocol Type  |  RFC 8926, 3.4 */
const CONTROL_BIT = 0x80_0000

/** Finds the rows of packets' flows. */
export class FlowFinder {
  /** Of the packet that was looked for last. */
  readonly key: FlowKey = new FlowKey()
  readonly #store: FlowStore
  readonly #words: Int32Array
  readonly #heads: Int32Array
  readonly #next: Int32Array
  readonly #mask: number
  readonly #seed: number

  /** `index` has the nodes 2 * row and 2 * row + 1 of the rows in the store; of a row with a scope the second one where it has a flow's second key. */
  constructor(store: FlowStore, index: FlowIndex, seed: number) {
    this.#store = store
    this.#words = store.words
    this.#heads = index.heads
    this.#next = index.next
    this.#mask = index.mask
    this.#seed = seed
  }

  /** row * 2 + side of the flow that a GENEVE packet belongs to, or UNKNOWN_FLOW or NO_FLOW. */
  find(packet: PacketView): number {
    const { view, protocol, innerVersion, innerHeader } = packet
    // Bytes are read four at a time throughout, since the checks of one such read then serve for all.
    const geneve = view.getInt32(packet.geneve)
    if (innerVersion === 0 || packet.fragment > 1 || (geneve & CONTROL_BIT) !== 0) return NO_FLOW

    let traits = protocol
    let ports = 0
    let portsBack = 0
    if (packet.innerDestinationPort >= 0) {
      ports = view.getInt32(packet.transport)
      portsBack = (ports << 16) | (ports >>> 16)
    } else if (protocol === ICMP || protocol === ICMPV6) {
      const { icmp } = packet
      if (icmp < 0) return NO_FLOW
      const type = icmp >> 8
      const pair = PAIRS[protocol === ICMP ? type : 256 + type]!
      const counterpart = pair & 0xff
      ports = (type << 16) | (pair < 0 ? icmp & 0xff : counterpart)
      portsBack = pair < 0 ? NEVER : (counterpart << 16) | type
      if (pair >= IS_ECHO) {
        const { transport } = packet
        // For ICMPv6 the decoder takes only the first four bytes for the header.
        if (packet.payloadLength < (protocol === ICMP ? 0 : 4) || transport + ECHO_LENGTH > packet.end) return NO_FLOW
        traits |= view.getInt32(transport + IDENTIFIER) & IDENTIFIER_MASK
      }
    } else if (protocol < 0 || protocol === TCP || protocol === UDP || protocol === SCTP) {
      return NO_FLOW
    }

    let source: number
    let destination: number
    let sourceHash: number
    let destinationHash: number
    if (innerVersion === 4) {
      source = view.getInt32(innerHeader + 12)
      destination = view.getInt32(innerHeader + 16)
      sourceHash = source
      destinationHash = destination
    } else {
      traits |= IPV6_BIT
      source = view.getInt32(innerHeader + 20)
      destination = view.getInt32(innerHeader + 36)
      sourceHash = source ^ upperHash(view, innerHeader + 8)
      destinationHash = destination ^ upperHash(view, innerHeader + 24)
    }
    const { vlanCount, scope, vni } = packet
    const vlans = packet.vlansLow | (vlanCount << 24)

    // Both are sums, or products, of the two ends: so that both directions have one hash.
    const seed = this.#seed
    const oneEnd = (sourceHash ^ seed) + Math.imul(ports >>> 16, 0x165667b1)
    const otherEnd = (destinationHash ^ seed) + Math.imul(ports & 0xffff, 0x165667b1)
    const tupleHash = Math.imul(oneEnd, otherEnd) ^ (oneEnd + otherEnd) ^ Math.imul(traits ^ Math.imul(vlans, 0x2c1b3c6d), 0x297a2d39)
    let scopeOption = -1
    let scopeHigh = 0
    let scopeLow = 0
    let scopeHash: number
    if (scope < 0) {
      scopeHash = Math.imul(vni, 0x3c6ef372)
    } else {
      scopeOption = view.getInt32(scope - 4) >>> 8
      scopeHigh = view.getInt32(scope)
      scopeLow = view.getInt32(scope + 4)
      scopeHash = Math.imul(scopeHigh ^ scopeOption, 0x510e527f) + Math.imul(scopeLow, 0x1f83d9ab)
    }
    let hash = Math.imul(tupleHash ^ scopeHash, 0x5be0cd19)
    hash ^= hash >>> 15

    // The key is in no object yet, and most packets are found without one.
    let isSure = vlanCount <= 2
    const words = this.#words
    const next = this.#next
    for (let node = isSure ? this.#heads[hash & this.#mask]! : 0; node !== 0; node = next[node]!) {
      const at = (node >> 1) << ROW_SHIFT
      if (words[(at + SCOPE_LOW) | 0] !== scopeLow || words[(at + SCOPE_HIGH) | 0] !== scopeHigh) continue
      if (words[(at + SCOPE_OPTION) | 0] !== scopeOption || words[(at + TRAITS_WORD) | 0] !== traits) continue
      const rowPorts = words[(at + PORTS) | 0]
      const addressA = words[(at + ADDRESS) | 0]
      const addressB = words[(at + ADDRESS + 1) | 0]
      let side = 0
      if (rowPorts !== ports || addressA !== source || addressB !== destination) {
        if (rowPorts !== portsBack || addressA !== destination || addressB !== source) continue
        side = 1
      }
      if (words[(at + VLANS) | 0] !== vlans) continue
      if (innerVersion === 6 && !this.#store.isUpperOf(node >> 1, side, packet)) {
        // The row has the last 32 bits of both addresses only: it may be meant the other way round, or another one.
        isSure = false
        break
      }
      if (scope >= 0) return (node & 1) === 0 ? node | side : this.#partnerOf(node >> 1, side)
      if (words[(at + VNI + side) | 0] === vni) return (node & ~1) | side
    }

    const key = this.key
    key.source = source
    key.destination = destination
    key.ports = ports
    key.portsBack = portsBack
    key.traits = traits
    key.vlans = vlans
    key.scopeOption = scopeOption
    key.scopeHigh = scopeHigh
    key.scopeLow = scopeLow
    key.tupleHash = tupleHash
    key.hash = hash
    return isSure ? UNKNOWN_FLOW : this.#findByKey(packet)
  }

  /** The same for keys that the words compared above do not tell apart: all of the key is. */
  #findByKey(packet: PacketView): number {
    for (let node = this.#heads[this.key.hash & this.#mask]!; node !== 0; node = this.#next[node]!) {
      const row = node >> 1
      const side = this.sideOf(row, packet)
      if (side < 0) continue
      if (packet.scope >= 0) return (node & 1) === 0 ? node | side : this.#partnerOf(row, side)
      if (this.#words[(row << ROW_SHIFT) + VNI + side] === packet.vni) return row * 2 + side
    }
    return UNKNOWN_FLOW
  }

  /** The flow, and its side, of a row that only has the key of its second scope: side A there is B of the flow. */
  #partnerOf(row: number, side: number): number {
    return this.#store.lives[(row << LIFE.LIFE_SHIFT) + LIFE.PARTNER]! * 2 + (1 - side)
  }

  /** Which side of a flow sent the packet that was looked for last, by all of its key but the VNI; -1 if none did. */
  sideOf(row: number, packet: PacketView): number {
    const { key } = this
    const words = this.#words
    const at = row << ROW_SHIFT
    if (words[at + SCOPE_LOW] !== key.scopeLow || words[at + SCOPE_HIGH] !== key.scopeHigh) return -1
    return words[at + SCOPE_OPTION] === key.scopeOption ? this.sideOfEnds(row, packet) : -1
  }

  /** The same whatever the scope is. */
  sideOfEnds(row: number, packet: PacketView): number {
    const { key } = this
    const words = this.#words
    const at = row << ROW_SHIFT
    if (words[at + TRAITS_WORD] !== key.traits || words[at + VLANS] !== key.vlans || words[at + VLANS + 1] !== packet.vlansHigh) return -1
    const { source, destination } = key
    const ports = words[at + PORTS]
    const addressA = words[at + ADDRESS]
    const addressB = words[at + ADDRESS + 1]
    if (ports === key.ports && addressA === source && addressB === destination && this.#isUpperOf(row, 0, packet)) return 0
    if (ports === key.portsBack && addressA === destination && addressB === source && this.#isUpperOf(row, 1, packet)) return 1
    return -1
  }

  /** Whether the first 96 bits of IPv6 addresses are the flow's too. */
  #isUpperOf(row: number, side: number, packet: PacketView): boolean {
    return packet.innerVersion === 4 || this.#store.isUpperOf(row, side, packet)
  }
}

/** Of the 5-tuple, the VLANs and the outer addresses, equal both ways. */
export function outerHash(key: FlowKey, packet: PacketView): number {
  const { view, outerVersion } = packet
  if (outerVersion === 0) return key.tupleHash
  const last = outerVersion === 6 ? 12 : 0
  const hash = Math.imul(view.getInt32(packet.outerSource + last) + view.getInt32(packet.outerDestination + last), 0x5be0cd19)
  return key.tupleHash ^ hash ^ (hash >>> 15)
}

/** Of the first 96 bits of an IPv6 address. */
function upperHash(view: DataView, offset: number): number {
  const hash = Math.imul(view.getInt32(offset), 0x2545f491) ^ view.getInt32(offset + 4)
  return Math.imul(Math.imul(hash ^ (hash >>> 15), 0x2545f491) ^ view.getInt32(offset + 8), 0x9e3779b1)
}
