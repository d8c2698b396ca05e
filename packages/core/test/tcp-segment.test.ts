import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, genevePacket, hex, type TcpFields, udp, uint32 as uint32Bytes } from '../src/testing/testing.ts'
import { decodePacket } from '../src/wire/decode.ts'
import { PacketView } from '../src/wire/packet-view.ts'
import { DecodeRules } from '../src/wire/rules.ts'
import { tcpFlagsText } from '../src/wire/tcp-flags.ts'
import { readTcpSegment, TcpSegment } from '../src/wire/tcp-segment.ts'

const packet = new PacketView(new DecodeRules())
const segment = new TcpSegment()

function read(fields: TcpFields, cut = 0): boolean {
  const bytes = genevePacket({ tcp: fields })
  decodePacket(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.byteLength - cut, 1, packet)
  return readTcpSegment(packet, segment)
}

const uint32 = fc.nat(0xffffffff)

test('sequence, acknowledgement and window', () => {
  fc.assert(
    fc.property(uint32, uint32, fc.nat(0xffff), (sequence, acknowledgement, window) => {
      expect(read({ sequence, acknowledgement, window })).toBe(true)
      expect(segment).toMatchObject({
        sequence,
        acknowledgement,
        window,
        maximumSegmentSize: -1,
        windowScale: -1,
        sackPermitted: 0,
        sackBlocks: 0,
      })
    }),
  )
})

test('a header that ends behind the outer datagram is no header, though the frame goes on', () => {
  const header = 20 + 20
  for (const missing of [0, 1, 16, 20]) {
    const bytes = genevePacket({ udp: { length: 8 + 8 + header - missing } })
    decodePacket(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.byteLength, 1, packet)
    expect(readTcpSegment(packet, segment)).toBe(missing === 0)
  }
})

test('every option, in whatever company', () => {
  const block = fc.tuple(uint32, uint32)
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      fc.nat(255),
      fc.array(block, { minLength: 1, maxLength: 2 }),
      uint32,
      uint32,
      (mss, windowScale, sack, value, echo) => {
        expect(read({ options: { mss, windowScale, sackPermitted: true, sack, timestamps: { value, echo } } })).toBe(true)
        expect(segment).toMatchObject({ maximumSegmentSize: mss, windowScale, sackPermitted: 1, sackBlocks: sack.length })
        expect([...segment.sack.subarray(0, sack.length * 2)]).toEqual(sack.flat())
        expect(segment).toMatchObject({ timestampValue: value, timestampEcho: echo })
      },
    ),
  )
})

test('four blocks of SACK fill the options', () => {
  const sack: [number, number][] = [
    [1, 2],
    [3, 4],
    [5, 6],
    [0xfffffffe, 0xffffffff],
  ]
  expect(read({ options: { sack } })).toBe(true)
  expect([...segment.sack]).toEqual(sack.flat())
})

test('whatever the option bytes are, reading ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, cut) => {
      const options = bytes.subarray(0, bytes.byteLength & ~3)
      expect(read({ options }, Math.min(cut, options.byteLength))).toBe(true)
    }),
  )
})

test('padding behind the packet is no option', () => {
  const bytes = concat(genevePacket({ tcp: { dataOffset: 6 } }), hex('0204 05b4'))
  decodePacket(new DataView(bytes.buffer), 0, bytes.byteLength, 1, packet)
  expect(readTcpSegment(packet, segment)).toBe(true)
  expect(segment.maximumSegmentSize).toBe(-1)
})

test('nothing where there is no TCP, or not all of it', () => {
  const bytes = genevePacket({ segment: udp({}, new Uint8Array(40)) })
  decodePacket(new DataView(bytes.buffer), 0, bytes.byteLength, 1, packet)
  expect(readTcpSegment(packet, segment)).toBe(false)
  expect(read({}, 1)).toBe(false)
})

test('flags in the order of their bits', () => {
  expect(tcpFlagsText(0)).toBe('')
  expect(tcpFlagsText(0x12)).toBe('SA')
  expect(tcpFlagsText(0xff)).toBe('FSRPAUEC')
  for (let flags = 0; flags < 256; flags++) {
    let bits = 0
    for (const letter of tcpFlagsText(flags)) bits |= 1 << 'FSRPAUEC'.indexOf(letter)
    expect(bits).toBe(flags)
  }
})

test('timestamps alone, as nearly all senders write them', () => {
  fc.assert(
    fc.property(uint32, uint32, (value, echo) => {
      expect(read({ options: concat(hex('0101080a'), uint32Bytes(value), uint32Bytes(echo)) })).toBe(true)
      expect(segment).toMatchObject({ timestampValue: value, timestampEcho: echo, windowScale: -1, sackBlocks: 0 })
    }),
  )
})
