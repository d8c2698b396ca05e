import { describe, expect, test } from 'vitest'
import {
  concat,
  type GenevePacketFields,
  genevePacket,
  hex,
  icmp,
  icmpv6,
  ipv4,
  rawSegment,
  type Segment,
  sctp,
  type TcpFields,
  tcp,
  udp,
} from '../../src/testing/testing.ts'
import type { PacketView } from '../../src/wire/packet-view.ts'
import { decoded, issueOf } from './decoded.ts'

const PAYLOAD = 14 + 20 + 8 + 8
const V6 = { source: '2001:db8::1', destination: '2001:db8::2' }
const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))
const decodedTcp = (fields: TcpFields, bytes?: Uint8Array): PacketView => decodedWith({ segment: tcp(fields, bytes) })

describe('TCP', () => {
  test('ports at their ends', () => {
    for (const sourcePort of [0, 1, 0x7fff, 0x8000, 65535]) {
      for (const destinationPort of [0, 255, 256, 65535]) {
        expect(decodedTcp({ sourcePort, destinationPort })).toMatchObject({
          innerSourcePort: sourcePort,
          innerDestinationPort: destinationPort,
        })
      }
    }
  })

  test('all 256 flags, whatever the reserved bits', () => {
    for (let flags = 0; flags < 256; flags++) {
      for (const reserved of [0, 1, 15]) expect(decodedTcp({ flags, reserved }).tcpFlags).toBe(flags)
    }
  })

  test('every data offset', () => {
    for (let dataOffset = 0; dataOffset < 5; dataOffset++) {
      const packet = decodedTcp({ dataOffset })
      expect(issueOf(packet)).toEqual({
        kind: 'bad-length',
        layer: 'inner-tcp',
        offset: PAYLOAD + 20,
        needed: 20,
        available: dataOffset * 4,
      })
      expect(packet).toMatchObject({ innerDestinationPort: 80, tcpFlags: 0x10, payloadLength: -1 })
    }
    for (let dataOffset = 5; dataOffset < 16; dataOffset++) {
      expect(decodedTcp({ options: new Uint8Array((dataOffset - 5) * 4) }, hex('010203'))).toMatchObject({ issue: 0, payloadLength: 3 })
    }
  })

  test('a header longer than its packet is wrong', () => {
    const packet = decoded(concat(genevePacket({ tcp: { dataOffset: 6 } }), new Uint8Array(20)))
    expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'inner-tcp', offset: PAYLOAD + 20, needed: 24, available: 20 })
    expect(packet.payloadLength).toBe(-1)
  })

  test('a payload that is not captured still counts', () => {
    const bytes = genevePacket({ segment: tcp({}, new Uint8Array(1000)) })
    expect(decoded(bytes.subarray(0, PAYLOAD + 40), 1, bytes.byteLength)).toMatchObject({ issue: 0, payloadLength: 1000 })
  })
})

describe('UDP', () => {
  test('ports and payload', () => {
    for (const port of [0, 1, 0x8000, 65535]) {
      const packet = decodedWith({ segment: udp({ sourcePort: port, destinationPort: 65535 - port }, hex('010203')) })
      expect(packet).toMatchObject({
        issue: 0,
        protocol: 17,
        innerSourcePort: port,
        innerDestinationPort: 65535 - port,
        payloadLength: 3,
        tcpFlags: -1,
      })
    }
  })

  test('every length: 0 and what is too long are the rest of the packet, what is too short is wrong', () => {
    for (const length of [0, 12, 65535])
      expect(decodedWith({ segment: udp({ length }, hex('010203')) })).toMatchObject({ issue: 0, payloadLength: 3 })
    for (const [length, payloadLength] of [
      [8, 0],
      [9, 1],
      [10, 2],
    ] as const) {
      expect(decodedWith({ segment: udp({ length }, hex('010203')) })).toMatchObject({ issue: 0, payloadLength })
    }
    for (let length = 1; length < 8; length++) {
      const packet = decodedWith({ segment: udp({ length }, hex('010203')) })
      expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'inner-udp', offset: PAYLOAD + 20, needed: 8, available: length })
    }
  })
})

test('ICMP: every type, codes at their ends', () => {
  for (let type = 0; type < 256; type++) {
    for (const code of [0, 1, 255]) {
      expect(decodedWith({ segment: icmp({ type, code }, hex('01')) })).toMatchObject({
        issue: 0,
        protocol: 1,
        icmpType: type,
        icmpCode: code,
        payloadLength: 1,
        innerSourcePort: -1,
      })
      expect(decodedWith({ inner: V6, segment: icmpv6({ type, code }) })).toMatchObject({
        issue: 0,
        protocol: 58,
        icmpType: type,
        icmpCode: code,
        innerSourcePort: -1,
      })
    }
  }
})

test('SCTP ports', () => {
  const packet = decodedWith({ segment: sctp({ sourcePort: 65535, destinationPort: 0 }, hex('0b000004')) })
  expect(packet).toMatchObject({ issue: 0, protocol: 132, innerSourcePort: 65535, innerDestinationPort: 0, payloadLength: 4 })
})

test('a packet too short for ports has none, whatever pads the frame', () => {
  for (const protocol of [6, 17, 132]) {
    for (let length = 0; length < 4; length++) {
      const packet = decoded(concat(genevePacket({ segment: rawSegment(protocol, new Uint8Array(length)) }), new Uint8Array(20).fill(0xff)))
      expect(packet).toMatchObject({ innerSourcePort: -1, innerDestinationPort: -1, tcpFlags: -1, payloadLength: -1 })
      expect(issueOf(packet)).toMatchObject({ kind: 'bad-length', available: length })
    }
  }
})

test('every protocol is told; those without a header of ours have no ports and no issue', () => {
  const known = [1, 4, 6, 17, 41, 47, 58, 132]
  for (let protocol = 0; protocol < 256; protocol++) {
    if (known.includes(protocol)) continue
    const segment: Segment = rawSegment(protocol, hex('ffffffff'))
    expect(decodedWith({ segment })).toMatchObject({ issue: 0, protocol, transport: -1, innerSourcePort: -1, payloadLength: -1 })
  }
  expect(decodedWith({ payload: ipv4({ protocol: 6 }, new Uint8Array(0)) })).toMatchObject({ protocol: 6, innerLength: 20 })
})
