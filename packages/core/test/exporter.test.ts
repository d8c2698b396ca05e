import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinedBytes, joinedPieces } from '../src/index.ts'

/** Pieces of two arrays, in any order: some stand one behind the other, some do not, some are empty. */
const piece = fc.record({ array: fc.nat({ max: 1 }), begin: fc.nat({ max: 8 }), length: fc.nat({ max: 3 }) })

test('records are joined in their order, wherever their bytes stand', () => {
  const arrays = [0, 100].map((first) => Uint8Array.from({ length: 12 }, (_, index) => first + index))
  const inARow = [0, 1, 2, 3].map((step) => ({ array: 0, begin: step * 3, length: 3 }))
  fc.assert(
    fc.property(fc.oneof(fc.array(piece, { maxLength: 12 }), fc.shuffledSubarray(inARow), fc.constant(inARow)), (pieces) => {
      const batch = pieces.map(({ array, begin, length }) => ({
        id: 'x',
        kind: 'packet' as const,
        bytes: arrays[array]!.subarray(begin, begin + length),
      }))
      const all = batch.flatMap(({ bytes }) => [...bytes])
      expect([...joinedBytes(batch)]).toEqual(all)
      expect(joinedPieces(batch).flatMap((part) => [...part])).toEqual(all)
      if (pieces === inARow) expect(joinedPieces(batch)).toHaveLength(1)
    }),
  )
})
