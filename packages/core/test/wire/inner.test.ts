import { describe, expect, test } from 'vitest'
import {
  arp,
  authenticationHeader,
  concat,
  ethernet,
  extensionHeader,
  fragmentHeader,
  type GenevePacketFields,
  genevePacket,
  hex,
  ipv6,
  rawSegment,
  tcp,
} from '../../src/testing/testing.ts'
import { addressText } from '../../src/wire/address.ts'
import { IS_GENEVE, type PacketView } from '../../src/wire/packet-view.ts'
import { decoded, issueOf } from './decoded.ts'

const PAYLOAD = 14 + 20 + 8 + 8
const V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))

describe('Ethernet', () => {
  test('tags: all ids at both ends, each type, more than are kept', () => {
    for (const id of [0, 1, 2047, 2048, 4094, 4095]) {
      for (const type of [0x8100, 0x88a8, 0x9100]) {
        const vlans = [{ id, type, priority: 5 }]
        expect(decodedWith({ innerEthernet: { vlans } })).toMatchObject({ vlanCount: 1, vlansLow: id, vlansHigh: 0, innerVersion: 4 })
      }
    }
    expect(decodedWith({ innerEthernet: { vlans: [1, 2, 3, 4] } })).toMatchObject({
      vlanCount: 4,
      vlansLow: 1 | (2 << 12),
      vlansHigh: 3 | (4 << 12),
    })
    expect(decodedWith({ innerEthernet: { vlans: [4095, 4095, 4095, 4095, 7] } })).toMatchObject({
      vlanCount: 5,
      vlansLow: 0xffffff,
      vlansHigh: 0xffffff,
    })
  })

  test('a frame of something else ends the way without an issue', () => {
    for (const type of [0, 46, 0x88cc, 0x8863, 0xffff]) {
      expect(decodedWith({ payload: ethernet({ type }, hex('ffffffff')) })).toMatchObject({
        outcome: IS_GENEVE,
        issue: 0,
        innerVersion: 0,
        isArp: 0,
      })
    }
  })
})

describe('ARP', () => {
  test('sender and target, with and without Ethernet', () => {
    const packet = arp({ sender: '10.1.2.3', target: '10.4.5.6', operation: 2 })
    for (const decodedArp of [
      decodedWith({ protocolType: 0x0806, payload: packet }),
      decodedWith({ payload: ethernet({ type: 0x0806 }, packet) }),
    ]) {
      expect(decodedArp).toMatchObject({
        issue: 0,
        isArp: 1,
        innerVersion: 0,
        firstVersion: 0,
        innerHeader: -1,
        innerLength: -1,
        innerTtl: -1,
        protocol: -1,
      })
      expect(addressText(decodedArp.view, decodedArp.innerSource, 4)).toBe('10.1.2.3')
      expect(addressText(decodedArp.view, decodedArp.innerDestination, 4)).toBe('10.4.5.6')
    }
  })

  test('of another protocol it has no addresses', () => {
    for (const fields of [{ protocolType: 0x86dd }, { protocolLength: 16 }]) {
      const payload = concat(arp(fields), new Uint8Array(40))
      expect(decodedWith({ protocolType: 0x0806, payload })).toMatchObject({ issue: 0, isArp: 1, innerSource: -1, innerDestination: -1 })
    }
  })

  test('of every hardware address length', () => {
    for (let hardwareLength = 0; hardwareLength < 256; hardwareLength++) {
      const payload = concat(arp({ hardwareLength }).subarray(0, 8), new Uint8Array(2 * hardwareLength + 8))
      const packet = decodedWith({ protocolType: 0x0806, payload })
      expect(packet).toMatchObject({
        issue: 0,
        innerSource: PAYLOAD + 8 + hardwareLength,
        innerDestination: PAYLOAD + 12 + 2 * hardwareLength,
      })
    }
  })
})

describe('IPv4', () => {
  test('all that its header says', () => {
    for (const value of [0, 1, 0x7fff, 0x8000, 0xffff]) expect(decodedWith({ inner: { id: value } }).ipId).toBe(value)
    for (const ttl of [0, 1, 255]) expect(decodedWith({ inner: { ttl } }).innerTtl).toBe(ttl)
    for (let words = 5; words < 16; words++) {
      const packet = decodedWith({ inner: { options: new Uint8Array((words - 5) * 4) } })
      expect(packet).toMatchObject({ issue: 0, innerHeader: PAYLOAD, transport: PAYLOAD + words * 4, innerLength: words * 4 + 20 })
    }
    for (let headerLength = 0; headerLength < 5; headerLength++) {
      expect(issueOf(decodedWith({ inner: { headerLength } }))).toEqual({
        kind: 'bad-length',
        layer: 'inner-ip',
        offset: PAYLOAD,
        needed: 20,
        available: headerLength * 4,
      })
    }
    const packet = decodedWith({ inner: { source: '1.2.3.4', destination: '5.6.7.8' } })
    expect(addressText(packet.view, packet.innerSource, 4)).toBe('1.2.3.4')
    expect(addressText(packet.view, packet.innerDestination, 4)).toBe('5.6.7.8')
    expect(packet).toMatchObject({ firstVersion: 4, firstSource: packet.innerSource, firstDestination: packet.innerDestination, depth: 0 })
  })

  test('fragments: ports only in the first, the offset in bytes', () => {
    expect(decodedWith({ inner: { moreFragments: true, id: 7 } })).toMatchObject({
      fragmentOffset: 0,
      moreFragments: 1,
      ipId: 7,
      innerDestinationPort: 80,
    })
    for (const fragmentOffset of [8, 1480, 65528]) {
      const packet = decodedWith({ inner: { fragmentOffset, id: 7 } })
      expect(packet).toMatchObject({
        issue: 0,
        fragmentOffset,
        moreFragments: 0,
        ipId: 7,
        protocol: 6,
        transport: -1,
        innerSourcePort: -1,
        tcpFlags: -1,
        payloadLength: -1,
      })
    }
  })

  test('a first fragment may end in the middle of a header', () => {
    const segment = tcp({ options: new Uint8Array(20) }).bytes({ source: new Uint8Array(4), destination: new Uint8Array(4) })
    for (const length of [0, 8, 16, 24]) {
      const packet = decodedWith({ inner: { moreFragments: true }, segment: rawSegment(6, segment.subarray(0, length)) })
      expect(issueOf(packet)).toEqual({
        kind: 'truncated',
        layer: 'inner-tcp',
        offset: PAYLOAD + 20,
        needed: length < 20 ? 20 : 40,
        available: length,
      })
    }
  })

  test('announced as IPv6, or the other way round', () => {
    expect(issueOf(decodedWith({ protocolType: 0x86dd }))).toEqual({
      kind: 'unsupported-version',
      layer: 'inner-ip',
      offset: PAYLOAD,
      needed: 6,
      available: 4,
    })
    expect(issueOf(decodedWith({ protocolType: 0x0800, inner: V6 }))).toEqual({
      kind: 'unsupported-version',
      layer: 'inner-ip',
      offset: PAYLOAD,
      needed: 4,
      available: 6,
    })
  })
})

describe('IPv6', () => {
  test('all that its header says', () => {
    const packet = decodedWith({ inner: { ...V6, hopLimit: 3, trafficClass: 255, flowLabel: 0xfffff } })
    expect(packet).toMatchObject({
      innerVersion: 6,
      innerTtl: 3,
      ipId: -1,
      innerLength: 60,
      protocol: 6,
      transport: PAYLOAD + 40,
      firstVersion: 6,
    })
    expect(addressText(packet.view, packet.innerSource, 6)).toBe('2001:db8::1')
    expect(addressText(packet.view, packet.innerDestination, 6)).toBe('2001:db8::2')
  })

  test('the protocol is the one behind the extension headers', () => {
    const extensionHeaders = [extensionHeader(0), extensionHeader(60), extensionHeader(43), authenticationHeader()]
    expect(decodedWith({ inner: { ...V6, extensionHeaders } })).toMatchObject({
      protocol: 6,
      transport: PAYLOAD + 40 + 8 * 3 + 24,
      innerLength: 40 + 48 + 20,
      ipId: -1,
    })
  })

  test('no next header: nothing follows, so a length of 0 is one', () => {
    const padded = concat(ipv6({ ...V6, protocol: 59 }, new Uint8Array(0)), new Uint8Array(20))
    expect(decodedWith({ payload: ethernet({}, padded) })).toMatchObject({ issue: 0, protocol: 59, innerLength: 40, transport: -1 })
  })

  test('cut in its extension headers it has addresses and no protocol', () => {
    const bytes = genevePacket({ segment: rawSegment(41, ipv6({ ...V6, extensionHeaders: [extensionHeader(60)] }, tcp({}))) })
    const packet = decoded(bytes.subarray(0, PAYLOAD + 20 + 40 + 4))
    expect(packet).toMatchObject({ outcome: IS_GENEVE, innerVersion: 6, depth: 1, firstVersion: 4, protocol: -1, transport: -1 })
    expect(addressText(packet.view, packet.innerSource, 6)).toBe('2001:db8::1')
    expect(issueOf(packet)).toEqual({ kind: 'truncated', layer: 'inner-ip', offset: PAYLOAD + 20, needed: 48, available: 44 })
  })

  test('fragments', () => {
    const fragment = (fields: Parameters<typeof fragmentHeader>[0]): PacketView =>
      decodedWith({ inner: { ...V6, extensionHeaders: [fragmentHeader(fields)] } })
    expect(fragment({ id: 0x7fffffff })).toMatchObject({ ipId: 0x7fffffff, fragmentOffset: 0, moreFragments: 0, innerDestinationPort: 80 })
    expect(fragment({ id: 0x80000000, moreFragments: true })).toMatchObject({
      ipId: -(2 ** 31),
      fragmentOffset: 0,
      moreFragments: 1,
      innerDestinationPort: 80,
    })
    for (const offset of [8, 65528]) {
      expect(fragment({ offset, id: 5 })).toMatchObject({
        issue: 0,
        ipId: 5,
        fragmentOffset: offset,
        moreFragments: 0,
        protocol: 6,
        transport: -1,
        innerSourcePort: -1,
      })
    }
  })
})
