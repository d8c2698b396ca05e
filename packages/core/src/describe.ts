import { Memo } from './memo.ts'
import type { DecodedPacket, FieldValue, InnerPacket, PacketOption, Telemetry } from './telemetry/packet.ts'
import type { ToldValue } from './telemetry/told.ts'
import type { OptionTable } from './vendors/option-table.ts'
import { describeOptions } from './vendors/option-text.ts'
import { addressText, hex16Text } from './wire/address.ts'
import { type DecodeIssue, type IssueKind, issueKind, issueLayer } from './wire/issue.ts'
import { ENCAPSULATIONS, type PacketView } from './wire/packet-view.ts'
import { protocolName } from './wire/protocol.ts'
import { tcpFlagsText } from './wire/tcp-flags.ts'

type Geneve = NonNullable<DecodedPacket['geneve']>
type Outer = NonNullable<DecodedPacket['outer']>
type Writable<T> = { -readonly [K in keyof T]: T[K] }

interface Header {
  readonly geneve: Geneve
  readonly telemetry: Telemetry | undefined
}

interface AddressPair {
  readonly source: string
  readonly destination: string
}

const HEADER_SLOTS = 1024
const HEADER_WORDS = 65
const PAIR_SLOTS = 4096
const PAIR_WORDS = 8
const END_SLOTS = 4096

/**
 * Says what a decoded packet is, in the public shape: plain values, which outlive the bytes. Parts that repeat from packet to packet (a GENEVE header
 * with its options, a pair of addresses, all that is said of the outer packet or of the inner one) are made once and shared by the packets that carry them.
 */
export class PacketDescriber {
  readonly #table: OptionTable
  readonly #headers = new Memo<Header>(HEADER_SLOTS, HEADER_WORDS)
  readonly #pairs = new Memo<AddressPair>(PAIR_SLOTS, PAIR_WORDS)
  readonly #outers = new Memo<Outer>(END_SLOTS, PAIR_WORDS)
  readonly #inners = new Memo<InnerPacket>(END_SLOTS, PAIR_WORDS)

  constructor(table: OptionTable) {
    this.#table = table
  }

  /** What is known about the packet; what is not known is absent. */
  describe(packet: PacketView): DecodedPacket {
    const described: Writable<DecodedPacket> = {}
    if (packet.outerVersion !== 0) described.outer = this.#outer(packet)
    if (packet.vni >= 0) {
      const { geneve, telemetry } = this.#header(packet)
      described.geneve = geneve
      const inner = this.#inner(packet)
      if (inner !== undefined) described.inner = inner
      if (telemetry !== undefined) described.telemetry = telemetry
    }
    if (packet.issue !== 0) described.issue = describeIssue(packet)
    return described
  }

  #outer(packet: PacketView): Outer {
    const { view, outerSource, sourcePort, destinationPort } = packet
    const words = packet.outerVersion === 4 ? 2 : 8
    const ports = (sourcePort << 16) | destinationPort
    const also = (packet.outerTtl << 1) | (sourcePort < 0 ? 0 : 1)
    const known = this.#outers.get(view, outerSource, words, ports, also)
    return known ?? this.#outers.set(view, outerSource, words, this.#newOuter(packet), ports, also)
  }

  #newOuter(packet: PacketView): Outer {
    const { source, destination } = this.#pair(packet.view, packet.outerSource, packet.outerVersion)
    const ttl = packet.outerTtl
    if (packet.sourcePort < 0) return { source, destination, ttl }
    return { source, destination, sourcePort: packet.sourcePort, destinationPort: packet.destinationPort, ttl }
  }

  #header(packet: PacketView): Header {
    const { view, geneve } = packet
    const words = (packet.optionsEnd - geneve) >> 2
    return this.#headers.get(view, geneve, words) ?? this.#headers.set(view, geneve, words, describeHeader(packet, this.#table))
  }

  /** IP headers have the two addresses side by side, source first. */
  #pair(view: DataView, offset: number, version: number): AddressPair {
    const words = version === 4 ? 2 : 8
    const pair = this.#pairs.get(view, offset, words)
    if (pair !== undefined) return pair
    const source = addressText(view, offset, version)
    const destination = addressText(view, offset + words * 2, version)
    return this.#pairs.set(view, offset, words, { source, destination })
  }

  #inner(packet: PacketView): InnerPacket | undefined {
    const { view, innerVersion, innerSource } = packet
    if (innerVersion === 0) return describeNonIp(packet)
    if (packet.vlanCount > 0 || packet.depth > 0) return this.#newInner(packet)
    const words = innerVersion === 4 ? 2 : 8
    const hasPorts = packet.innerSourcePort >= 0
    const ports = hasPorts ? (packet.innerSourcePort << 16) | packet.innerDestinationPort : packet.icmp
    const also = (packet.innerTtl << 20) | ((packet.protocol + 1) << 10) | ((packet.tcpFlags + 1) << 1) | (hasPorts ? 1 : 0)
    const known = this.#inners.get(view, innerSource, words, ports, also)
    return known ?? this.#inners.set(view, innerSource, words, this.#newInner(packet), ports, also)
  }

  #newInner(packet: PacketView): InnerPacket {
    const { view, innerVersion } = packet
    const { source, destination } = this.#pair(view, packet.innerSource, innerVersion)
    const inner: Writable<InnerPacket> = { source, destination }
    if (packet.protocol >= 0) inner.protocol = protocolName(packet.protocol)
    if (packet.innerSourcePort >= 0) {
      inner.sourcePort = packet.innerSourcePort
      inner.destinationPort = packet.innerDestinationPort
    }
    if (packet.tcpFlags >= 0) inner.tcpFlags = tcpFlagsText(packet.tcpFlags)
    inner.ttl = packet.innerTtl
    if (packet.vlanCount > 0) inner.vlan = vlanIds(packet)
    if (packet.icmpType >= 0) {
      inner.icmpType = packet.icmpType
      inner.icmpCode = packet.icmpCode
    }
    if (packet.depth > 0) {
      inner.encapsulation = encapsulationNames(packet.encapsulations, packet.depth)
      if (packet.firstSource !== packet.innerSource) {
        const first = this.#pair(view, packet.firstSource, packet.firstVersion)
        inner.firstSource = first.source
        inner.firstDestination = first.destination
      }
    }
    return inner
  }
}

function describeHeader(packet: PacketView, table: OptionTable): Header {
  const options = describeOptions(packet.view, packet.optionsStart, packet.optionsEnd, table)
  const geneve: Geneve = {
    version: packet.version,
    control: packet.control === 1,
    critical: packet.critical === 1,
    protocolType: hex16Text(packet.protocolType),
    vni: packet.vni,
    options,
  }
  return { geneve, telemetry: mergeTelemetry(options) }
}

/** All decoded values by vendor and field. */
export function mergeTelemetry(options: readonly PacketOption[]): Telemetry | undefined {
  let telemetry: Record<string, Record<string, ToldValue>> | undefined
  for (const { vendor, name, value } of options) {
    if (vendor === undefined || name === undefined || value === undefined) continue
    telemetry ??= {}
    telemetry[vendor] ??= {}
    const values = telemetry[vendor]
    addValue(values, name, value)
  }
  return telemetry
}

/**
 * Adds what an option said. Of a field that is there twice the first one stands, as for an endpoint that reads the options in order; a list goes on; several
 * fields of one option stand each by itself.
 */
export function addValue(values: Record<string, ToldValue>, name: string, value: FieldValue): void {
  if (Array.isArray(value)) {
    const before = values[name] ?? []
    if (Array.isArray(before)) values[name] = [...before, ...value]
  } else if (typeof value === 'object') {
    for (const [field, part] of Object.entries(value)) values[field] ??= part
  } else {
    values[name] ??= value
  }
}

/** ARP, with the protocol addresses of sender and target, or a frame of which only its tags are known. */
function describeNonIp(packet: PacketView): InnerPacket | undefined {
  if (packet.arp < 0 && packet.vlanCount === 0) return undefined
  const inner: Writable<InnerPacket> = {}
  if (packet.innerSource >= 0) {
    inner.source = addressText(packet.view, packet.innerSource, 4)
    inner.destination = addressText(packet.view, packet.innerDestination, 4)
  }
  if (packet.arp >= 0) inner.protocol = 'arp'
  if (packet.vlanCount > 0) inner.vlan = vlanIds(packet)
  if (packet.depth > 0) inner.encapsulation = encapsulationNames(packet.encapsulations, packet.depth)
  if (packet.firstVersion !== 0) {
    inner.firstSource = addressText(packet.view, packet.firstSource, packet.firstVersion)
    inner.firstDestination = addressText(packet.view, packet.firstDestination, packet.firstVersion)
  }
  return inner
}

/** The packet's issue as an object; only where `packet.issue` is not 0. */
export function describeIssue(packet: PacketView): DecodeIssue {
  return {
    kind: issueKind(packet.issue) as IssueKind,
    layer: issueLayer(packet.issue),
    offset: packet.issueOffset,
    needed: packet.issueNeeded,
    available: packet.issueAvailable,
  }
}

/** The ids of 802.1Q tags as PacketView packs them: at most four, outermost first. */
export function vlanIds({ vlanCount, vlansLow, vlansHigh }: Pick<PacketView, 'vlanCount' | 'vlansLow' | 'vlansHigh'>): number[] {
  return [vlansLow & 0xfff, vlansLow >> 12, vlansHigh & 0xfff, vlansHigh >> 12].slice(0, vlanCount)
}

/** The names of the tunnels as PacketView packs them, outermost first. */
export function encapsulationNames(encapsulations: number, depth: number): string[] {
  return Array.from({ length: depth }, (_, index) => ENCAPSULATIONS[(encapsulations >> (index * 4)) & 15] ?? '')
}
