import type { FlowRecord, FlowSide, Rejected } from '@geneve-telemetry/core'
import { addQuantities, FLOW_ENDS, instantText, nanosBetween } from '@geneve-telemetry/core'
import { protocolName, tcpFlagsText } from '@geneve-telemetry/core/wire'
import { end, networkNames, observerNames, relatedIps, sampleNames, vlanNames } from './ecs.ts'
import { type EcsNames, NO_VENDORS } from './ecs-names.ts'
import { members, number, object, quote } from './json.ts'
import { CLOUD, cloudNames } from './mapping.ts'
import type { Phrases } from './phrases.ts'
import { NOT_A_TIME } from './rejection.ts'
import { NOTHING_TOLD, otherObjects, toldIn } from './told.ts'
import { relatedFirst, tunnelEnds, tunnelled } from './tunnel.ts'

const TCP = 6
const OWN_OBJECTS: ReadonlySet<string> = new Set(['event', 'source', 'destination', 'network', 'related', 'geneve', CLOUD])

/**
 * The ECS document of a flow, or of a part of one, in one line of JSON. Source is the initiator: `source.bytes` went to the destination,
 * `destination.bytes` came back, `network.bytes` is both. `@timestamp` is the time of its last packet.
 */
export function flowDocument(record: FlowRecord, names: EcsNames = NO_VENDORS): string | Rejected {
  const start = instantText(record.start)
  const last = instantText(record.end)
  if (start === undefined || last === undefined) return NOT_A_TIME
  const { forward, reverse, telemetry } = record
  if (!isCounted(forward) || !isCounted(reverse)) return { rejected: 'packets or bytes are no whole number' }
  const told = telemetry === undefined ? NOTHING_TOLD : names.tellOnce(telemetry)
  if ('rejected' in told) return told

  const { phrases } = names
  const source = phrases.address(record.source)
  const destination = phrases.address(record.destination)
  const ips = relatedIps(source.related, destination.related, relatedFirst(record, phrases))
  const objects = members(
    object('event', members(event(record, start, last), toldIn(told, 'event'))),
    end('source', source.source, record.sourcePort, members(counts(forward), toldIn(told, 'source'))),
    end('destination', destination.destination, record.destinationPort, members(counts(reverse), toldIn(told, 'destination'))),
    object('network', members(network(record), toldIn(told, 'network'))),
    object('related', members(ips, toldIn(told, 'related'))),
    object(CLOUD, members(cloudNames(record, source.related, destination.related), toldIn(told, CLOUD))),
    `"geneve":{${ours(record, phrases)}${told.geneve}}`,
  )
  return `{"@timestamp":"${last}",${observerNames(record.observer)},${objects}${otherObjects(told, OWN_OBJECTS)}}`
}

function isCounted({ packets, bytes, tunnelBytes }: FlowSide): boolean {
  return Number.isSafeInteger(packets) && Number.isSafeInteger(bytes) && Number.isSafeInteger(tunnelBytes)
}

/** The first part begins the connection, the final one ends it; one in between does neither. */
function event(record: FlowRecord, start: string, end: string): string {
  const type = `["connection"${record.part === 0 ? ',"start"' : ''}${record.final ? ',"end"' : ''}]`
  const times = `"start":"${start}","end":"${end}","duration":${nanosBetween(record.start, record.end)}`
  const names = '"action":"network_flow","module":"geneve","dataset":"geneve.flow"'
  return `"kind":"event","category":["network"],"type":${type},${names},${times},"id":${quote(record.id)}`
}

function counts({ packets, bytes }: FlowSide): string {
  return `"packets":${packets},"bytes":${bytes}`
}

function network({ protocol, version, vlan, forward, reverse, communityId }: FlowRecord): string {
  return members(
    networkNames(protocolName(protocol), version === 4 ? 'ipv4' : 'ipv6'),
    vlanNames(vlan),
    communityId === undefined ? '' : `"community_id":${quote(communityId)}`,
    `"packets":${addQuantities(forward.packets, reverse.packets)},"bytes":${addQuantities(forward.bytes, reverse.bytes)}`,
  )
}

/** The members of `geneve`, without what was told. */
function ours(record: FlowRecord, phrases: Phrases): string {
  const { forward, reverse, protocol } = record
  const vni = forward.vni ?? reverse.vni
  const own = members(
    `"frame":${number(record.frame)}`,
    object('flow', flow(record)),
    sampleNames(record),
    vni === undefined ? '' : `"vni":${number(vni)}`,
    `"tunnel":{"bytes":${addQuantities(forward.tunnelBytes, reverse.tunnelBytes)}}`,
    object('source', side(forward, protocol)),
    object('destination', side(reverse, protocol)),
    object('outer', tunnelEnds(record.outerSource, record.outerDestination, phrases)),
  )
  return own + tunnelled(record, phrases)
}

function flow({ flow, part, final, reason, initiator, state, asymmetric }: FlowRecord): string {
  const end = `"final":${final},"end_reason":${quote(reason)},"end_code":${number(FLOW_ENDS[reason])}`
  return members(
    `"id":${quote(flow)},"part":${number(part)},${end},"initiator":${quote(initiator)}`,
    state === undefined ? '' : `"state":${quote(state)}`,
    asymmetric === true ? '"asymmetric":true' : '',
  )
}

/** What one direction has beside packets and bytes. */
function side({ tunnelBytes, tcpFlags, vni, returnedPackets, returnedBytes }: FlowSide, protocol: number): string {
  return members(
    `"tunnel":{"bytes":${tunnelBytes}}`,
    vni === undefined ? '' : `"vni":${number(vni)}`,
    protocol === TCP ? `"tcp":{"flags":"${tcpFlagsText(tcpFlags)}"}` : '',
    returnedPackets === undefined ? '' : `"returned":{"packets":${number(returnedPackets)},"bytes":${number(returnedBytes ?? 0)}}`,
  )
}
