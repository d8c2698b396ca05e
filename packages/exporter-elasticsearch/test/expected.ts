import { isIP } from 'node:net'
import type { FieldValue, FlowRecord, FlowSide, Instant, MetricRecord, PacketRecord, Telemetry, ToldRecord } from '@geneve-telemetry/core'
import { ATTRIBUTES, MEASURES } from '@geneve-telemetry/core'
import { protocolNumber } from '@geneve-telemetry/core/wire'
import { gateway } from '../../../test/example-gateway.ts'
import { EXAMPLE_PATHS } from './records.ts'

// The documents once more, as plain objects and without a thought for speed.

export type Json = string | number | bigint | boolean | null | undefined | readonly Json[] | { [key: string]: Json }
type Json_ = { [key: string]: Json }

const isIp = (text: string | undefined): text is string => text !== undefined && isIP(text) !== 0 && !text.includes('%')

function iso({ seconds, nanos }: Instant): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`
}

const nanos = ({ seconds, nanos }: Instant): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanos)

function common(observer: string): Json_ {
  return {
    ecs: { version: '9.4.0' },
    observer: { name: observer, type: 'sensor', product: 'geneve-telemetry' },
    host: { name: observer },
  }
}

const endpoint = (address: string | undefined, port: number | undefined): Json_ => ({
  address,
  ip: isIp(address) ? address : undefined,
  port,
})
const tunnelEnd = (address: string | undefined, port?: number): Json_ => (isIp(address) ? { ip: address, port } : { address, port })

const related = (...addresses: (string | undefined)[]): Json_ => ({ ip: nonEmpty([...new Set(addresses.filter(isIp))]) })
const nonEmpty = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list

const vlans = (vlan: readonly number[] = []): Json_ => ({
  vlan: { id: vlan.length > 0 ? String(vlan[0]) : undefined },
  inner: { vlan: { id: vlan.length > 1 ? String(vlan.at(-1)) : undefined } },
})

function transport(protocol: string | undefined): Json_ {
  if (protocol === 'arp' || protocol === undefined) return {}
  const number = protocol === protocol.toLowerCase() ? protocolNumber(protocol) : undefined
  return { transport: protocol, iana_number: number === undefined ? undefined : String(number) }
}

/** Puts a value where its dotted name says. */
function put(document: Json_, path: string, value: Json): void {
  const [key = '', ...rest] = path.split('.')
  if (rest.length > 0) document[key] ??= {}
  if (rest.length === 0) document[key] = value
  else put(document[key] as Json_, rest.join('.'), value)
}

function putTelemetry(document: Json_, telemetry: Telemetry | undefined): void {
  for (const fields of Object.values(telemetry ?? {})) {
    for (const [name, value] of Object.entries(fields)) {
      put(document, (EXAMPLE_PATHS as Record<string, string>)[name] ?? `geneve.${name}`, value as Exclude<FieldValue, never> as Json)
    }
  }
}

/** Without what is not there, texts in well-formed Unicode: what a reader of the JSON gets. */
export function settled(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value
  if (Array.isArray(value)) return value.map(settled)
  const entries = Object.entries(value)
    .map(([key, part]) => [key, settled(part)] as const)
    .filter(([, part]) => part !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

export function expectedPacket({ id, observer, time, frame, length, capturedLength, packet }: PacketRecord): Json {
  const { outer, geneve, inner, issue, telemetry } = packet
  const type = inner?.source === undefined ? undefined : inner.source.includes(':') ? 'ipv6' : 'ipv4'
  const document: Json_ = {
    '@timestamp': iso(time),
    ...common(observer),
    event: {
      kind: 'event',
      category: ['network'],
      type: ['info'],
      action: 'network_packet',
      module: 'geneve',
      dataset: 'geneve.packet',
      id,
    },
    source: endpoint(inner?.source, inner?.sourcePort),
    destination: endpoint(inner?.destination, inner?.destinationPort),
    network: { ...transport(inner?.protocol), type: inner?.protocol === 'arp' ? 'arp' : type, ...vlans(inner?.vlan) },
    related: related(inner?.source, inner?.destination, inner?.firstSource, inner?.firstDestination),
    error: { type: issue?.kind },
    geneve: {
      frame,
      tunnel: { bytes: length, captured_bytes: capturedLength },
      version: geneve?.version,
      control: geneve?.control,
      critical: geneve?.critical,
      protocol_type: geneve?.protocolType,
      vni: geneve?.vni,
      options: nonEmpty(geneve?.options.map((option) => `${option.class}/${option.type}/${option.data}`)),
      option: { vendor: nonEmpty([...new Set(geneve?.options.flatMap(({ vendor }) => vendor ?? []))]) },
      outer: {
        source: tunnelEnd(outer?.source, outer?.sourcePort),
        destination: tunnelEnd(outer?.destination, outer?.destinationPort),
        ttl: outer?.ttl,
      },
      inner: { ttl: inner?.ttl },
      tcp: { flags: inner?.tcpFlags },
      icmp: { type: inner?.icmpType, code: inner?.icmpCode },
      vlan: nonEmpty(inner?.vlan),
      encapsulation: nonEmpty(inner?.encapsulation),
      first: { source: tunnelEnd(inner?.firstSource), destination: tunnelEnd(inner?.firstDestination) },
      decoder: { layer: issue?.layer },
      issue: { offset: issue?.offset, needed: issue?.needed, available: issue?.available },
    },
  }
  putTelemetry(document, telemetry)
  return settled(document)
}

function flags(bits: number): string {
  return [...'FSRPAUEC'].filter((_, bit) => (bits & (1 << bit)) !== 0).join('')
}

export function expectedFlow(record: FlowRecord): Json {
  const { forward, reverse, protocol } = record
  const side = ({ tunnelBytes, vni, tcpFlags, returnedPackets, returnedBytes }: FlowSide): Json_ => ({
    tunnel: { bytes: tunnelBytes },
    vni,
    tcp: { flags: protocol === 6 ? flags(tcpFlags) : undefined },
    returned: { packets: returnedPackets, bytes: returnedPackets === undefined ? undefined : (returnedBytes ?? 0) },
  })
  const both = (one: number, other: number): bigint => BigInt(one) + BigInt(other)
  const keyword = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' }[protocol]
  const document: Json_ = {
    '@timestamp': iso(record.end),
    ...common(record.observer),
    event: {
      kind: 'event',
      category: ['network'],
      type: ['connection', ...(record.part === 0 ? ['start'] : []), ...(record.final ? ['end'] : [])],
      action: 'network_flow',
      module: 'geneve',
      dataset: 'geneve.flow',
      start: iso(record.start),
      end: iso(record.end),
      duration: nanos(record.end) - nanos(record.start),
      id: record.id,
    },
    source: { ...endpoint(record.source, record.sourcePort), packets: forward.packets, bytes: forward.bytes },
    destination: { ...endpoint(record.destination, record.destinationPort), packets: reverse.packets, bytes: reverse.bytes },
    network: {
      transport: keyword,
      iana_number: String(protocol),
      type: `ipv${record.version}`,
      packets: both(forward.packets, reverse.packets),
      bytes: both(forward.bytes, reverse.bytes),
      community_id: record.communityId,
      ...vlans(record.vlan),
    },
    related: related(record.source, record.destination, record.firstSource, record.firstDestination),
    geneve: {
      frame: record.frame,
      flow: {
        id: record.flow,
        part: record.part,
        final: record.final,
        end_reason: record.reason,
        end_code: { fin: 3, evicted: 5, 'end-of-input': 4 }[record.reason as string],
        initiator: record.initiator,
        state: record.state,
        asymmetric: record.asymmetric,
      },
      sample: { weight: record.weight },
      vni: forward.vni ?? reverse.vni,
      tunnel: { bytes: both(forward.tunnelBytes, reverse.tunnelBytes) },
      source: side(forward),
      destination: side(reverse),
      outer: { source: tunnelEnd(record.outerSource), destination: tunnelEnd(record.outerDestination) },
      icmp: { type: record.icmpType, code: record.icmpCode },
      vlan: nonEmpty(record.vlan),
      encapsulation: nonEmpty(record.encapsulation),
      first: { source: tunnelEnd(record.firstSource), destination: tunnelEnd(record.firstDestination) },
    },
  }
  putTelemetry(document, record.telemetry)
  return settled(document)
}

export function expectedMetric(record: MetricRecord, dataset: string): Json {
  const document: Json_ = {
    '@timestamp': iso(record.start),
    ...common(record.observer),
    event: {
      kind: 'metric',
      module: 'geneve',
      dataset,
      start: iso(record.start),
      end: iso(record.end),
      duration: nanos(record.end) - nanos(record.start),
    },
    geneve: { measurement: record.measurement, origin: record.id.split('-')[0], sample: { weight: record.weight } },
  }
  const attributes = new Map<string, string>([...ATTRIBUTES.map(({ name, ecs }) => [name, ecs] as const), ...Object.entries(EXAMPLE_PATHS)])
  for (const [name, value] of Object.entries(record.attributes)) put(document, attributes.get(name) ?? `geneve.${name}`, value)
  for (const [name, { value }] of Object.entries(record.points)) {
    const measure = MEASURES[record.measurement]?.find((each) => each.name === name)
    put(document, measure?.ecs ?? `geneve.${record.measurement}.${name}`, value)
  }
  return settled(document)
}

const GATEWAY_PATHS = new Map(gateway.record?.fields.map(({ name, ecs }) => [name, ecs]))

export function expectedTold({ id, observer, time, vendor, subject, reason, packets, values }: ToldRecord): Json {
  const ips = [...new Set([values['addresses'] ?? [], values['peer'] ?? []].flat())] as string[]
  const document: Json_ = {
    '@timestamp': iso(time),
    ...common(observer),
    event: {
      kind: 'state',
      category: ['network'],
      type: ['info'],
      action: 'network_telemetry',
      module: 'geneve',
      dataset: 'geneve.telemetry',
      reason,
      id,
    },
    related: { ip: nonEmpty(ips) },
    geneve: { origin: id.split('-')[0], option: { vendor: [vendor] }, subject: { ...subject }, told: { packets } },
  }
  for (const [name, value] of Object.entries(values)) put(document, GATEWAY_PATHS.get(name) ?? `geneve.${name}`, value as Json)
  return settled(document)
}
