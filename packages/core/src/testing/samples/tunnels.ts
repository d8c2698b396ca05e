import { arp } from '../arp.ts'
import { ethernet } from '../ethernet.ts'
import { GENEVE_PORT, geneve } from '../geneve.ts'
import { genevePacket } from '../geneve-packet.ts'
import { gre } from '../gre.ts'
import { extensionHeader, ipv6 } from '../ipv6.ts'
import { mpls } from '../mpls.ts'
import { rawSegment } from '../segment.ts'
import { tcp } from '../tcp.ts'
import { udp } from '../udp.ts'
import { VXLAN_PORT, vxlan } from '../vxlan.ts'
import { innermost, LOAD_BALANCER_OPTIONS, nestedPacket, OUTER, type SamplePacket, sample, TCP_IN_IPV4, V6 } from './sample-packet.ts'

export const tunnels = (): readonly SamplePacket[] => [
  sample('GRE', genevePacket({ segment: gre({}, innermost()) }), `${OUTER} > geneve 8 > inner-ip 20 > inner-gre 4 > ${TCP_IN_IPV4}`),
  sample(
    'GRE with everything',
    genevePacket({ segment: gre({ checksum: true, key: 1, sequence: 2 }, ethernet({}, innermost())) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-gre 4 16 > inner-ethernet 14 > ${TCP_IN_IPV4}`,
  ),
  sample('IPv4 in IPv4', genevePacket({ segment: rawSegment(4, innermost()) }), `${OUTER} > geneve 8 > inner-ip 20 > ${TCP_IN_IPV4}`),
  sample(
    'IPv6 in IPv4',
    genevePacket({ segment: rawSegment(41, ipv6({}, tcp({}))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-ip 40 > inner-tcp 20`,
  ),
  sample(
    'IPv4 in IPv6',
    genevePacket({ inner: V6, segment: rawSegment(4, innermost()) }),
    `${OUTER} > geneve 8 > inner-ip 40 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'IPv6 in IPv6',
    genevePacket({ inner: V6, segment: rawSegment(41, ipv6({ extensionHeaders: [extensionHeader(60)] }, udp({}))) }),
    `${OUTER} > geneve 8 > inner-ip 40 > inner-ip 40 48 > inner-udp 8`,
  ),
  sample(
    'VXLAN',
    genevePacket({ segment: udp({ destinationPort: VXLAN_PORT }, vxlan({ vni: 9 }, ethernet({ vlans: [5] }, innermost()))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-vxlan 8 > inner-ethernet 14 18 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'ARP in VXLAN',
    genevePacket({ segment: udp({ destinationPort: VXLAN_PORT }, vxlan({}, ethernet({ type: 0x0806 }, arp({})))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-vxlan 8 > inner-ethernet 14 > inner-arp 8 28`,
  ),
  sample(
    'MPLS',
    genevePacket({ protocolType: 0x8847, payload: mpls([{ label: 16 }, { label: 17 }], innermost()) }),
    `${OUTER} > geneve 8 > inner-mpls 4 8 +9 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'GENEVE in GENEVE',
    genevePacket({ segment: udp({ destinationPort: GENEVE_PORT }, geneve({ options: LOAD_BALANCER_OPTIONS }, ethernet({}, innermost()))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-geneve 8 40 > inner-ethernet 14 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'GENEVE in GENEVE, version 2',
    genevePacket({ segment: udp({ destinationPort: GENEVE_PORT }, geneve({ version: 2 }, innermost())) }),
    undefined,
    {
      issue: 'unsupported-version',
    },
  ),
  sample(
    'tunnels down to the limit',
    nestedPacket(6),
    `${OUTER} > geneve 8 > ${'inner-ip 20 > inner-udp 8 > inner-geneve 8 > '.repeat(6)}${TCP_IN_IPV4}`,
  ),
  sample(
    'one tunnel more',
    nestedPacket(7),
    `${OUTER} > geneve 8 > ${'inner-ip 20 > inner-udp 8 > inner-geneve 8 > '.repeat(7).slice(0, -3)}`,
    {
      issue: 'too-deep',
    },
  ),
]
