/** A whole number: `bigint` exactly when it is above 2^53 - 1. */
export type Quantity = number | bigint

const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n

/** The decimal digits of a whole number that fits in a signed 64-bit integer, which is what every backend counts with; `undefined` for any other. */
export function int64Text(value: Quantity): string | undefined {
  if (typeof value === 'bigint') return value > INT64_MAX || value < INT64_MIN ? undefined : String(value)
  if (!Number.isSafeInteger(value)) return undefined
  return String(value)
}

/** The decimal digits of a whole number that fits in an unsigned 64-bit integer; `undefined` for any other. */
export function uint64Text(value: Quantity): string | undefined {
  if (typeof value === 'bigint') return value > UINT64_MAX || value < 0n ? undefined : String(value)
  return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined
}

/** The sum of two quantities, exact. Both must be whole. */
export function addQuantities(one: Quantity, other: Quantity): Quantity {
  if (typeof one === 'number' && typeof other === 'number') {
    const sum = one + other
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(one) + BigInt(other)
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum
}
