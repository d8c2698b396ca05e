import type { Weighted } from '@geneve-telemetry/core'
import { protocolName } from '@geneve-telemetry/core/wire'
import { flat, members, number, object, quote } from './json.ts'

/** Fields are of this version of the Elastic Common Schema; none of them is new in it. */
const ECS_VERSION = '9.4.0'

/** Members of a document: who saw it, as `observer`, and as the `host` that logs are sorted by. */
export function observerNames(observer: string): string {
  const name = quote(observer)
  return `"ecs":{"version":"${ECS_VERSION}"},"observer":{"name":${name},"type":"sensor","product":"geneve-telemetry"},"host":{"name":${name}}`
}

/**
 * The object of one end of a packet or tunnel.
 *
 * @param open its phrase, left open, if it has an address
 * @param more further members
 */
export function end(key: string, open: string | undefined, port: number | undefined, more = ''): string {
  if (open !== undefined && more === '') return port === undefined ? `${open}}` : `${open},"port":${number(port)}}`
  const portMember = port === undefined ? '' : `"port":${number(port)}`
  return open === undefined ? object(key, members(portMember, more)) : `${members(open, portMember, more)}}`
}

/** Member of `geneve` where a record is of a sample. */
export function sampleNames({ weight }: Weighted): string {
  return weight === undefined ? '' : `"sample":{"weight":${number(weight)}}`
}

interface NetworkPhrases {
  readonly ipv4: string
  readonly ipv6: string
  readonly unknown: string
}

const NETWORKS: ReadonlyMap<string, NetworkPhrases> = new Map(
  Array.from({ length: 256 }, (_, protocol) => {
    const keyword = protocolName(protocol)
    // The number is text in ECS: nobody adds protocols up.
    const transport = flat(`"transport":"${keyword}","iana_number":"${protocol}"`)
    return [keyword, { ipv4: flat(`${transport},"type":"ipv4"`), ipv6: flat(`${transport},"type":"ipv6"`), unknown: transport }]
  }),
)

/** Members of `network`: the innermost packet's `transport`, `iana_number` and `type`. ARP is no transport, but a type. */
export function networkNames(protocol: string | undefined, type: keyof NetworkPhrases): string {
  const known = protocol === undefined ? undefined : NETWORKS.get(protocol)
  if (known !== undefined) return known[type]
  if (protocol === 'arp') return '"type":"arp"'
  return members(protocol === undefined ? '' : `"transport":${quote(protocol)}`, type === 'unknown' ? '' : `"type":"${type}"`)
}

/** Members of `network` for 802.1Q tags: `vlan.id` is the outer one or the only one, `inner.vlan.id` the inner one. Ids are text. */
export function vlanNames(vlan: readonly number[]): string {
  if (vlan.length === 0) return ''
  const outer = `"vlan":{"id":"${vlan[0]}"}`
  return vlan.length === 1 ? outer : `${outer},"inner":{"vlan":{"id":"${vlan[vlan.length - 1]}"}}`
}

/** Member of `related`: `ip` finds every event of an address, whichever side it was on. Takes addresses quoted, '' for what is none. */
export function relatedIps(source: string, destination: string, others: readonly string[]): string {
  if (others.length === 0 && source !== '' && destination !== '' && source !== destination) return `"ip":[${source},${destination}]`
  const found = new Set([source, destination, ...others])
  found.delete('')
  return found.size === 0 ? '' : `"ip":[${[...found].join(',')}]`
}
