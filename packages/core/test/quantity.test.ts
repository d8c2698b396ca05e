import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Quantity } from '../src/telemetry/quantity.ts'
import { addQuantities, int64Text, uint64Text } from '../src/telemetry/quantity.ts'

const quantity: fc.Arbitrary<Quantity> = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }))

test('whole numbers up to 2^63 - 1 have digits, no other', () => {
  expect(int64Text(0)).toBe('0')
  expect(int64Text(-0)).toBe('0')
  expect(int64Text(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991')
  expect(int64Text(2n ** 63n - 1n)).toBe('9223372036854775807')
  expect(int64Text(-(2n ** 63n))).toBe('-9223372036854775808')
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(int64Text(value)).toBeUndefined()
  }
})

test('whole numbers from 0 to 2^64 - 1 have digits of their own, no other', () => {
  for (const value of [0, -0, 1, Number.MAX_SAFE_INTEGER, 2n ** 53n + 1n, 2n ** 64n - 1n]) expect(uint64Text(value)).toBe(String(value))
  for (const value of [2n ** 64n, -1n, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) expect(uint64Text(value)).toBeUndefined()
})

test('sums are exact, and bigint exactly above 2^53 - 1', () => {
  fc.assert(
    fc.property(quantity, quantity, (one, other) => {
      const sum = addQuantities(one, other)
      expect(BigInt(sum)).toBe(BigInt(one) + BigInt(other))
      expect(typeof sum).toBe(BigInt(sum) > BigInt(Number.MAX_SAFE_INTEGER) ? 'bigint' : 'number')
    }),
  )
})
