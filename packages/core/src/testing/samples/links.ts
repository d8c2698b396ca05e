import { UNSUPPORTED_LINK } from '../../wire/packet-view.ts'
import { loopback, sll, sll2 } from '../cooked.ts'
import { genevePacket } from '../geneve-packet.ts'
import { LINKTYPE } from '../link-type.ts'
import { network, OUTER, type SamplePacket, sample, TCP_IN_IPV4, V6 } from './sample-packet.ts'

export const links = (): readonly SamplePacket[] => [
  sample('Ethernet', genevePacket(), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`),
  sample('Ethernet with a tag', genevePacket({ ethernet: { vlans: [7] } }), `link 14 18 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`),
  sample(
    'Ethernet with two tags',
    genevePacket({ ethernet: { vlans: [7, 8] } }),
    `link 14 18 22 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample('raw IPv4', network(), `ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.raw }),
  sample('raw IPv6', network({ outer: V6 }), undefined, { linkType: LINKTYPE.raw }),
  sample('raw IPv4 by its own number', network(), `ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.ipv4 }),
  sample('raw IPv6 by its own number', network({ outer: V6 }), `ip 40 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, {
    linkType: LINKTYPE.ipv6,
  }),
  sample('SLL', sll({}, network()), `link 16 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.sll }),
  sample('SLL2', sll2({}, network()), `link 20 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.sll2 }),
  sample('null', loopback({ littleEndian: true }, network()), `link 4 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, {
    linkType: LINKTYPE.null,
  }),
  sample('loop', loopback({}, network()), `link 4 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.loop }),
  sample('a link of another kind', network(), '', { linkType: 105, outcome: UNSUPPORTED_LINK }),
]
