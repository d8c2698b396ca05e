import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, LINKTYPE, nonsenseIn, samplePackets, told } from '../../src/testing/testing.ts'
import { decoded, decodedWithin } from './decoded.ts'

const PACKETS = samplePackets()

const linkType = fc.constantFrom(...Object.values(LINKTYPE), 12, 14)
const packet = fc.constantFrom(...PACKETS)

test('any bytes of any link type give an answer that makes sense', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), linkType, fc.option(fc.nat(70_000)), (bytes, link, wireLength) => {
      expect(nonsenseIn(decoded(bytes, link, wireLength ?? bytes.byteLength))).toBe('')
    }),
    { numRuns: 2000 },
  )
})

test('so do packets of one link type read as another', () => {
  for (const { bytes, name } of PACKETS) {
    for (let link = 0; link < 300; link++) expect(nonsenseIn(decoded(bytes, link)), `${name} as link type ${link}`).toBe('')
  }
})

test('so do packets with bytes changed, wherever they stand and whatever stands around them', () => {
  const change = fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255))
  fc.assert(
    fc.property(
      packet,
      fc.array(change, { maxLength: 6 }),
      fc.nat(30),
      fc.uint8Array({ maxLength: 30 }),
      (sample, changes, cut, neighbour) => {
        const frame = sample.bytes.slice(0, Math.max(0, sample.bytes.byteLength - cut))
        for (const [place, value] of changes) if (frame.byteLength > 0) frame[Math.floor(place * frame.byteLength)] = value
        const alone = decoded(frame, sample.linkType)
        expect(nonsenseIn(alone)).toBe('')
        const bytes = concat(neighbour, frame, neighbour)
        const amid = decodedWithin(bytes, neighbour.byteLength, neighbour.byteLength + frame.byteLength, sample.linkType)
        expect(nonsenseIn(amid)).toBe('')
        expect(told(amid)).toEqual(told(alone))
      },
    ),
    { numRuns: 5000 },
  )
})

test('so do packets spliced together', () => {
  fc.assert(
    fc.property(packet, packet, fc.nat(150), fc.nat(150), (one, other, until, from) => {
      expect(nonsenseIn(decoded(concat(one.bytes.subarray(0, until), other.bytes.subarray(from)), one.linkType))).toBe('')
    }),
    { numRuns: 2000 },
  )
})
