import type { DecodedPacket, InnerPacket, PacketOption, PacketRecord, Rejected } from '@geneve-telemetry/core'
import { end, networkNames, observerNames, relatedIps, vlanNames } from './ecs.ts'
import { type EcsNames, NO_VENDORS } from './ecs-names.ts'
import { members, number, object, quote, quoteAll } from './json.ts'
import type { Phrases } from './phrases.ts'
import { NOT_A_TIME } from './rejection.ts'
import { NOTHING_TOLD, otherObjects, type Told, toldIn } from './told.ts'
import { relatedFirst, tunnelEnds, tunnelled } from './tunnel.ts'

type Header = NonNullable<DecodedPacket['geneve']>
type Outer = NonNullable<DecodedPacket['outer']>

const EVENT =
  '"kind":"event","category":["network"],"type":["info"],"action":"network_packet","module":"geneve","dataset":"geneve.packet","id":'
const OWN_OBJECTS: ReadonlySet<string> = new Set(['event', 'source', 'destination', 'network', 'related', 'error', 'geneve'])

/** A packet's ECS document in one line of JSON. Source and destination are those of the innermost packet; `@timestamp` is the packet's time. */
export function packetDocument(record: PacketRecord, names: EcsNames = NO_VENDORS): string | Rejected {
  const { phrases } = names
  const { inner, issue, telemetry } = record.packet
  const time = phrases.time(record.time)
  if (time === undefined) return NOT_A_TIME
  const told = telemetry === undefined ? NOTHING_TOLD : names.tell(telemetry)
  if ('rejected' in told) return told

  const more = toldIn(told, 'event')
  const event = `${phrases.head(record.observer, eventHead)}${quote(record.id)}${more === '' ? '}' : `,${more}}`}`
  const ecs = inner === undefined && told.elsewhere.size === 0 ? '' : innerObjects(inner ?? {}, told, phrases)
  const error = object('error', members(issue === undefined ? '' : `"type":${quote(issue.kind)}`, toldIn(told, 'error')))
  return `{"@timestamp":"${time}${event}${ecs}${error === '' ? '' : `,${error}`},"geneve":{${ours(record, phrases)}${told.geneve}}${otherObjects(told, OWN_OBJECTS)}}`
}

/** From the end of the time to the id. */
export function eventHead(observer: string): string {
  return `",${observerNames(observer)},"event":{${EVENT}`
}

/** Source, destination, network and related, those that are there, each with a comma before it. */
export function innerObjects(inner: InnerPacket, told: Told, phrases: Phrases): string {
  const source = inner.source === undefined ? undefined : phrases.address(inner.source)
  const destination = inner.destination === undefined ? undefined : phrases.address(inner.destination)
  const from = end('source', source?.source, inner.sourcePort, toldIn(told, 'source'))
  const to = end('destination', destination?.destination, inner.destinationPort, toldIn(told, 'destination'))
  const type = inner.source === undefined ? 'unknown' : inner.source.includes(':') ? 'ipv6' : 'ipv4'
  const network = networkNames(inner.protocol, type)
  const ips = relatedIps(source?.related ?? '', destination?.related ?? '', relatedFirst(inner, phrases))
  if (inner.vlan === undefined && told.elsewhere.size === 0 && from !== '' && to !== '' && network !== '' && ips !== '') {
    return `,${from},${to},"network":{${network}},"related":{${ips}}`
  }
  const all = members(
    from,
    to,
    object('network', members(network, vlanNames(inner.vlan ?? []), toldIn(told, 'network'))),
    object('related', members(ips, toldIn(told, 'related'))),
  )
  return all === '' ? '' : `,${all}`
}

/** The members of `geneve`, without what was told. */
function ours({ frame, length, capturedLength, packet }: PacketRecord, phrases: Phrases): string {
  const { geneve, outer, inner, issue } = packet
  const header = geneve === undefined ? '' : phrases.header(geneve, headerNames)
  let text = `"frame":${number(frame)},"tunnel":{"bytes":${number(length)},"captured_bytes":${number(capturedLength)}}${header}`
  if (outer !== undefined) text += outerNames(outer, phrases)
  if (inner !== undefined) text += innerNames(inner, phrases)
  if (issue === undefined) return text
  const { layer, offset, needed, available } = issue
  const sizes = `"offset":${number(offset)},"needed":${number(needed)},"available":${number(available)}`
  return `${text},"decoder":{"layer":${quote(layer)}},"issue":{${sizes}}`
}

/** What is said of the outer packet, a comma before it. */
export function outerNames({ source, destination, sourcePort, destinationPort, ttl }: Outer, phrases: Phrases): string {
  const ends = tunnelEnds(source, destination, phrases, sourcePort, destinationPort)
  const all = object('outer', members(ends, ttl === undefined ? '' : `"ttl":${number(ttl)}`))
  return all === '' ? '' : `,${all}`
}

/** What is said of the inner packet beyond ECS, a comma before each member. */
export function innerNames(inner: InnerPacket, phrases: Phrases): string {
  const ttl = inner.ttl === undefined ? '' : `,"inner":{"ttl":${number(inner.ttl)}}`
  const flags = inner.tcpFlags === undefined ? '' : `,"tcp":{"flags":${quote(inner.tcpFlags)}}`
  return `${ttl}${flags}${tunnelled(inner, phrases)}`
}

/** A GENEVE header's members, a comma before them. */
export function headerNames({ version, control, critical, protocolType, vni, options }: Header): string {
  const vendors = new Set(options.flatMap(({ vendor }) => vendor ?? []))
  const all = members(
    `"version":${number(version)},"control":${control},"critical":${critical}`,
    `"protocol_type":${quote(protocolType)},"vni":${number(vni)}`,
    options.length === 0 ? '' : `"options":${quoteAll(options.map(optionText))}`,
    vendors.size === 0 ? '' : `"option":{"vendor":${quoteAll([...vendors])}}`,
  )
  return `,${all}`
}

/**
 * An option as one text, class/type/data, so that it stays known which data belongs to which class. An array of objects would not keep that: Elasticsearch
 * indexes one list per field of them, and logsdb, which makes documents anew from those lists, returns them so.
 */
function optionText(option: PacketOption): string {
  return `${option.class}/${option.type}/${option.data}`
}
