import { end } from './ecs.ts'
import { members, number, object, quoteAll } from './json.ts'
import type { Phrases } from './phrases.ts'

/** What flows and packets have in common beyond ECS. */
export interface Tunnelled {
  readonly vlan?: readonly number[]
  readonly icmpType?: number
  readonly icmpCode?: number
  readonly encapsulation?: readonly string[]
  readonly firstSource?: string
  readonly firstDestination?: string
}

/** Members of `geneve`, a comma before them: ICMP type and code, all 802.1Q tags, tunnels in the tunnel and the addresses of the first packet in it. */
export function tunnelled(inner: Tunnelled, phrases: Phrases): string {
  const { vlan, icmpType, icmpCode, encapsulation, firstSource, firstDestination } = inner
  const isPlain = vlan === undefined && encapsulation === undefined && icmpType === undefined && icmpCode === undefined
  if (isPlain && firstSource === undefined && firstDestination === undefined) return ''
  const all = members(
    object(
      'icmp',
      members(icmpType === undefined ? '' : `"type":${number(icmpType)}`, icmpCode === undefined ? '' : `"code":${number(icmpCode)}`),
    ),
    vlan === undefined || vlan.length === 0 ? '' : `"vlan":[${vlan.map((id) => `${number(id)}`).join(',')}]`,
    encapsulation === undefined || encapsulation.length === 0 ? '' : `"encapsulation":${quoteAll(encapsulation)}`,
    object('first', tunnelEnds(firstSource, firstDestination, phrases)),
  )
  return all === '' ? '' : `,${all}`
}

/** `source` and `destination` of a tunnel. */
export function tunnelEnds(
  source: string | undefined,
  destination: string | undefined,
  phrases: Phrases,
  sourcePort?: number,
  destinationPort?: number,
): string {
  const from = end('source', source === undefined ? undefined : phrases.address(source).tunnelSource, sourcePort)
  const to = end('destination', destination === undefined ? undefined : phrases.address(destination).tunnelDestination, destinationPort)
  return from !== '' && to !== '' ? `${from},${to}` : from + to
}

/** Addresses of the first packet in a tunnel as elements of `related.ip`. */
export function relatedFirst({ firstSource, firstDestination }: Tunnelled, phrases: Phrases): readonly string[] {
  if (firstSource === undefined && firstDestination === undefined) return NONE
  return [firstSource, firstDestination].flatMap((address) => (address === undefined ? [] : phrases.address(address).related))
}

const NONE: readonly string[] = []
