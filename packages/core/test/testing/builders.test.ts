import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hardwareBytes, ipv4Bytes, ipv6Bytes } from '../../src/testing/address.ts'
import { crc32c, onesComplementSum } from '../../src/testing/checksum.ts'
import {
  bits,
  concat,
  ethernet,
  geneve,
  geneveOption,
  geneveOptions,
  hex,
  icmp,
  icmpv6,
  ipv4,
  ipv6,
  type Segment,
  sctp,
  tcp,
  tcpFlags,
  udp,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../../src/testing/testing.ts'
import { ipv4Text, ipv6Text } from '../../src/wire/address.ts'

test('hex: white space is free, anything else is not', () => {
  expect(hex(' 00 ff\n0aF0 ')).toEqual(Uint8Array.of(0x00, 0xff, 0x0a, 0xf0))
  expect(hex('')).toEqual(new Uint8Array(0))
  for (const text of ['0', '000', '0x00', '0g', 'zz', '00:11', '-1']) expect(() => hex(text)).toThrow(RangeError)
})

test('numbers in network order, none that does not fit', () => {
  expect(concat(uint8(1), uint16(0x0203), uint24(0x040506), uint32(0x8708090a))).toEqual(hex('01 0203 040506 8708090a'))
  for (const write of [uint8, uint16, uint24, uint32]) {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 32]) expect(() => write(value)).toThrow(RangeError)
  }
  expect(() => uint8(256)).toThrow(RangeError)
  expect(() => uint24(2 ** 24)).toThrow(RangeError)
  expect(bits([4, 4], [5, 4])).toEqual(hex('45'))
  expect(bits([0xfffff, 20], [7, 3], [1, 1], [255, 8])).toEqual(hex('ffffffff'))
  for (const value of [-1, 16, 0.5]) expect(() => bits([value, 4], [0, 4])).toThrow(RangeError)
})

test('addresses are those that the decoder writes', () => {
  const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer)
  fc.assert(fc.property(fc.ipV4(), (text) => ipv4Text(viewOf(ipv4Bytes(text)), 0) === text))
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (bytes) => `${ipv6Bytes(ipv6Text(viewOf(bytes.slice()), 0))}` === `${bytes}`,
    ),
  )
  expect(ipv6Bytes('::')).toEqual(new Uint8Array(16))
  expect(ipv6Bytes('::ffff:192.0.2.1')).toEqual(hex('00000000 00000000 0000ffff c0000201'))
  expect(ipv6Bytes('2001:db8::1')).toEqual(hex('20010db8 00000000 00000000 00000001'))
  expect(hardwareBytes('02:00:5E:00:53:ff')).toEqual(hex('02005e0053ff'))
  for (const text of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.x']) expect(() => ipv4Bytes(text)).toThrow(RangeError)
  for (const text of ['', '1::2::3', '1:2', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '10.0.0.1'])
    expect(() => ipv6Bytes(text)).toThrow(RangeError)
  for (const text of ['', '02:00', '020000000001']) expect(() => hardwareBytes(text)).toThrow(RangeError)
})

test('an IPv4 header with the checksum that a textbook gives it', () => {
  const packet = ipv4(
    { source: '192.168.0.1', destination: '192.168.0.199', dontFragment: true, protocol: 17, totalLength: 0x73 },
    new Uint8Array(0),
  )
  expect(packet).toEqual(hex('4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7'))
})

test('CRC32c of the digits 1 to 9, as SCTP puts it on the wire', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0x839206e3)
  const bytes = sctp({ sourcePort: 1, destinationPort: 2 }, hex('0b000004')).bytes({
    source: new Uint8Array(4),
    destination: new Uint8Array(4),
  })
  expect(crc32c(concat(bytes.subarray(0, 8), new Uint8Array(4), bytes.subarray(12)))).toBe(new DataView(bytes.buffer).getUint32(8))
})

test('every transport checksum makes the sum all ones, of odd lengths too', () => {
  const segments: readonly ((payload: Uint8Array) => Segment)[] = [
    (payload) => udp({}, payload),
    (payload) => tcp({}, payload),
    (payload) => icmpv6({}, payload),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...segments), fc.uint8Array({ maxLength: 99 }), fc.constantFrom(4, 16), (make, payload, length) => {
      const addresses = { source: new Uint8Array(length).fill(0x9a), destination: new Uint8Array(length).fill(0x3b) }
      const segment = make(payload)
      const bytes = segment.bytes(addresses)
      expect(onesComplementSum(addresses.source, addresses.destination, uint32(bytes.byteLength), uint32(segment.protocol), bytes)).toBe(
        0xffff,
      )
    }),
  )
  expect(onesComplementSum(icmp({ type: 8, rest: 5 }, hex('010203')).bytes({ source: hex(''), destination: hex('') }))).toBe(0xffff)
})

test('a UDP sum of zero is written as its other form, and no checksum as zero', () => {
  const addresses = { source: new Uint8Array(4), destination: new Uint8Array(4) }
  // Length 10 counts twice, protocol 17 once: the payload makes the sum all ones.
  const payload = uint16(0xffff - 10 - 10 - 17)
  expect(udp({ sourcePort: 0, destinationPort: 0 }, payload).bytes(addresses).subarray(6, 8)).toEqual(hex('ffff'))
  expect(udp({ checksum: 0 }, payload).bytes(addresses).subarray(6, 8)).toEqual(hex('0000'))
  expect(udp({ sourcePort: 0, destinationPort: 0, checksum: 'partial' }, payload).bytes(addresses).subarray(6, 8)).toEqual(uint16(10 + 17))
})

test('a GENEVE header and an option as RFC 8926 draws them, C by the options', () => {
  const options = [{ class: 0x0108, type: 0x83, data: hex('deadbeef') }]
  expect(geneve({ vni: 42, options }, hex('45'))).toEqual(hex('0240 0800 00002a00  0108 8301 deadbeef  45'))
  expect(
    geneve(
      { version: 3, control: true, critical: false, reserved: 63, protocolType: 0, reservedByte: 255, optionsLength: 63, options },
      hex(''),
    ),
  ).toEqual(hex('ffbf 0000 000000ff  0108 8301 deadbeef'))
  expect(geneveOption({ class: 0xffff, type: 255, reserved: 7, length: 31 })).toEqual(hex('ffff ff ff'))
  expect(() => geneveOption({ data: hex('00') })).toThrow(RangeError)
})

test('what is inside says what is outside', () => {
  expect(ethernet({}, ipv4({}, udp({}))).subarray(12, 15)).toEqual(hex('0800 45'))
  expect(ethernet({ vlans: [1, { id: 4095, priority: 7, dropEligible: true }] }, ipv6({}, tcp({}))).subarray(12, 24)).toEqual(
    hex('88a8 0001 8100 ffff 86dd 6000'),
  )
  expect(ipv4({}, tcp({}))[9]).toBe(6)
  expect(ipv6({}, icmpv6({}))[6]).toBe(58)
})

test('TCP options by name, padded to whole words', () => {
  const bytes = (options: Parameters<typeof tcp>[0]['options'] & object): Uint8Array =>
    tcp({ options }).bytes({ source: new Uint8Array(4), destination: new Uint8Array(4) })
  expect(bytes({ mss: 1460, windowScale: 7, sackPermitted: true, timestamps: { value: 1, echo: 2 } }).subarray(20)).toEqual(
    hex('020405b4 030307 0402 080a0000000100000002 01'),
  )
  expect(bytes({ sack: [[1, 2]] }).subarray(20)).toEqual(hex('050a 00000001 00000002 0101'))
  expect(bytes({ mss: 1 })[12]).toBe(0x60)
  expect(tcpFlags('SA')).toBe(0x12)
  expect(tcpFlags('FSRPAUEC')).toBe(0xff)
  expect(() => tcpFlags('X')).toThrow(RangeError)
})

test('options in bytes are the options that they were written from', () => {
  const options = [
    { class: 0x0105, type: 2, data: hex('0000000000000042') },
    { class: 0xffff, type: 255, data: hex('') },
  ]
  const bytes = options.flatMap((option) => [...geneveOption(option)])
  expect(geneveOptions(Uint8Array.from([1, 2, 3, ...bytes]).subarray(3))).toEqual(options)
})
