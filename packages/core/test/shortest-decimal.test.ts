import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shortestDecimal } from '../src/vendors/shortest-decimal.ts'

/** The same by trying: the first of one to nine digits that rounds to it. */
function tried(float: number): number {
  const decimals = Array.from({ length: 9 }, (_, index) => Number(float.toPrecision(index + 1)))
  return decimals.find((decimal) => Math.fround(decimal) === float)!
}

test('is the shortest decimal that rounds to the float, of either sign and any size', () => {
  const anySize = fc.float({ noNaN: true, noDefaultInfinity: true })
  const plain = fc.float({ noNaN: true, min: -(2 ** 25), max: 2 ** 25 })
  // Halves and quarters lie between two decimals.
  const ties = fc
    .integer({ min: -(2 ** 24) + 1, max: 2 ** 24 - 1 })
    .chain((whole) => fc.constantFrom(whole, whole / 2, whole / 4, whole / 1024))
  fc.assert(
    fc.property(fc.oneof(anySize, plain, ties), (float) => {
      fc.pre(float !== 0)
      expect(shortestDecimal(float)).toBe(tried(float))
    }),
    { numRuns: 20_000 },
  )
})

test('keeps zeros', () => {
  expect(shortestDecimal(0)).toBe(0)
  expect(shortestDecimal(-0)).toBe(-0)
})
