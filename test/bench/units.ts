import { genevePacket, hex, LINKTYPE } from '@geneve-telemetry/core/testing'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { FILE_HEADER, RECORD_HEADER, recordHeader, writeFileHeader } from './pcap.ts'

/** Packets of a unit. */
export const UNIT: number = 100_000
const PIECE = 1000
const MICROS_BETWEEN = 10
const NET_10 = 0x0a00_0000

/**
 * A capture of `units` units, made while it is read: every flow has `packetsOfFlow` packets, one after the other, and an address of its own in 10.0.0.0/8, so
 * none comes again in a later unit.
 */
export function* unitsCapture(units: number, packetsOfFlow: number): Generator<Uint8Array> {
  const frame = genevePacket({ vni: 0x1234, options: [{ class: 0x0108, type: 1, data: hex('0123456789abcdef') }] })
  const source = RECORD_HEADER + innerSourceOf(frame)
  const size = RECORD_HEADER + frame.length
  const head = new DataView(new ArrayBuffer(FILE_HEADER))
  writeFileHeader(head, LINKTYPE.ethernet)
  yield new Uint8Array(head.buffer)
  for (let first = 0; first < units * UNIT; first += PIECE) {
    const piece = new DataView(new ArrayBuffer(PIECE * size))
    const bytes = new Uint8Array(piece.buffer)
    for (let index = 0; index < PIECE; index++) {
      const at = index * size
      const number = first + index
      recordHeader(piece, at, number * MICROS_BETWEEN, frame.length, frame.length)
      bytes.set(frame, at + RECORD_HEADER)
      piece.setUint32(at + source, NET_10 + Math.floor(number / packetsOfFlow))
    }
    yield bytes
  }
}

function innerSourceOf(frame: Uint8Array): number {
  const packet = new PacketView(new DecodeRules())
  decodePacket(new DataView(frame.buffer, frame.byteOffset, frame.byteLength), 0, frame.length, LINKTYPE.ethernet, packet)
  return packet.innerSource
}
