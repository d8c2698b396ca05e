import { describe, expect, test } from 'vitest'
import {
  concat,
  ethernet,
  GENEVE_PORT,
  geneveDatagram,
  hex,
  ipv4,
  ipv6,
  LINKTYPE,
  loopback,
  sll,
  sll2,
  udp,
} from '../../src/testing/testing.ts'
import { decodePacket } from '../../src/wire/decode.ts'
import { LINK_TYPES } from '../../src/wire/link-types.ts'
import { IS_DAMAGED, IS_GENEVE, NOT_IP, PacketView, UNSUPPORTED_LINK } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { decoded, issueOf } from './decoded.ts'

const segment = udp({ destinationPort: GENEVE_PORT }, geneveDatagram())
const v4 = ipv4({}, segment)
const v6 = ipv6({}, segment)
const foreign = hex('ff00 0000')

describe('Ethernet', () => {
  test('IPv4 and IPv6', () => {
    expect(decoded(ethernet({}, v4))).toMatchObject({ outcome: IS_GENEVE, geneve: 14 + 28, outerVersion: 4 })
    expect(decoded(ethernet({}, v6))).toMatchObject({ outcome: IS_GENEVE, geneve: 14 + 48, outerVersion: 6 })
  })

  test("tags: every number of them, of each type, their ids at both ends; they are not the tunnel's", () => {
    for (const type of [0x8100, 0x88a8, 0x9100]) {
      for (const id of [0, 1, 4094, 4095]) {
        for (let count = 1; count <= 5; count++) {
          const vlans = Array.from({ length: count }, () => ({ id, type, priority: 7, dropEligible: true }))
          expect(decoded(ethernet({ vlans }, v4))).toMatchObject({
            outcome: IS_GENEVE,
            geneve: 14 + count * 4 + 28,
            vlanCount: 0,
            vlansLow: 0,
            vlansHigh: 0,
          })
        }
      }
    }
  })

  test('IEEE 802.3 lengths are not IP', () => {
    for (const type of [0, 46, 1500]) expect(decoded(ethernet({ type }, hex('424203')))).toMatchObject({ outcome: NOT_IP, issue: 0 })
  })
})

test('raw IP, whichever version, under each of its numbers', () => {
  for (const linkType of [LINKTYPE.raw, 12, 14]) {
    expect(decoded(v4, linkType)).toMatchObject({ outcome: IS_GENEVE, outerVersion: 4, geneve: 28 })
    expect(decoded(v6, linkType)).toMatchObject({ outcome: IS_GENEVE, outerVersion: 6, geneve: 48 })
    for (let version = 0; version < 16; version++) {
      if (version === 4 || version === 6) continue
      const packet = decoded(concat(Uint8Array.of(version << 4), v4.subarray(1)), linkType)
      expect(issueOf(packet)).toEqual({ kind: 'unsupported-version', layer: 'ip', offset: 0, needed: 4, available: version })
    }
  }
})

test('raw IPv4 and IPv6 are what their number says', () => {
  expect(decoded(v4, LINKTYPE.ipv4)).toMatchObject({ outcome: IS_GENEVE, geneve: 28 })
  expect(decoded(v6, LINKTYPE.ipv6)).toMatchObject({ outcome: IS_GENEVE, geneve: 48 })
  expect(decoded(v6, LINKTYPE.ipv4).outcome).toBe(IS_DAMAGED)
  expect(decoded(v4, LINKTYPE.ipv6).outcome).toBe(IS_DAMAGED)
})

test('SLL and SLL2, plain and tagged, whatever the interface', () => {
  for (const packetType of [0, 4]) {
    for (const hardwareType of [1, 772, 824, 65534]) {
      expect(decoded(sll({ packetType, hardwareType }, v4), LINKTYPE.sll)).toMatchObject({ outcome: IS_GENEVE, geneve: 16 + 28 })
      expect(decoded(sll2({ packetType, hardwareType, interfaceIndex: 7 }, v6), LINKTYPE.sll2)).toMatchObject({
        outcome: IS_GENEVE,
        geneve: 20 + 48,
      })
    }
  }
  const tagged = concat(hex('0005 0800'), v4)
  expect(decoded(sll({ protocolType: 0x8100 }, tagged), LINKTYPE.sll)).toMatchObject({
    outcome: IS_GENEVE,
    geneve: 16 + 4 + 28,
    vlanCount: 0,
  })
  expect(decoded(sll2({ protocolType: 0x8100 }, tagged), LINKTYPE.sll2)).toMatchObject({ outcome: IS_GENEVE, geneve: 20 + 4 + 28 })
  expect(decoded(sll({ protocolType: 0x0806 }, foreign), LINKTYPE.sll)).toMatchObject({ outcome: NOT_IP, issue: 0 })
  expect(decoded(sll2({ protocolType: 0x0003 }, foreign), LINKTYPE.sll2)).toMatchObject({ outcome: NOT_IP, issue: 0 })
})

test('null and loop: every address family, in both byte orders', () => {
  for (const linkType of [LINKTYPE.null, LINKTYPE.loop]) {
    for (const littleEndian of [false, true]) {
      for (let family = 0; family < 256; family++) {
        const isIpv4 = family === 2
        const isIpv6 = [10, 23, 24, 28, 30].includes(family)
        const packet = decoded(loopback({ family, littleEndian }, isIpv6 ? v6 : v4), linkType)
        expect(packet.outcome, `family ${family}`).toBe(isIpv4 || isIpv6 ? IS_GENEVE : NOT_IP)
        if (packet.outcome === IS_GENEVE) expect(packet.geneve).toBe(isIpv6 ? 52 : 32)
      }
    }
  }
})

test('every other link type is unsupported, however short the frame', () => {
  const known: readonly number[] = [...Object.values(LINKTYPE), 12, 14]
  for (let linkType = 0; linkType < 400; linkType++) {
    if (known.includes(linkType)) continue
    for (const frame of [v4, new Uint8Array(0)]) expect(decoded(frame, linkType)).toMatchObject({ outcome: UNSUPPORTED_LINK, issue: 0 })
  }
})

test('LINK_TYPES names all links that are decoded', () => {
  const packet = new PacketView(new DecodeRules())
  const frame = new DataView(new ArrayBuffer(64))
  const decoded = Array.from({ length: 65_536 }, (_, linkType) => linkType).filter(
    (linkType) => decodePacket(frame, 0, 64, linkType, packet) !== UNSUPPORTED_LINK,
  )
  expect(LINK_TYPES).toEqual(decoded)
})
