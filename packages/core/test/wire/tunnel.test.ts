import { describe, expect, test } from 'vitest'
import {
  arp,
  concat,
  ethernet,
  GENEVE_PORT,
  type GeneveFields,
  type GenevePacketFields,
  type GreFields,
  geneve,
  genevePacket,
  gre,
  hex,
  ipv4,
  ipv6,
  mpls,
  nestedPacket,
  rawSegment,
  type Segment,
  tcp,
  udp,
  VXLAN_PORT,
  vxlan,
} from '../../src/testing/testing.ts'
import { addressText } from '../../src/wire/address.ts'
import { ENCAPSULATIONS, IS_GENEVE, type PacketView } from '../../src/wire/packet-view.ts'
import { decoded, issueOf } from './decoded.ts'

const PAYLOAD = 14 + 20 + 8 + 8
const V4 = { source: '198.51.100.1', destination: '198.51.100.2' }
const V6 = { source: '2001:db8:1::1', destination: '2001:db8:1::2' }
const FIRST_V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const innermost = ipv4(V4, tcp({ sourcePort: 1000, flags: 'S' }))

const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))
const inUdp = (destinationPort: number, payload: Uint8Array): Segment => udp({ sourcePort: 5000, destinationPort }, payload)

function encapsulationOf(packet: PacketView): readonly string[] {
  return Array.from({ length: packet.depth }, (_, index) => ENCAPSULATIONS[(packet.encapsulations >> (index * 4)) & 15] ?? '?')
}

function addressesOf(packet: PacketView): readonly string[] {
  const { view, firstVersion, firstSource, firstDestination, innerVersion, innerSource, innerDestination } = packet
  const first = [firstSource, firstDestination].map((at) => addressText(view, at, firstVersion))
  return [...first, ...[innerSource, innerDestination].map((at) => addressText(view, at, innerVersion))]
}

/** The innermost packet, reached through these tunnels; the first one is from 192.0.2.1 to 192.0.2.2. */
function expectInnermost(packet: PacketView, ...tunnels: readonly string[]): void {
  expect(issueOf(packet)).toEqual({ kind: 'none' })
  expect(encapsulationOf(packet)).toEqual(tunnels)
  expect(packet).toMatchObject({
    outcome: IS_GENEVE,
    protocol: 6,
    innerSourcePort: 1000,
    innerDestinationPort: 80,
    tcpFlags: 2,
    innerLength: 40,
    payloadLength: 0,
  })
  expect(addressesOf(packet)).toEqual(['192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2'])
}

/** The packet that carries what cannot be followed is the innermost. */
function expectCarrier(packet: PacketView, protocol: number): void {
  expect(packet).toMatchObject({
    outcome: IS_GENEVE,
    depth: 0,
    encapsulations: 0,
    protocol,
    innerVersion: 4,
    innerSource: packet.firstSource,
  })
}

describe('GRE', () => {
  test('all combinations of checksum, key and sequence, of every payload', () => {
    for (const checksum of [false, true]) {
      for (const key of [undefined, 0, 0xffffffff]) {
        for (const sequence of [undefined, 0, 0xffffffff]) {
          const fields: GreFields = { checksum, ...(key === undefined ? {} : { key }), ...(sequence === undefined ? {} : { sequence }) }
          expectInnermost(decodedWith({ segment: gre(fields, innermost) }), 'gre')
          expectInnermost(decodedWith({ segment: gre(fields, ethernet({}, innermost)) }), 'gre')
          expectInnermost(
            decodedWith({ segment: gre({ ...fields, protocolType: 0x8847 }, mpls([{ label: 3 }], innermost)) }),
            'gre',
            'mpls',
          )
        }
      }
    }
  })

  test('every flag and version: reserved ones are ignored, source routes and other versions not followed', () => {
    for (let bit = 0; bit < 16; bit++) {
      const flags = 1 << bit
      const lengthens = (flags & 0xb000) !== 0
      const packet = decodedWith({ segment: gre({ flags }, lengthens ? concat(new Uint8Array(4), innermost) : innermost) })
      if ((flags & 0x4007) !== 0) expectCarrier(packet, 47)
      else if (!lengthens) expectInnermost(packet, 'gre')
    }
  })

  test('of a payload that is none of ours', () => {
    for (const protocolType of [0, 0x0806, 0x88be, 0x880b, 0xffff]) {
      const packet = decodedWith({ segment: gre({ protocolType }, innermost) })
      expectCarrier(packet, 47)
      expect(packet.issue).toBe(0)
    }
  })
})

describe('IP in IP', () => {
  test('4 in 4', () => expectInnermost(decodedWith({ segment: rawSegment(4, innermost) }), 'ipip'))

  test('6 in 4, 4 in 6 and 6 in 6', () => {
    const six = ipv6(V6, tcp({}))
    const packets = [
      { packet: decodedWith({ segment: rawSegment(41, six) }), addresses: ['192.0.2.1', '192.0.2.2', '2001:db8:1::1', '2001:db8:1::2'] },
      {
        packet: decodedWith({ inner: FIRST_V6, segment: rawSegment(4, innermost) }),
        addresses: ['2001:db8::1', '2001:db8::2', '198.51.100.1', '198.51.100.2'],
      },
      {
        packet: decodedWith({ inner: FIRST_V6, segment: rawSegment(41, six) }),
        addresses: ['2001:db8::1', '2001:db8::2', '2001:db8:1::1', '2001:db8:1::2'],
      },
    ]
    for (const { packet, addresses } of packets) {
      expect(issueOf(packet).kind).toBe('none')
      expect(encapsulationOf(packet)).toEqual(['ipip'])
      expect(addressesOf(packet)).toEqual(addresses)
    }
  })

  test('of another version: the carrier stays the innermost', () => {
    const packet = decodedWith({ segment: rawSegment(4, ipv6(V6, tcp({}))) })
    expectCarrier(packet, 4)
    expect(issueOf(packet)).toEqual({ kind: 'unsupported-version', layer: 'inner-ip', offset: PAYLOAD + 20, needed: 4, available: 6 })
  })

  test('a later fragment of a tunnel packet is not followed', () => {
    const packet = decodedWith({ inner: { fragmentOffset: 8 }, segment: rawSegment(4, innermost) })
    expectCarrier(packet, 4)
    expect(packet).toMatchObject({ issue: 0, fragmentOffset: 8, transport: -1 })
  })

  test('a first fragment is', () => {
    const packet = decodedWith({ inner: { moreFragments: true }, segment: rawSegment(4, innermost) })
    expect(encapsulationOf(packet)).toEqual(['ipip'])
    expect(packet).toMatchObject({ moreFragments: 0, fragmentOffset: 0, innerLength: 40 })
  })
})

describe('VXLAN', () => {
  test('an Ethernet frame, its tags behind those outside', () => {
    const packet = decodedWith({
      innerEthernet: { vlans: [10] },
      segment: inUdp(VXLAN_PORT, vxlan({ vni: 0xffffff }, ethernet({ vlans: [20] }, innermost))),
    })
    expectInnermost(packet, 'vxlan')
    expect(packet).toMatchObject({ vlanCount: 2, vlansLow: 10 | (20 << 12) })
  })

  test('the ports of the datagram around it are forgotten', () => {
    const packet = decodedWith({ segment: inUdp(VXLAN_PORT, vxlan({}, ethernet({}, ipv4({ ...V4, protocol: 89 }, hex('02'))))) })
    expect(packet).toMatchObject({
      issue: 0,
      depth: 1,
      protocol: 89,
      innerSourcePort: -1,
      innerDestinationPort: -1,
      transport: -1,
      payloadLength: -1,
    })
  })

  test('ARP in it is the innermost, without a trace of its carrier but the first addresses', () => {
    const packet = decodedWith({
      inner: { id: 77 },
      segment: inUdp(VXLAN_PORT, vxlan({}, ethernet({ type: 0x0806 }, arp({ sender: '10.9.9.9' })))),
    })
    expect(packet).toMatchObject({
      issue: 0,
      isArp: 1,
      depth: 1,
      innerVersion: 0,
      firstVersion: 4,
      innerHeader: -1,
      innerLength: -1,
      innerTtl: -1,
      ipId: -1,
      protocol: -1,
    })
    expect(packet).toMatchObject({ innerSourcePort: -1, transport: -1, payloadLength: -1 })
    expect(addressText(packet.view, packet.innerSource, 4)).toBe('10.9.9.9')
  })

  test('without a valid VNI, or with a frame of something else, the datagram is the innermost', () => {
    for (const payload of [vxlan({ flags: 0 }, ethernet({}, innermost)), vxlan({}, ethernet({ type: 0x88cc }, hex('00')))]) {
      const packet = decodedWith({ segment: inUdp(VXLAN_PORT, payload) })
      expectCarrier(packet, 17)
      expect(packet).toMatchObject({ issue: 0, innerSourcePort: 5000, innerDestinationPort: VXLAN_PORT })
    }
  })

  test('from its port is not to its port', () => {
    const packet = decodedWith({ segment: udp({ sourcePort: VXLAN_PORT, destinationPort: 5000 }, vxlan({}, ethernet({}, innermost))) })
    expectCarrier(packet, 17)
  })
})

describe('MPLS', () => {
  const carried = (payload: Uint8Array): PacketView => decodedWith({ protocolType: 0x8847, payload })

  test('stacks of every depth, labels at their ends, under both EtherTypes', () => {
    for (let depth = 1; depth < 20; depth++) {
      for (const label of [0, 0xfffff]) {
        const labels = Array.from({ length: depth }, () => ({ label, trafficClass: 7, ttl: 255 }))
        for (const protocolType of [0x8847, 0x8848]) {
          const packet = decodedWith({ protocolType, payload: mpls(labels, innermost) })
          expect(encapsulationOf(packet)).toEqual(['mpls'])
          expect(packet).toMatchObject({ issue: 0, innerHeader: PAYLOAD + depth * 4, innerSourcePort: 1000 })
        }
      }
    }
  })

  test('in an Ethernet frame', () => {
    const packet = decodedWith({ payload: ethernet({ type: 0x8847 }, mpls([{ label: 1 }], ipv6(V6, tcp({})))) })
    expect(encapsulationOf(packet)).toEqual(['mpls'])
    expect(packet).toMatchObject({ issue: 0, innerVersion: 6, firstVersion: 6, firstSource: packet.innerSource })
  })

  test('over something that is not IP', () => {
    for (const nibble of [0, 1, 5, 7, 15]) {
      const packet = carried(mpls([{ label: 1 }], Uint8Array.of(nibble << 4, 0, 0, 0)))
      expect(packet).toMatchObject({ outcome: IS_GENEVE, issue: 0, depth: 0, innerVersion: 0 })
    }
  })

  test('a stack without a bottom', () => {
    const packet = carried(mpls([{ label: 1 }, { label: 2, bottomOfStack: false }], new Uint8Array(0)))
    expect(issueOf(packet)).toEqual({ kind: 'truncated', layer: 'inner-mpls', offset: PAYLOAD, needed: 12, available: 8 })
  })
})

describe('GENEVE in GENEVE', () => {
  const carried = (fields: GeneveFields, payload: Uint8Array): PacketView =>
    decodedWith({ vni: 1, segment: inUdp(GENEVE_PORT, geneve(fields, payload)) })

  test('the options and the VNI are those of the outer one', () => {
    const packet = carried({ vni: 2, options: [{ class: 0x0108, type: 1, words: 2 }, { words: 31 }] }, ethernet({}, innermost))
    expectInnermost(packet, 'geneve')
    expect(packet).toMatchObject({ vni: 1, scope: -1, optionsStart: PAYLOAD, optionsEnd: PAYLOAD })
  })

  test('every version', () => {
    for (const version of [1, 2, 3]) {
      const packet = carried({ version }, innermost)
      expectCarrier(packet, 17)
      expect(issueOf(packet)).toEqual({
        kind: 'unsupported-version',
        layer: 'inner-geneve',
        offset: PAYLOAD + 28,
        needed: 0,
        available: version,
      })
    }
  })

  test('down to the limit, and what is deeper is said', () => {
    for (let depth = 0; depth <= 6; depth++) {
      const packet = decoded(nestedPacket(depth))
      expect(issueOf(packet).kind).toBe('none')
      expect(encapsulationOf(packet)).toEqual(Array.from({ length: depth }, () => 'geneve'))
      expect(addressText(packet.view, packet.innerSource, 4)).toBe('198.51.100.1')
    }
    for (const depth of [7, 8, 30]) {
      const packet = decoded(nestedPacket(depth))
      expect(packet).toMatchObject({ outcome: IS_GENEVE, depth: 6, protocol: 17, innerDestinationPort: GENEVE_PORT })
      expect(issueOf(packet)).toMatchObject({ kind: 'too-deep', needed: 6, available: 7 })
    }
  })
})

test('tunnels of every kind in each other, outermost first', () => {
  let packet = innermost
  packet = ipv4({}, rawSegment(4, packet))
  packet = ipv4({}, gre({ key: 1, protocolType: 0x8847 }, mpls([{ label: 5 }], packet)))
  packet = ipv4({}, inUdp(VXLAN_PORT, vxlan({}, ethernet({}, packet))))
  packet = ipv4({}, inUdp(GENEVE_PORT, geneve({}, packet)))
  expectInnermost(decodedWith({ payload: packet }), 'geneve', 'vxlan', 'gre', 'mpls', 'ipip')
})

test('a length in a tunnel never reaches beyond the packet that carries it', () => {
  const long = ipv4({ ...V4, totalLength: 1500 }, tcp({}, new Uint8Array(100)))
  const packet = decoded(concat(genevePacket({ inner: { totalLength: 20 + 30 }, segment: rawSegment(4, long) }), new Uint8Array(100)))
  expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'inner-tcp', offset: PAYLOAD + 40, needed: 20, available: 10 })
})
