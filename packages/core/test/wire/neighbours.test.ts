import { describe, expect, test } from 'vitest'
import { samplePackets, told } from '../../src/testing/testing.ts'
import { decoded, decodedInto, decodedWithin } from './decoded.ts'

const PACKETS = samplePackets()

const MARGIN = 64

/** The frame amid other bytes, at any alignment. */
function amid(frame: Uint8Array, before: Uint8Array, after: Uint8Array): { bytes: Uint8Array; offset: number } {
  const bytes = new Uint8Array(before.byteLength + frame.byteLength + after.byteLength)
  bytes.set(before)
  bytes.set(frame, before.byteLength)
  bytes.set(after, before.byteLength + frame.byteLength)
  return { bytes, offset: before.byteLength }
}

describe.each(PACKETS)('$name', ({ bytes: frame, linkType }) => {
  const alone = told(decoded(frame, linkType))

  test.each([0x00, 0xff, 0x45, 0x60])('amid bytes of %i', (poison) => {
    for (let alignment = 0; alignment < 8; alignment++) {
      const { bytes, offset } = amid(frame, new Uint8Array(MARGIN + alignment).fill(poison), new Uint8Array(MARGIN).fill(poison))
      expect(told(decodedWithin(bytes, offset, offset + frame.byteLength, linkType))).toEqual(alone)
    }
  })

  test('amid other packets', () => {
    for (const other of PACKETS) {
      const { bytes, offset } = amid(frame, other.bytes, other.bytes)
      expect(told(decodedWithin(bytes, offset, offset + frame.byteLength, linkType)), other.name).toEqual(alone)
    }
  })

  test('in a view that was full of another packet', () => {
    for (const other of PACKETS) {
      const out = decoded(other.bytes, other.linkType)
      expect(told(decodedInto(out, frame, 0, frame.byteLength, linkType)), other.name).toEqual(alone)
    }
  })
})
