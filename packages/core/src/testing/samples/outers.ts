import { NOT_IP, NOT_UDP, OTHER_PORT, OUTER_FRAGMENT } from '../../wire/packet-view.ts'
import { arp } from '../arp.ts'
import { ethernet } from '../ethernet.ts'
import { GENEVE_PORT } from '../geneve.ts'
import { genevePacket } from '../geneve-packet.ts'
import { hex } from '../hex.ts'
import { icmp } from '../icmp.ts'
import { ipv4 } from '../ipv4.ts'
import { authenticationHeader, extensionHeader, fragmentHeader, jumboOption } from '../ipv6.ts'
import { udp } from '../udp.ts'
import { innermost, LOAD_BALANCER_OPTIONS, network, OUTER, type SamplePacket, sample, TCP_IN_IPV4, V6 } from './sample-packet.ts'

export const outers = (): readonly SamplePacket[] => [
  sample(
    'outer IPv4 options',
    genevePacket({ outer: { options: hex('01010100') } }),
    `link 14 > ip 20 24 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample('outer IPv6', genevePacket({ outer: V6 }), `link 14 > ip 40 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`),
  sample(
    'outer IPv6 with all extension headers',
    genevePacket({
      outer: {
        ...V6,
        extensionHeaders: [
          extensionHeader(0),
          extensionHeader(60),
          extensionHeader(43, hex('0001 00000000  00000000 00000000')),
          fragmentHeader({ id: 1 }),
          authenticationHeader(),
          extensionHeader(135),
          extensionHeader(139),
          extensionHeader(140),
        ],
      },
    }),
    // A header longer than 8 bytes is needed in two steps, its shortest form and the rest.
    `link 14 > ip 40 48 56 64 72 80 88 104 112 120 128 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'outer jumbogram',
    genevePacket({
      outer: { ...V6, payloadLength: 0, extensionHeaders: [extensionHeader(0, jumboOption(8 + 8 + 8 + 40))] },
      udp: { length: 0 },
    }),
    `link 14 > ip 40 48 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'outer first fragment',
    genevePacket({ outer: { moreFragments: true, id: 5 }, udp: { length: 3000 } }),
    `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample('outer later fragment', genevePacket({ outer: { fragmentOffset: 1480 } }), 'link 14 > ip 20', { outcome: OUTER_FRAGMENT }),
  sample(
    'outer IPv6 later fragment',
    genevePacket({ outer: { ...V6, extensionHeaders: [fragmentHeader({ offset: 1448 })] } }),
    'link 14 > ip 40 48',
    { outcome: OUTER_FRAGMENT },
  ),
  sample('no UDP checksum', genevePacket({ udp: { checksum: 0 } }), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`),
  sample('partial UDP checksum', genevePacket({ udp: { checksum: 'partial' } }), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`),
  sample(
    'lengths of 0 before segmentation',
    genevePacket({ outer: { totalLength: 0 }, udp: { length: 0 }, inner: { totalLength: 0 } }),
    `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'from the port only',
    genevePacket({ udp: { sourcePort: GENEVE_PORT, destinationPort: 60001 }, options: LOAD_BALANCER_OPTIONS }),
    undefined,
  ),
  sample('not from the port', ethernet({}, ipv4({}, udp({}, hex('00')))), OUTER, { outcome: OTHER_PORT }),
  sample('TCP', ethernet({}, innermost()), 'link 14 > ip 20', { outcome: NOT_UDP }),
  sample('ICMP that quotes GENEVE', ethernet({}, ipv4({}, icmp({ type: 3, code: 4 }, network()))), 'link 14 > ip 20', { outcome: NOT_UDP }),
  sample('ARP', ethernet({ type: 0x0806 }, arp({})), 'link 14', { outcome: NOT_IP }),
]
