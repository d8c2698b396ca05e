import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExponentialHistogram, MAX_BUCKETS, mergeHistograms, percentile } from '../src/telemetry/exponential-histogram.ts'
import { exponentialIndex, MAX_SCALE } from '../src/telemetry/exponential-index.ts'

const SCALES = [20, 10, 8, 5, 3, 1, 0, -1, -2, -4, -10]

/** Buckets of values by scale in the order of SCALES, computed with 140 digits. */
const BUCKETS: readonly (readonly [value: number, ...buckets: number[]])[] = [
  [1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  [1 + 2 ** -52, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [1 - 2 ** -53, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  [2, 1048575, 1023, 255, 31, 7, 1, 0, 0, 0, 0, 0],
  [2 + 2 ** -51, 1048576, 1024, 256, 32, 8, 2, 1, 0, 0, 0, 0],
  [2 - 2 ** -52, 1048575, 1023, 255, 31, 7, 1, 0, 0, 0, 0, 0],
  [0.5, -1048577, -1025, -257, -33, -9, -3, -2, -1, -1, -1, -1],
  [4, 2097151, 2047, 511, 63, 15, 3, 1, 0, 0, 0, 0],
  [3, 1661953, 1623, 405, 50, 12, 3, 1, 0, 0, 0, 0],
  [1000, 10449882, 10204, 2551, 318, 79, 19, 9, 4, 2, 0, 0],
  [0.001, -10449883, -10205, -2552, -319, -80, -20, -10, -5, -3, -1, -1],
  [2 ** -1022, -1071644673, -1046529, -261633, -32705, -8177, -2045, -1023, -512, -256, -64, -1],
  [2 ** -1022 - 2 ** -1074, -1071644673, -1046529, -261633, -32705, -8177, -2045, -1023, -512, -256, -64, -1],
  [2 ** -1023, -1072693249, -1047553, -261889, -32737, -8185, -2047, -1024, -512, -256, -64, -1],
  [3 * 2 ** -1074, -1124508671, -1098153, -274539, -34318, -8580, -2145, -1073, -537, -269, -68, -2],
  [2 ** -1074, -1126170625, -1099777, -274945, -34369, -8593, -2149, -1075, -538, -269, -68, -2],
  [Number.MAX_VALUE, 1073741823, 1048575, 262143, 32767, 8191, 2047, 1023, 511, 255, 63, 0],
]

/** Doubles next to boundaries that are irrational. */
const NEIGHBOURS: readonly (readonly [scale: number, value: number, bucket: number])[] = [
  [1, Math.SQRT2 - 2 ** -52, 0],
  [1, Math.SQRT2, 1],
  [3, 1.0905077326652575, 0],
  [3, 1.0905077326652577, 1],
  [3, 1.8340080864093424, 6],
  [3, 1.8340080864093427, 7],
  [3, 2.1810154653305154, 9],
  [5, 1.4451808069770464, 16],
  [5, 1.4451808069770467, 17],
  [8, 2.005422550100405, 257],
  [10, 1.0006771306930662, 0],
  [10, 1.0006771306930664, 1],
  [10, 2.001354261386133, 1025],
  [20, 1.4142144972204187, 524288],
  [20, 1.414214497220419, 524289],
]

const bucketOf = (value: number, scale: number): number => exponentialIndex(value) >> (MAX_SCALE - scale)

/** Latencies and the like; 0 is one too. */
const values = fc.array(fc.oneof(fc.double({ min: 1e-7, max: 100, noNaN: true }), fc.constantFrom(0, 1, 2 ** -1074, 1e9)), {
  maxLength: 60,
})

/** By the definition: the finest scale at which all fit into 160 buckets. */
function histogramOf(all: readonly number[]): ExponentialHistogram {
  const positive = all.filter((value) => value > 0)
  const widthAt = (scale: number): number =>
    Math.max(...positive.map((value) => bucketOf(value, scale))) - Math.min(...positive.map((value) => bucketOf(value, scale))) + 1
  let scale = MAX_SCALE
  while (positive.length > 0 && widthAt(scale) > MAX_BUCKETS) scale--
  const offset = positive.length === 0 ? 0 : Math.min(...positive.map((value) => bucketOf(value, scale)))
  const bucketCounts = Array<number>(positive.length === 0 ? 0 : widthAt(scale)).fill(0)
  for (const value of positive) bucketCounts[bucketOf(value, scale) - offset]! += 1
  return {
    type: 'histogram',
    scale,
    zeroCount: all.length - positive.length,
    positive: { offset, bucketCounts },
    count: all.length,
    sum: all.reduce((sum, value) => sum + value, 0),
    ...(all.length > 0 && { min: Math.min(...all), max: Math.max(...all) }),
  }
}

describe('the bucket of a value', () => {
  test.each(BUCKETS)('%d', (value, ...buckets) => {
    expect(SCALES.map((scale) => bucketOf(value, scale))).toEqual(buckets)
  })

  test.each(NEIGHBOURS)('at scale %i, of %d', (scale, value, bucket) => {
    expect(bucketOf(value, scale)).toBe(bucket)
  })

  test('a larger value is in no lower bucket, and each power of two ends one', () => {
    const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true })
    fc.assert(
      fc.property(positive, positive, (one, other) => {
        expect(Math.sign(exponentialIndex(one) - exponentialIndex(other)) * Math.sign(one - other)).toBeGreaterThanOrEqual(0)
      }),
    )
    for (let exponent = -1074; exponent < 1024; exponent++) expect(bucketOf(2 ** exponent, 0)).toBe(exponent - 1)
  })
})

describe('merged histograms', () => {
  test('are the histogram of all values', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const { sum, ...merged } = mergeHistograms(histogramOf(one), histogramOf(other))
        const { sum: whole, ...expected } = histogramOf([...one, ...other])
        expect(merged).toEqual(expected)
        expect(Math.abs(sum - whole)).toBeLessThanOrEqual(Math.abs(whole) * 1e-12)
      }),
    )
  })

  test('have no smallest and largest value where one has values and does not say them', () => {
    const { min, max, ...unknown } = histogramOf([1, 2])
    expect([min, max]).toEqual([1, 2])
    expect(mergeHistograms(unknown, histogramOf([3]))).not.toHaveProperty('min')
    expect(mergeHistograms(histogramOf([3]), unknown)).not.toHaveProperty('max')
  })
})

describe('a percentile', () => {
  test('is the value of its rank, but for half a bucket', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const histogram = histogramOf(all)
        const found = percentile(histogram, share)
        if (all.length === 0) {
          expect(found).toBeUndefined()
          return
        }
        const exact = all.toSorted((one, other) => one - other)[Math.max(1, Math.ceil(share * all.length)) - 1]!
        const base = 2 ** (2 ** -histogram.scale)
        expect(Math.abs(found! - exact)).toBeLessThanOrEqual(exact * ((base - 1) / (base + 1)) * 1.000001)
      }),
    )
  })

  test('is never outside of all values', () => {
    const wide = histogramOf([2 ** -1074, 3, 5, Number.MAX_VALUE])
    expect(wide.scale).toBe(-4)
    expect([0, 0.5, 1].map((share) => percentile(wide, share)).every((value) => value! >= 2 ** -1074 && value! <= Number.MAX_VALUE)).toBe(
      true,
    )
    expect(percentile(histogramOf([7]), 0.99)).toBe(7)
  })
})
