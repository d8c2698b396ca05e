import {
  arp,
  authenticationHeader,
  ethernet,
  extensionHeader,
  fragmentHeader,
  GENEVE_PORT,
  type GenevePacketFields,
  geneve,
  geneveDatagram,
  genevePacket,
  gre,
  hex,
  icmp,
  icmpv6,
  ip,
  ipv4,
  ipv6,
  jumboOption,
  loopback,
  mpls,
  rawSegment,
  type Segment,
  sctp,
  sll,
  sll2,
  tcp,
  udp,
  VXLAN_PORT,
  vxlan,
} from '../../src/testing/testing.ts'
import type { IssueKind } from '../../src/wire/issue.ts'
import { IS_DAMAGED, IS_GENEVE, NOT_IP, NOT_UDP, OTHER_PORT, OUTER_FRAGMENT, UNSUPPORTED_LINK } from '../../src/wire/packet-view.ts'
import { LINKTYPE } from './link-type.ts'

/** One of every kind of packet that the decoder is there for. The tests of cuts, neighbours, random bytes and mutations all run over this table. */
export interface SamplePacket {
  readonly name: string
  readonly linkType: number
  readonly bytes: Uint8Array
  readonly outcome: number
  /** What is wrong with it. */
  readonly issue?: IssueKind
  /**
   * The layers that a decoder has to read, outermost first, each with how many of its bytes it needs: first for the fixed part, then, as the fixed part says,
   * for more. The next layer begins behind the last number, or, where a number has a `+`, behind the one before it. Absent where lengths inside the packet lie.
   */
  readonly layers?: string
}

const GWLB = [
  { class: 0x0108, type: 1, data: hex('01234567 89abcdef') },
  { class: 0x0108, type: 2, data: hex('00000000 00000000') },
  { class: 0x0108, type: 3, data: hex('deadbeef') },
]
const OUTER_V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const OUTER = 'link 14 > ip 20 > udp 8'
const TCP_IN_IPV4 = 'inner-ip 20 > inner-tcp 20'

/** The outer IP packet, without a link header. */
function network(fields: GenevePacketFields = {}): Uint8Array {
  return ip(
    { source: '10.0.0.1', destination: '10.0.0.2', ...fields.outer },
    udp({ destinationPort: GENEVE_PORT, ...fields.udp }, geneveDatagram(fields)),
  )
}

function sample(name: string, bytes: Uint8Array, layers: string | undefined, more: Partial<SamplePacket> = {}): SamplePacket {
  return { name, linkType: LINKTYPE.ethernet, bytes, outcome: IS_GENEVE, ...(layers === undefined ? {} : { layers }), ...more }
}

const innerTcp = (): Uint8Array => ipv4({ source: '198.51.100.1', destination: '198.51.100.2' }, tcp({ flags: 'PA' }, hex('01020304')))
const innerGeneve = (payload: Uint8Array): Segment => udp({ destinationPort: GENEVE_PORT }, geneve({}, payload))

/** GENEVE in GENEVE, `depth` times. */
export function nested(depth: number): Uint8Array {
  let packet = innerTcp()
  for (let level = 0; level < depth; level++) packet = ipv4({}, innerGeneve(packet))
  return genevePacket({ payload: packet })
}

const links: readonly SamplePacket[] = [
  sample('Ethernet', genevePacket(), `${OUTER} > geneve 8 > ${TCP_IN_IPV4}`),
  sample('Ethernet with a tag', genevePacket({ ethernet: { vlans: [7] } }), `link 14 18 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`),
  sample(
    'Ethernet with two tags',
    genevePacket({ ethernet: { vlans: [7, 8] } }),
    `link 14 18 22 > ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample('raw IPv4', network(), `ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.raw }),
  sample('raw IPv6', network({ outer: OUTER_V6 }), undefined, { linkType: LINKTYPE.raw }),
  sample('raw IPv4 by its own number', network(), `ip 20 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, { linkType: LINKTYPE.ipv4 }),
  sample('raw IPv6 by its own number', network({ outer: OUTER_V6 }), `ip 40 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`, {
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

const outers: readonly SamplePacket[] = [
  sample(
    'outer IPv4 options',
    genevePacket({ outer: { options: hex('01010100') } }),
    `link 14 > ip 20 24 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`,
  ),
  sample('outer IPv6', genevePacket({ outer: OUTER_V6 }), `link 14 > ip 40 > udp 8 > geneve 8 > ${TCP_IN_IPV4}`),
  sample(
    'outer IPv6 with all extension headers',
    genevePacket({
      outer: {
        ...OUTER_V6,
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
      outer: { ...OUTER_V6, payloadLength: 0, extensionHeaders: [extensionHeader(0, jumboOption(8 + 8 + 8 + 40))] },
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
    genevePacket({ outer: { ...OUTER_V6, extensionHeaders: [fragmentHeader({ offset: 1448 })] } }),
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
  sample('from the port only', genevePacket({ udp: { sourcePort: GENEVE_PORT, destinationPort: 60001 }, options: GWLB }), undefined),
  sample('not from the port', ethernet({}, ipv4({}, udp({}, hex('00')))), OUTER, { outcome: OTHER_PORT }),
  sample('TCP', ethernet({}, innerTcp()), 'link 14 > ip 20', { outcome: NOT_UDP }),
  sample('ICMP that quotes GENEVE', ethernet({}, ipv4({}, icmp({ type: 3, code: 4 }, network()))), 'link 14 > ip 20', { outcome: NOT_UDP }),
  sample('ARP', ethernet({ type: 0x0806 }, arp({})), 'link 14', { outcome: NOT_IP }),
]

const headers: readonly SamplePacket[] = [
  sample('Gateway Load Balancer', genevePacket({ options: GWLB }), `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`),
  sample(
    'all reserved bits set',
    genevePacket({ reserved: 63, reservedByte: 255, options: GWLB.map((option) => ({ ...option, reserved: 7 })) }),
    `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`,
  ),
  sample('63 words of options', genevePacket({ options: [{ words: 31 }, { words: 30 }] }), `${OUTER} > geneve 8 260 > ${TCP_IN_IPV4}`),
  sample(
    'a critical option',
    genevePacket({ options: [{ class: 0x0102, type: 0x80, words: 1 }] }),
    `${OUTER} > geneve 8 16 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'a control packet',
    genevePacket({ control: true, payload: hex('20c80318 00000001'), protocolType: 0x8999 }),
    `${OUTER} > geneve 8`,
  ),
  sample('C missing', genevePacket({ critical: false, options: [{ type: 0x80 }] }), `${OUTER} > geneve 8 12 > ${TCP_IN_IPV4}`, {
    issue: 'critical-flag-missing',
  }),
  sample('C for nothing', genevePacket({ critical: true, options: GWLB }), `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`, {
    issue: 'critical-flag-unneeded',
  }),
  sample(
    'an option that overruns',
    genevePacket({ options: [{ words: 1 }, { words: 0, length: 3 }] }),
    `${OUTER} > geneve 8 20 > ${TCP_IN_IPV4}`,
    {
      issue: 'option-overrun',
    },
  ),
  sample('version 1', genevePacket({ version: 1 }), `${OUTER} > geneve 8`, { outcome: IS_DAMAGED, issue: 'unsupported-version' }),
  sample('nothing in the tunnel', genevePacket({ payload: new Uint8Array(0), protocolType: 0x0800 }), `${OUTER} > geneve 8 > inner-ip 20`, {
    issue: 'truncated',
  }),
]

const inners: readonly SamplePacket[] = [
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
  sample('inner IPv6', genevePacket({ inner: OUTER_V6 }), `${OUTER} > geneve 8 > inner-ip 40 > inner-tcp 20`),
  sample(
    'inner IPv6 with extension headers',
    genevePacket({ inner: { ...OUTER_V6, extensionHeaders: [extensionHeader(0), fragmentHeader({})] } }),
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
  sample('inner ICMPv6', genevePacket({ inner: OUTER_V6, segment: icmpv6({}) }), `${OUTER} > geneve 8 > inner-ip 40 > inner-icmp 4`),
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

const tunnels: readonly SamplePacket[] = [
  sample('GRE', genevePacket({ segment: gre({}, innerTcp()) }), `${OUTER} > geneve 8 > inner-ip 20 > inner-gre 4 > ${TCP_IN_IPV4}`),
  sample(
    'GRE with everything',
    genevePacket({ segment: gre({ checksum: true, key: 1, sequence: 2 }, ethernet({}, innerTcp())) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-gre 4 16 > inner-ethernet 14 > ${TCP_IN_IPV4}`,
  ),
  sample('IPv4 in IPv4', genevePacket({ segment: rawSegment(4, innerTcp()) }), `${OUTER} > geneve 8 > inner-ip 20 > ${TCP_IN_IPV4}`),
  sample(
    'IPv6 in IPv4',
    genevePacket({ segment: rawSegment(41, ipv6({}, tcp({}))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-ip 40 > inner-tcp 20`,
  ),
  sample(
    'IPv4 in IPv6',
    genevePacket({ inner: OUTER_V6, segment: rawSegment(4, innerTcp()) }),
    `${OUTER} > geneve 8 > inner-ip 40 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'IPv6 in IPv6',
    genevePacket({ inner: OUTER_V6, segment: rawSegment(41, ipv6({ extensionHeaders: [extensionHeader(60)] }, udp({}))) }),
    `${OUTER} > geneve 8 > inner-ip 40 > inner-ip 40 48 > inner-udp 8`,
  ),
  sample(
    'VXLAN',
    genevePacket({ segment: udp({ destinationPort: VXLAN_PORT }, vxlan({ vni: 9 }, ethernet({ vlans: [5] }, innerTcp()))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-vxlan 8 > inner-ethernet 14 18 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'ARP in VXLAN',
    genevePacket({ segment: udp({ destinationPort: VXLAN_PORT }, vxlan({}, ethernet({ type: 0x0806 }, arp({})))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-vxlan 8 > inner-ethernet 14 > inner-arp 8 28`,
  ),
  sample(
    'MPLS',
    genevePacket({ protocolType: 0x8847, payload: mpls([{ label: 16 }, { label: 17 }], innerTcp()) }),
    `${OUTER} > geneve 8 > inner-mpls 4 8 +9 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'GENEVE in GENEVE',
    genevePacket({ segment: udp({ destinationPort: GENEVE_PORT }, geneve({ options: GWLB }, ethernet({}, innerTcp()))) }),
    `${OUTER} > geneve 8 > inner-ip 20 > inner-udp 8 > inner-geneve 8 40 > inner-ethernet 14 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'GENEVE in GENEVE, version 2',
    genevePacket({ segment: udp({ destinationPort: GENEVE_PORT }, geneve({ version: 2 }, innerTcp())) }),
    undefined,
    {
      issue: 'unsupported-version',
    },
  ),
  sample(
    'tunnels down to the limit',
    nested(6),
    `${OUTER} > geneve 8 > ${'inner-ip 20 > inner-udp 8 > inner-geneve 8 > '.repeat(6)}${TCP_IN_IPV4}`,
  ),
  sample('one tunnel more', nested(7), `${OUTER} > geneve 8 > ${'inner-ip 20 > inner-udp 8 > inner-geneve 8 > '.repeat(7).slice(0, -3)}`, {
    issue: 'too-deep',
  }),
]

export const PACKETS: readonly SamplePacket[] = [...links, ...outers, ...headers, ...inners, ...tunnels]
