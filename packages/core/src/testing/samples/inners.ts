import { arp } from '../arp.ts'
import { ethernet } from '../ethernet.ts'
import { genevePacket } from '../geneve-packet.ts'
import { hex } from '../hex.ts'
import { icmp, icmpv6 } from '../icmp.ts'
import { extensionHeader, fragmentHeader } from '../ipv6.ts'
import { sctp } from '../sctp.ts'
import { rawSegment } from '../segment.ts'
import { udp } from '../udp.ts'
import { network, OUTER, type SamplePacket, sample, TCP_IN_IPV4, V6 } from './sample-packet.ts'

export const inners = (): readonly SamplePacket[] => [
  sample('inner Ethernet', genevePacket({ innerEthernet: {} }), `${OUTER} > geneve 8 > inner-ethernet 14 > ${TCP_IN_IPV4}`),
  sample(
    'inner tags',
    genevePacket({ innerEthernet: { vlans: [1, 2, 3] } }),
    `${OUTER} > geneve 8 > inner-ethernet 14 18 22 26 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'inner IPv4 options',
    genevePacket({ inner: { options: new Uint8Array(40) } }),
    `${OUTER} > geneve 8 > inner-ip 20 60 > inner-tcp 20`,
  ),
  sample('inner IPv6', genevePacket({ inner: V6 }), `${OUTER} > geneve 8 > inner-ip 40 > inner-tcp 20`),
  sample(
    'inner IPv6 with extension headers',
    genevePacket({ inner: { ...V6, extensionHeaders: [extensionHeader(0), fragmentHeader({})] } }),
    `${OUTER} > geneve 8 > inner-ip 40 48 56 > inner-tcp 20`,
  ),
  sample('inner first fragment', genevePacket({ inner: { moreFragments: true, id: 9 } }), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`),
  sample('inner later fragment', genevePacket({ inner: { fragmentOffset: 64 } }), `${OUTER} > geneve 8 > inner-ip 20`),
  sample(
    'TCP options',
    genevePacket({ tcp: { flags: 'S', options: { mss: 1460, windowScale: 7 } } }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-tcp 20 28`,
  ),
  sample('inner UDP', genevePacket({ segment: udp({}, hex('0102')) }), `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8`),
  sample('inner ICMP', genevePacket({ segment: icmp({}, hex('0102')) }), `${OUTER} > geneve 8 > inner-ip 20 > inner-icmp 8`),
  sample(
    'inner ICMP that quotes GENEVE',
    genevePacket({ segment: icmp({ type: 3 }, network()) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-icmp 8`,
  ),
  sample('inner ICMPv6', genevePacket({ inner: V6, segment: icmpv6({}) }), `${OUTER} > geneve 8 > inner-ip 40 > inner-icmp 4`),
  sample('inner SCTP', genevePacket({ segment: sctp({}, hex('0b000004')) }), `${OUTER} > geneve 8 > inner-ip 20 > inner-sctp 12`),
  sample('inner OSPF', genevePacket({ segment: rawSegment(89, hex('02010000')) }), `${OUTER} > geneve 8 > inner-ip 20`),
  sample(
    'inner ARP',
    genevePacket({ payload: ethernet({ type: 0x0806 }, arp({})) }),
    `${OUTER} > geneve 8 > inner-ethernet 14 > inner-arp 8 28`,
  ),
  sample('an unknown payload', genevePacket({ protocolType: 0x88cc, payload: hex('020704') }), `${OUTER} > geneve 8`),
  sample('an inner IPv4 header of 16 bytes', genevePacket({ inner: { headerLength: 4 } }), undefined, { issue: 'bad-length' }),
  sample('an inner packet shorter than its TCP header', genevePacket({ inner: { totalLength: 30 } }), undefined, { issue: 'bad-length' }),
  sample('a TCP header of 16 bytes', genevePacket({ tcp: { dataOffset: 4 } }), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`, {
    issue: 'bad-length',
  }),
  sample('an inner version 5', genevePacket({ inner: { version: 5 }, protocolType: 0x0800 }), undefined, { issue: 'unsupported-version' }),
]
