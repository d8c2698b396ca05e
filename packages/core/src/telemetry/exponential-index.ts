/** The finest scale: 2^20 buckets from one power of two to the next. */
export const MAX_SCALE: number = 20
const BUCKETS_OF_OCTAVE = 2 ** MAX_SCALE
/** `Math.log2` is off by less than this share of a bucket; what is nearer to a boundary is compared with that itself. */
const NEAR = 1e-6
const SMALLEST_NORMAL = 2 ** -1022

/**
 * The bucket at scale 20 of a positive finite number: the whole number i for which base^i < value <= base^(i + 1), base = 2^(2^-20). At a coarser scale it is
 * `i >> (20 - scale)`. Exact for all doubles, -1,126,170,625 to 1,073,741,823.
 */
export function exponentialIndex(value: number): number {
  const isSubnormal = value < SMALLEST_NORMAL
  const normal = isSubnormal ? value * 2 ** 54 : value
  const first = isSubnormal ? -54 * BUCKETS_OF_OCTAVE : 0
  const position = Math.log2(normal) * BUCKETS_OF_OCTAVE
  const nearest = Math.round(position)
  if (Math.abs(position - nearest) > NEAR) return first + Math.floor(position)
  const exponent = Math.floor(nearest / BUCKETS_OF_OCTAVE)
  // In two steps, since 2^1024 is no number.
  const significand = normal / 2 ** (exponent - 1) / 2
  return first + (isAbove(significand, nearest - exponent * BUCKETS_OF_OCTAVE) ? nearest : nearest - 1)
}

/** The sum of two doubles, of which the second is smaller than the last bit of the first: about 106 bits. */
type Double = readonly [high: number, low: number]

/** 2^(2^-1), 2^(2^-2) ... 2^(2^-20). */
const ROOTS: readonly Double[] = roots()

function roots(): readonly Double[] {
  const all: Double[] = []
  let root: Double = [2, 0]
  for (let step = 0; step < MAX_SCALE; step++) {
    root = squareRoot(root)
    all.push(root)
  }
  return all
}

/** Whether a number about 2^(boundary * 2^-20) is above that, which is irrational for boundaries from 1 to 2^20 - 1. */
function isAbove(significand: number, boundary: number): boolean {
  let power: Double = [1, 0]
  ROOTS.forEach((root, index) => {
    if ((boundary & (BUCKETS_OF_OCTAVE >> (index + 1))) !== 0) power = product(power, root)
  })
  const [high, low] = power
  return significand > high || (significand === high && low < 0)
}

function product([high, low]: Double, [otherHigh, otherLow]: Double): Double {
  const [whole, rest] = exactProduct(high, otherHigh)
  return normalized(whole, rest + (high * otherLow + low * otherHigh))
}

/** One step of Newton's from the double that is nearest. */
function squareRoot([high, low]: Double): Double {
  const root = Math.sqrt(high)
  const [square, rest] = exactProduct(root, root)
  return normalized(root, (high - square - rest + low) / (2 * root))
}

function normalized(high: number, low: number): Double {
  const sum = high + low
  return [sum, low - (sum - high)]
}

/** A product and what rounding has taken from it (Dekker). */
function exactProduct(one: number, other: number): Double {
  const whole = one * other
  const [oneHigh, oneLow] = halves(one)
  const [otherHigh, otherLow] = halves(other)
  return [whole, oneLow * otherLow - (whole - oneHigh * otherHigh - oneLow * otherHigh - oneHigh * otherLow)]
}

/** The first 26 bits and the others (Veltkamp). */
function halves(value: number): Double {
  const scaled = value * (2 ** 27 + 1)
  const high = scaled - (scaled - value)
  return [high, value - high]
}
