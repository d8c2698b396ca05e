import { packetId } from './telemetry/identity.ts'
import type { DecodedPacket, FieldValue, InnerPacket, PacketOption, Telemetry } from './telemetry/packet.ts'
import type { PacketRecord } from './telemetry/record.ts'
import type { OptionTable } from './vendors/option-table.ts'
import { describeOption } from './vendors/option-text.ts'
import { addressText } from './wire/address.ts'
import { type DecodeIssue, type IssueKind, issueKind, issueLayer } from './wire/issue.ts'
import { ENCAPSULATIONS, type PacketView } from './wire/packet-view.ts'
import { protocolName } from './wire/protocol.ts'
import { tcpFlagsText } from './wire/tcp-flags.ts'

/** What a record says about where it comes from. */
export interface Observed {
  /** The source's name for identities: a file's digest or a run id. */
  readonly origin: string
  /** Who saw it. */
  readonly observer: string
}

/** Copies a packet out of its view: a record of plain values that outlives the capture's bytes. */
export function observe(packet: PacketView, table: OptionTable, { origin, observer }: Observed): PacketRecord {
  return {
    kind: 'packet',
    id: packetId(origin, packet.frame),
    observer,
    time: { seconds: packet.seconds, nanos: packet.nanos },
    frame: packet.frame,
    length: packet.wireLength,
    capturedLength: packet.end - packet.start,
    packet: describePacket(packet, table),
  }
}

/** What is known about a packet, in the public shape; what is not known is absent. */
export function describePacket(packet: PacketView, table: OptionTable): DecodedPacket {
  const described: Writable<DecodedPacket> = {}
  if (packet.outerVersion !== 0) described.outer = describeOuter(packet)
  if (packet.vni >= 0) {
    const options = describeOptions(packet, table)
    described.geneve = {
      version: packet.version,
      control: packet.control === 1,
      critical: packet.critical === 1,
      protocolType: `0x${packet.protocolType.toString(16).padStart(4, '0')}`,
      vni: packet.vni,
      options,
    }
    const inner = describeInner(packet)
    if (inner !== undefined) described.inner = inner
    const telemetry = mergeTelemetry(options)
    if (telemetry !== undefined) described.telemetry = telemetry
  }
  if (packet.issue !== 0) described.issue = describeIssue(packet)
  return described
}

/** The packet's issue as an object; call it only where `packet.issue` is not 0. */
export function describeIssue(packet: PacketView): DecodeIssue {
  return {
    kind: issueKind(packet.issue) as IssueKind,
    layer: issueLayer(packet.issue),
    offset: packet.issueOffset,
    needed: packet.issueNeeded,
    available: packet.issueAvailable,
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function describeOuter(packet: PacketView): NonNullable<DecodedPacket['outer']> {
  const { view, outerVersion } = packet
  const source = addressText(view, packet.outerSource, outerVersion)
  const destination = addressText(view, packet.outerDestination, outerVersion)
  if (packet.sourcePort < 0) return { source, destination, ttl: packet.outerTtl }
  return { source, destination, sourcePort: packet.sourcePort, destinationPort: packet.destinationPort, ttl: packet.outerTtl }
}

function describeOptions(packet: PacketView, table: OptionTable): PacketOption[] {
  const options: PacketOption[] = []
  for (let at = packet.optionsStart; at < packet.optionsEnd; ) {
    const end = at + 4 + (packet.view.getUint8(at + 3) & 0x1f) * 4
    options.push(describeOption(packet.view, at, end, table))
    at = end
  }
  return options
}

function describeInner(packet: PacketView): InnerPacket | undefined {
  const { view, innerVersion } = packet
  const inner: Writable<InnerPacket> = {}
  if (packet.innerSource >= 0) {
    inner.source = addressText(view, packet.innerSource, innerVersion || 4)
    inner.destination = addressText(view, packet.innerDestination, innerVersion || 4)
  }
  if (packet.isArp === 1) inner.protocol = 'arp'
  else if (packet.protocol >= 0) inner.protocol = protocolName(packet.protocol)
  if (packet.innerSourcePort >= 0) {
    inner.sourcePort = packet.innerSourcePort
    inner.destinationPort = packet.innerDestinationPort
  }
  if (packet.tcpFlags >= 0) inner.tcpFlags = tcpFlagsText(packet.tcpFlags)
  if (innerVersion !== 0) inner.ttl = packet.innerTtl
  if (packet.vlanCount > 0) inner.vlan = vlanIds(packet)
  if (packet.icmpType >= 0) {
    inner.icmpType = packet.icmpType
    inner.icmpCode = packet.icmpCode
  }
  if (packet.depth > 0) {
    inner.encapsulation = encapsulationNames(packet.encapsulations, packet.depth)
    if (packet.firstSource >= 0 && packet.firstSource !== packet.innerSource) {
      inner.firstSource = addressText(view, packet.firstSource, packet.firstVersion)
      inner.firstDestination = addressText(view, packet.firstDestination, packet.firstVersion)
    }
  }
  return packet.innerVersion !== 0 || packet.isArp === 1 || packet.vlanCount > 0 ? inner : undefined
}

/** The ids of 802.1Q tags as PacketView packs them: at most four, outermost first. */
export function vlanIds({ vlanCount, vlansLow, vlansHigh }: Pick<PacketView, 'vlanCount' | 'vlansLow' | 'vlansHigh'>): number[] {
  return [vlansLow & 0xfff, vlansLow >> 12, vlansHigh & 0xfff, vlansHigh >> 12].slice(0, vlanCount)
}

/** The names of the tunnels as PacketView packs them, outermost first. */
export function encapsulationNames(encapsulations: number, depth: number): string[] {
  return Array.from({ length: depth }, (_, index) => ENCAPSULATIONS[(encapsulations >> (index * 4)) & 15] ?? '')
}

/** All decoded values by vendor and field. Of a field that is there twice the first one stands, as for an endpoint that reads the options in order. */
function mergeTelemetry(options: readonly PacketOption[]): Telemetry | undefined {
  let telemetry: Record<string, Record<string, FieldValue>> | undefined
  for (const { vendor, name, value } of options) {
    if (vendor === undefined || name === undefined || value === undefined) continue
    telemetry ??= {}
    telemetry[vendor] ??= {}
    const values = telemetry[vendor]
    if (typeof value === 'object') for (const field of Object.keys(value)) values[field] ??= value[field] as FieldValue
    else values[name] ??= value
  }
  return telemetry
}
