import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concat,
  ethernet,
  extensionHeader,
  type GenevePacketFields,
  genevePacket,
  hex,
  ipv4,
  jumboOption,
  tcp,
  told,
  udp,
} from '../../src/testing/testing.ts'
import { decodePacket } from '../../src/wire/decode.ts'
import { IS_DAMAGED, IS_GENEVE, OTHER_PORT, PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { decoded, issueOf } from './decoded.ts'

const V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))

describe('lengths', () => {
  const innerLength = 200
  const inner = { source: '192.0.2.1', destination: '192.0.2.2' }
  const segment = tcp({}, new Uint8Array(innerLength - 40))

  test('a length of 0 stands for the rest of the frame, in each header that may have one', () => {
    for (const outer of [{ totalLength: 0 }, { ...V6, payloadLength: 0 }]) {
      const packet = decodedWith({ outer, udp: { length: 0 }, inner: { ...inner, totalLength: 0 }, segment })
      expect(packet).toMatchObject({ outcome: IS_GENEVE, issue: 0, innerLength, payloadLength: innerLength - 40 })
    }
    const v6 = decodedWith({ udp: { length: 0 }, outer: { totalLength: 0 }, inner: { ...V6, payloadLength: 0 }, segment })
    expect(v6).toMatchObject({ issue: 0, innerLength: innerLength + 20, payloadLength: innerLength - 40 })
  })

  test('also where the capture has only its beginning', () => {
    const bytes = genevePacket({ outer: { totalLength: 0 }, udp: { length: 0 }, inner: { totalLength: 0 }, tcp: {} })
    const packet = decoded(bytes, 1, 100_000)
    expect(packet).toMatchObject({ issue: 0, innerLength: 100_000 - 14 - 20 - 8 - 8, payloadLength: 100_000 - 14 - 20 - 8 - 8 - 40 })
  })

  test('BIG TCP: lengths beyond 16 bits are written as 0', () => {
    const big = tcp({}, new Uint8Array(80_000))
    for (const outer of [{}, V6]) {
      const packet = decodedWith({ outer, inner: V6, segment: big })
      expect(packet).toMatchObject({ issue: 0, innerLength: 80_060, payloadLength: 80_000 })
    }
  })

  test('a jumbogram says its length in an option', () => {
    const outer = { ...V6, payloadLength: 0, extensionHeaders: [extensionHeader(0, jumboOption(8 + 8 + 8 + innerLength))] }
    const bytes = concat(genevePacket({ outer, udp: { length: 0 }, inner: { ...inner, totalLength: 0 }, segment }), new Uint8Array(50))
    expect(decoded(bytes)).toMatchObject({ issue: 0, innerLength })
    const jumbo = { ...V6, payloadLength: 0, extensionHeaders: [extensionHeader(0, jumboOption(8 + innerLength - 20))] }
    expect(decoded(concat(genevePacket({ inner: jumbo, segment }), new Uint8Array(50)))).toMatchObject({
      issue: 0,
      innerLength: 40 + 8 + innerLength - 20,
    })
  })

  test('a wire length that is shorter than the frame is a mistake of the capture', () => {
    const bytes = genevePacket()
    for (const wireLength of [0, 1, 60]) expect(told(decoded(bytes, 1, wireLength))).toEqual(told(decoded(bytes)))
  })

  test('padding behind the packet is no part of it', () => {
    const bytes = genevePacket()
    expect(told(decoded(concat(bytes, new Uint8Array(40).fill(0xff))))).toEqual(told(decoded(bytes)))
  })

  test('a total length beyond the frame says how long the packet was', () => {
    const bytes = genevePacket({ inner: { totalLength: 1500 } })
    expect(decoded(bytes)).toMatchObject({ issue: 0, innerLength: 1500, payloadLength: 1460 })
  })
})

describe('UDP', () => {
  test('every port as destination: only the one that is asked for', () => {
    const out = new PacketView(new DecodeRules([1, 6081, 65535]))
    const bytes = genevePacket({ udp: { sourcePort: 0 } })
    const view = new DataView(bytes.buffer)
    for (let port = 0; port <= 0xffff; port++) {
      view.setUint16(36, port)
      const outcome = decodePacket(view, 0, bytes.byteLength, 1, out)
      if (outcome !== (port === 1 || port === 6081 || port === 65535 ? IS_GENEVE : OTHER_PORT)) expect.fail(`port ${port}: ${outcome}`)
      if (out.sourcePort !== 0 || out.destinationPort !== port) expect.fail(`port ${port} is told as ${out.destinationPort}`)
    }
  })

  test('every port as source: none changes a packet to the port', () => {
    const bytes = genevePacket()
    const view = new DataView(bytes.buffer)
    const out = new PacketView(new DecodeRules())
    for (let port = 0; port <= 0xffff; port++) {
      view.setUint16(34, port)
      if (decodePacket(view, 0, bytes.byteLength, 1, out) !== IS_GENEVE || out.sourcePort !== port) expect.fail(`source port ${port}`)
    }
  })

  test('any checksum: right, absent, partial or wrong', () => {
    const right = told(decodedWith({}))
    for (const checksum of [0, 1, 0xffff, 'partial'] as const) expect(told(decodedWith({ udp: { checksum } }))).toEqual(right)
  })

  test('every length that is too short for its header', () => {
    for (let length = 1; length < 8; length++) {
      const packet = decodedWith({ udp: { length } })
      expect(packet.outcome).toBe(IS_DAMAGED)
      expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'udp', offset: 34, needed: 8, available: length })
    }
  })

  test('other datagrams may be as broken as they like', () => {
    for (const length of [1, 7, 9, 65535]) {
      expect(decoded(ethernet({}, ipv4({}, udp({ length }, hex('00')))))).toMatchObject({ outcome: OTHER_PORT, issue: 0 })
    }
  })
})

describe('from the port only', () => {
  const reply = { sourcePort: 6081, destinationPort: 40000 }
  const options = [{ class: 0x0108, type: 1, words: 2 }]

  test('plausible GENEVE', () => {
    for (const protocolType of [0x6558, 0x0800, 0x86dd, 0x0806, 0x8847]) {
      expect(decodedWith({ udp: reply, options, protocolType, payload: new Uint8Array(60) }).outcome).toBe(IS_GENEVE)
    }
    expect(decodedWith({ udp: reply })).toMatchObject({ outcome: IS_GENEVE, sourcePort: 6081, destinationPort: 40000, tcpFlags: 0x10 })
  })

  test.each<[string, GenevePacketFields]>([
    ['another version', { version: 1 }],
    ['a payload type that nobody uses', { protocolType: 0x0000 }],
    ['options that overrun', { options: [{ words: 1, length: 2 }] }],
    ['options that end early', { options, optionsLength: 2 }],
    ['an options area beyond the datagram', { optionsLength: 63, payload: new Uint8Array(60) }],
    ['a datagram shorter than the header', { udp: { ...reply, length: 15 } }],
    ['a length that cannot be', { udp: { ...reply, length: 7 } }],
  ])('%s is a client with that port, without an issue', (_, fields) => {
    expect(decodedWith({ udp: reply, ...fields })).toMatchObject({ outcome: OTHER_PORT, issue: 0, geneve: -1, vni: -1, innerVersion: 0 })
  })

  test('is never damaged, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
        const packet = decoded(ethernet({}, ipv4({}, udp(reply, payload))))
        expect(packet.outcome === OTHER_PORT || packet.outcome === IS_GENEVE).toBe(true)
      }),
    )
  })
})
