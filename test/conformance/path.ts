import type { GoldenRow } from './golden.ts'
import type { Sighting } from './sighting.ts'

/** The layers that both sides tell apart, by tshark's name. Both kinds of VLAN tag are one. */
const COMMON: Readonly<Record<string, string>> = {
  ip: 'ip',
  ipv6: 'ipv6',
  udp: 'udp',
  geneve: 'geneve',
  eth: 'eth',
  vlan: 'vlan',
  ieee8021ad: 'vlan',
  mpls: 'mpls',
  gre: 'gre',
  vxlan: 'vxlan',
  arp: 'arp',
  tcp: 'tcp',
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  sctp: 'sctp',
}

const TRANSPORTS: Readonly<Record<string, string>> = { tcp: 'tcp', udp: 'udp', icmp: 'icmp', 'ipv6-icmp': 'icmpv6', sctp: 'sctp' }

/**
 * `frame.protocols` from the outer IP header on, reduced to the layers that we name too: `ip:udp:geneve:eth:ip:tcp`. Of a frame that is not GENEVE
 * we know its IP version and whether it is UDP.
 */
export function goldenPath(row: GoldenRow): string {
  const outer = row.outer.map(({ name }) => name).filter((name) => name === 'ip' || name === 'ipv6' || name === 'udp')
  return [...outer, ...(row.isGeneve ? ['geneve'] : []), ...row.inner.flatMap(({ name }) => COMMON[name] ?? [])].join(':')
}

/** The same from a record. */
export function ourPath({ record, packet: view }: Sighting): string {
  const { outer, geneve, inner } = record.packet
  const path: string[] = []
  if (outer !== undefined) path.push(view.outerVersion === 4 ? 'ip' : 'ipv6')
  if (outer?.sourcePort !== undefined) path.push('udp')
  if (geneve === undefined) return path.join(':')
  path.push('geneve')
  if (view.payload >= 0 && geneve.protocolType === '0x6558') path.push('eth')
  for (const _ of inner?.vlan ?? []) path.push('vlan')
  const firstIp = view.firstVersion === 4 ? 'ip' : 'ipv6'
  for (const encapsulation of inner?.encapsulation ?? []) {
    if (encapsulation === 'mpls') path.push('mpls')
    else if (encapsulation === 'ipip') path.push(firstIp)
    else if (encapsulation === 'gre') path.push(firstIp, 'gre')
    else path.push(firstIp, 'udp', encapsulation, 'eth')
  }
  if (inner?.protocol === 'arp') path.push('arp')
  else if (inner?.source !== undefined) path.push(inner.source.includes(':') ? 'ipv6' : 'ip')
  if (view.transport >= 0) path.push(TRANSPORTS[inner?.protocol ?? ''] ?? '')
  return path.join(':')
}
