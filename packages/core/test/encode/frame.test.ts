import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBytes, encodeFrame, encodeGeneve, type FrameFields } from '../../src/encode/encode.ts'
import { concat, geneveOption, genevePacket, hex, ip, LINKTYPE, tcp } from '../../src/testing/testing.ts'
import { addressText } from '../../src/wire/address.ts'
import { decodeDatagram } from '../../src/wire/decode.ts'
import { IS_GENEVE, PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { decoded, issueOf } from '../wire/decoded.ts'

const IPV4 = { source: '10.0.0.1', destination: '10.0.0.2' }
const IPV6 = { source: '2001:db8::1', destination: '2001:db8::2' }

const option = fc
  .record({
    class: fc.nat(0xffff),
    type: fc.nat(0xff),
    data: fc.nat(12).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
  })
  .map((fields) => geneveOption(fields))
const options = fc.array(option, { maxLength: 4 }).map((all) => concat(...all))
const inner = fc
  .record({ payload: fc.uint8Array({ maxLength: 60 }), flags: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA'), version: fc.constantFrom(4, 6) })
  .map(({ payload, flags, version }) =>
    ip(
      version === 4 ? { source: '192.0.2.1', destination: '192.0.2.2' } : { source: '2001:db8:1::1', destination: '2001:db8:1::2' },
      tcp({ flags }, payload),
    ),
  )
const port = fc.integer({ min: 1, max: 0xffff })
const fields: fc.Arbitrary<FrameFields> = fc
  .record({
    vni: fc.nat(0xff_ffff),
    options,
    control: fc.boolean(),
    sourcePort: port,
    timeToLive: fc.nat(255),
    checksum: fc.boolean(),
    outer: fc.constantFrom(IPV4, IPV6),
    payload: fc.option(inner, { nil: undefined }),
    hasEthernet: fc.boolean(),
  })
  .map(({ outer, payload, hasEthernet, ...rest }) => ({
    ...rest,
    ...outer,
    ...(payload !== undefined && { payload }),
    ...(hasEthernet && { ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' } }),
  }))

test('a packet decodes to its fields, without an issue', () => {
  fc.assert(
    fc.property(fields, (given) => {
      const bytes = encodeFrame(given)
      const packet = decoded(bytes, given.ethernet === undefined ? LINKTYPE.raw : LINKTYPE.ethernet)
      expect(packet.outcome).toBe(IS_GENEVE)
      expect(issueOf(packet)).toEqual({ kind: 'none' })
      expect(packet.vni).toBe(given.vni)
      expect(packet.control).toBe(given.control ? 1 : 0)
      expect(packet.outerTtl).toBe(given.timeToLive)
      expect(packet.sourcePort).toBe(given.sourcePort)
      expect(bytes.subarray(packet.optionsStart, packet.optionsEnd)).toEqual(given.options)
      expect(bytes.subarray(packet.payload)).toEqual(given.payload ?? new Uint8Array(0))
      expect(addressText(packet.view, packet.outerSource, packet.outerVersion)).toBe(given.source)
      expect(addressText(packet.view, packet.outerDestination, packet.outerVersion)).toBe(given.destination)
    }),
  )
})

test('it has the bytes and the checksums that the builder of tests makes', () => {
  fc.assert(
    fc.property(fields, (given) => {
      const { vni = 0, control = false, sourcePort = 0, timeToLive = 0, checksum, ethernet } = given
      const options = optionsOf(given.options!)
      const expected = genevePacket({
        vni,
        control,
        options,
        protocolType: given.payload === undefined ? 0 : given.payload[0]! >> 4 === 4 ? 0x0800 : 0x86dd,
        udp: { sourcePort, ...(checksum ? {} : { checksum: 0 }) },
        outer: {
          source: given.source,
          destination: given.destination,
          ...(given.source.includes(':') ? { hopLimit: timeToLive } : { ttl: timeToLive }),
        },
        payload: given.payload ?? new Uint8Array(0),
        ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
      })
      expect(encodeFrame(given)).toEqual(ethernet === undefined ? expected.subarray(14) : expected)
    }),
  )
})

test('a record that stands alone is a whole datagram: O bit, protocol type 0, no payload', () => {
  const options = geneveOption({ class: 0x0105, type: 1, data: hex('00 00 00 07') })
  const bytes = encodeGeneve({ control: true, options })
  expect(bytes).toEqual(hex('02 80 00 00  00 00 00 00  01 05 01 01  00 00 00 07'))
  const packet = new PacketView(new DecodeRules())
  expect(decodeDatagram(new DataView(bytes.buffer), 0, bytes.byteLength, packet)).toBe(IS_GENEVE)
  expect(issueOf(packet)).toEqual({ kind: 'none' })
  expect(packet.payloadLength).toBe(-1)
})

test('what is neither IPv4 nor IPv6 is taken for Ethernet', () => {
  expect(encodeGeneve({ payload: hex('02 00 00 00 00 01') }).subarray(2, 4)).toEqual(hex('65 58'))
  expect(encodeGeneve({ payload: hex('00 01'), protocolType: 0x0806 }).subarray(2, 4)).toEqual(hex('08 06'))
})

describe('refuses, and names the member', () => {
  const mistakes: readonly (readonly [message: string, fields: Partial<FrameFields>])[] = [
    ['vni: 16777216 is not a whole number from 0 to 16777215', { vni: 0x100_0000 }],
    ['vni: -1 is not', { vni: -1 }],
    ['vni: 1.5 is not', { vni: 1.5 }],
    ['protocolType: 65536 is not', { protocolType: 0x1_0000 }],
    ['options: 256 bytes are more than 252', { options: new Uint8Array(256) }],
    ['options: 6 bytes are not a multiple of 4', { options: new Uint8Array(6) }],
    ['options: their lengths add up to 8 bytes, and there are 4', { options: hex('01 08 01 01') }],
    ['sourcePort: 65536 is not', { sourcePort: 65536 }],
    ['destinationPort: -1 is not', { destinationPort: -1 }],
    ['timeToLive: 256 is not', { timeToLive: 256 }],
    ['identification: 65536 is not', { identification: 65536 }],
    ["source: '10.0.0.256' is no IPv4 or IPv6 address", { source: '10.0.0.256' }],
    ["destination: '2001:db8::2' and the source '10.0.0.1' are not of one IP version", { destination: '2001:db8::2' }],
    ["ethernet.source: '02:00' is no hardware address", { ethernet: { source: '02:00', destination: '02:00:00:00:00:02' } }],
    ['payload: the IP packet has 65536 bytes, more than 65535', { payload: new Uint8Array(65536 - 36) }],
  ]
  test.each(mistakes)('%s', (message, given) => {
    expect(() => encodeFrame({ ...IPV4, ...given })).toThrow(RangeError)
    expect(() => encodeFrame({ ...IPV4, ...given })).toThrow(message)
  })
})

describe('addresses', () => {
  test('as they are written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const bytes = addressBytes('source', text)
        const version = bytes.byteLength === 4 ? 4 : 6
        const again = addressText(new DataView(bytes.buffer), 0, version)
        expect(addressBytes('source', again)).toEqual(bytes)
        expect(version === 4 ? again : '').toBe(version === 4 ? text : '')
      }),
    )
    expect(addressBytes('a', '64:ff9b::192.0.2.33')).toEqual(hex('00 64 ff 9b 00 00 00 00 00 00 00 00 c0 00 02 21'))
    expect(addressBytes('a', '::')).toEqual(new Uint8Array(16))
  })
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.x',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'g::',
    '1.2.3.4::',
  ])("'%s' is none", (text) => {
    expect(() => addressBytes('host', text)).toThrow(`host: '${text}' is no IPv4 or IPv6 address`)
  })
})

/** An options area as the builder of tests takes it. */
function optionsOf(area: Uint8Array): { class: number; type: number; data: Uint8Array }[] {
  const all: { class: number; type: number; data: Uint8Array }[] = []
  for (let at = 0; at < area.byteLength; ) {
    const length = (area[at + 3]! & 0x1f) * 4
    all.push({ class: (area[at]! << 8) | area[at + 1]!, type: area[at + 2]!, data: area.subarray(at + 4, at + 4 + length) })
    at += 4 + length
  }
  return all
}
