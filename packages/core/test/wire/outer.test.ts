import { describe, expect, test } from 'vitest'
import {
  authenticationHeader,
  concat,
  ethernet,
  extensionHeader,
  fragmentHeader,
  type GenevePacketFields,
  geneve,
  genevePacket,
  hex,
  icmp,
  icmpv6,
  ipv4,
  ipv6,
  rawSegment,
  tcp,
  udp,
} from '../../src/testing/testing.ts'
import { addressText } from '../../src/wire/address.ts'
import { IS_DAMAGED, IS_GENEVE, NOT_IP, NOT_UDP, OUTER_FRAGMENT, type PacketView } from '../../src/wire/packet-view.ts'
import { decoded, issueOf } from './decoded.ts'

const V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))

describe('IPv4', () => {
  test('addresses and TTL', () => {
    for (const ttl of [0, 1, 127, 128, 255]) {
      const packet = decodedWith({ outer: { source: '0.0.0.0', destination: '255.255.255.254', ttl } })
      expect(packet).toMatchObject({ outcome: IS_GENEVE, outerVersion: 4, outerTtl: ttl })
      expect(addressText(packet.view, packet.outerSource, 4)).toBe('0.0.0.0')
      expect(addressText(packet.view, packet.outerDestination, 4)).toBe('255.255.255.254')
    }
  })

  test('every header length', () => {
    for (let words = 0; words < 5; words++) {
      const packet = decodedWith({ outer: { headerLength: words } })
      expect(packet.outcome).toBe(IS_DAMAGED)
      expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'ip', offset: 14, needed: 20, available: words * 4 })
    }
    for (let words = 5; words < 16; words++) {
      const packet = decodedWith({ outer: { options: new Uint8Array((words - 5) * 4) } })
      expect(packet).toMatchObject({ outcome: IS_GENEVE, geneve: 14 + words * 4 + 8 })
    }
  })

  test('every version but its own', () => {
    for (let version = 0; version < 16; version++) {
      if (version === 4) continue
      const packet = decoded(ethernet({ type: 0x0800 }, ipv4({ version }, udp({ destinationPort: 6081 }, geneve({}, hex(''))))))
      expect(packet.outcome).toBe(IS_DAMAGED)
      expect(issueOf(packet)).toEqual({ kind: 'unsupported-version', layer: 'ip', offset: 14, needed: 4, available: version })
    }
  })

  test('a total length shorter than the header', () => {
    for (let totalLength = 1; totalLength < 20; totalLength++) {
      const packet = decodedWith({ outer: { totalLength } })
      expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'ip', offset: 14, needed: 20, available: totalLength })
    }
  })

  test('a total length that cuts the UDP header is wrong, not cut', () => {
    for (let totalLength = 20; totalLength < 28; totalLength++) {
      const packet = decodedWith({ outer: { totalLength } })
      expect(packet.outcome).toBe(IS_DAMAGED)
      expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'udp', offset: 34, needed: 8, available: totalLength - 20 })
    }
  })

  test('every protocol but UDP', () => {
    for (let protocol = 0; protocol < 256; protocol++) {
      const packet = decodedWith({ outer: { protocol } })
      expect(packet.outcome).toBe(protocol === 17 ? IS_GENEVE : NOT_UDP)
      if (protocol !== 17) expect(packet).toMatchObject({ issue: 0, outerVersion: 4, vni: -1, innerVersion: 0, protocol: -1 })
    }
  })

  test('fragments: the first has the header, no later one has', () => {
    expect(decodedWith({ outer: { moreFragments: true } })).toMatchObject({ outcome: IS_GENEVE, issue: 0, innerVersion: 4 })
    for (const fragmentOffset of [8, 1480, 65528]) {
      for (const moreFragments of [false, true]) {
        const packet = decodedWith({ outer: { fragmentOffset, moreFragments } })
        expect(packet).toMatchObject({ outcome: OUTER_FRAGMENT, issue: 0, sourcePort: -1, vni: -1, fragmentOffset: 0, moreFragments: 0 })
      }
    }
  })

  test('what a first fragment lacks is cut, not wrong', () => {
    const whole = genevePacket({ outer: { moreFragments: true, totalLength: 20 + 8 + 8 + 30 }, udp: { length: 8 + 8 + 40 } })
    const fragment = whole.subarray(0, 14 + 20 + 8 + 8 + 30)
    for (const frame of [fragment, concat(fragment, new Uint8Array(20))]) {
      const packet = decoded(frame)
      expect(packet.outcome).toBe(IS_GENEVE)
      expect(issueOf(packet)).toEqual({ kind: 'truncated', layer: 'inner-tcp', offset: 70, needed: 20, available: 10 })
    }
  })

  test('a flag "do not fragment" and the reserved one are no fragments', () => {
    expect(decodedWith({ outer: { dontFragment: true } }).outcome).toBe(IS_GENEVE)
    const evil = genevePacket()
    evil[14 + 6]! |= 0x80
    expect(decoded(evil).outcome).toBe(IS_GENEVE)
  })
})

describe('IPv6', () => {
  test('addresses and hop limit', () => {
    const packet = decodedWith({ outer: { source: '::', destination: 'ff02::1:ff00:1', hopLimit: 255 } })
    expect(packet).toMatchObject({ outcome: IS_GENEVE, outerVersion: 6, outerTtl: 255 })
    expect(addressText(packet.view, packet.outerSource, 6)).toBe('::')
    expect(addressText(packet.view, packet.outerDestination, 6)).toBe('ff02::1:ff00:1')
  })

  test('every version but its own', () => {
    for (let version = 0; version < 16; version++) {
      if (version === 6) continue
      const packet = decoded(ethernet({ type: 0x86dd }, ipv6({ version }, udp({ destinationPort: 6081 }, geneve({}, hex(''))))))
      expect(issueOf(packet)).toEqual({ kind: 'unsupported-version', layer: 'ip', offset: 14, needed: 6, available: version })
    }
  })

  test('every extension header, of every length', () => {
    for (const protocol of [0, 43, 60, 135, 139, 140]) {
      for (const units of [0, 1, 2, 100, 255]) {
        const extensionHeaders = [extensionHeader(protocol, new Uint8Array(6 + units * 8))]
        expect(decodedWith({ outer: { ...V6, extensionHeaders } })).toMatchObject({
          outcome: IS_GENEVE,
          geneve: 14 + 40 + 8 + units * 8 + 8,
        })
      }
    }
    for (const valueLength of [0, 12, 16, 32, 1008]) {
      const extensionHeaders = [authenticationHeader(valueLength)]
      expect(decodedWith({ outer: { ...V6, extensionHeaders } })).toMatchObject({
        outcome: IS_GENEVE,
        geneve: 14 + 40 + 12 + valueLength + 8,
      })
    }
  })

  test('a chain of many', () => {
    const extensionHeaders = Array.from({ length: 100 }, () => extensionHeader(60))
    expect(decodedWith({ outer: { ...V6, extensionHeaders } })).toMatchObject({ outcome: IS_GENEVE, geneve: 14 + 40 + 800 + 8 })
  })

  test('an atomic fragment is whole, a first one is read, a later one is not', () => {
    const fragment = (fields: Parameters<typeof fragmentHeader>[0]): PacketView =>
      decodedWith({ outer: { ...V6, extensionHeaders: [fragmentHeader(fields)] } })
    expect(fragment({ id: 1 })).toMatchObject({ outcome: IS_GENEVE, issue: 0 })
    expect(fragment({ moreFragments: true })).toMatchObject({ outcome: IS_GENEVE, issue: 0 })
    for (const offset of [8, 1448, 65528]) {
      expect(fragment({ offset, moreFragments: true })).toMatchObject({ outcome: OUTER_FRAGMENT, issue: 0 })
      expect(fragment({ offset })).toMatchObject({ outcome: OUTER_FRAGMENT, issue: 0 })
    }
  })

  test('an extension header longer than the packet is wrong; a damaged header keeps its addresses', () => {
    const bytes = ethernet({}, ipv6({ payloadLength: 8, nextHeader: 60, ...V6 }, concat(hex('1101 0104 00000000'), new Uint8Array(40))))
    const packet = decoded(bytes)
    expect(packet).toMatchObject({ outcome: IS_DAMAGED, outerVersion: 6, innerVersion: 0, innerSource: -1, protocol: -1 })
    expect(addressText(packet.view, packet.outerSource, 6)).toBe('2001:db8::1')
    expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'ip', offset: 14, needed: 56, available: 48 })
  })

  test('no next header is not UDP', () => {
    expect(decoded(ethernet({}, ipv6({ protocol: 59 }, hex(''))))).toMatchObject({ outcome: NOT_UDP, issue: 0 })
  })
})

describe('never a packet', () => {
  const quoted = ipv4({}, udp({ destinationPort: 6081 }, geneve({}, ipv4({}, tcp({})))))

  test('GENEVE quoted in an ICMP error', () => {
    expect(decoded(ethernet({}, ipv4({}, icmp({ type: 3, code: 3 }, quoted))))).toMatchObject({ outcome: NOT_UDP, vni: -1, issue: 0 })
    expect(decoded(ethernet({}, ipv6({}, icmpv6({ type: 1 }, quoted))))).toMatchObject({ outcome: NOT_UDP, vni: -1, issue: 0 })
  })

  test('GENEVE in another tunnel that is not ours', () => {
    expect(decoded(ethernet({}, ipv4({}, rawSegment(4, quoted)))).outcome).toBe(NOT_UDP)
  })

  test('every EtherType that is not IP', () => {
    for (let type = 0x0600; type <= 0xffff; type += 7) {
      if ([0x0800, 0x86dd, 0x8100, 0x88a8, 0x9100].includes(type)) continue
      expect(decoded(ethernet({ type }, quoted))).toMatchObject({ outcome: NOT_IP, issue: 0 })
    }
  })
})
