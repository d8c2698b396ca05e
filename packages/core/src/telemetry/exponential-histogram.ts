/** The most buckets of a histogram: 160, as OpenTelemetry's SDKs have at most. */
export const MAX_BUCKETS: number = 160
/**
 * A distribution of numbers that are not negative, in buckets of growing width, as OpenTelemetry has it (base-2 exponential bucket histogram). With base =
 * 2^(2^-scale), the bucket at index `i` of `positive` counts the values in (base^(offset + i), base^(offset + i + 1)].
 */
export interface ExponentialHistogram {
  readonly type: 'histogram'
  /** -10 to 20: the higher, the finer. */
  readonly scale: number
  /** How many were 0. */
  readonly zeroCount: number
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] }
  readonly count: number
  readonly sum: number
  /** Absent where there are no values, or where it is not known. */
  readonly min?: number
  readonly max?: number
}

/** By how many powers of two buckets have to grow, so that those from `low` to `high` are at most `most`. */
export function downscale(low: number, high: number, most: number): number {
  let steps = 0
  while ((high >> steps) - (low >> steps) >= most) steps++
  return steps
}

/** All values of both: at the coarser scale, or one coarser still if there would be more than 160 buckets. */
export function mergeHistograms(one: ExponentialHistogram, other: ExponentialHistogram): ExponentialHistogram {
  const parts = [one, other].filter(({ positive }) => positive.bucketCounts.length > 0)
  let scale = Math.min(...(parts.length > 0 ? parts : [one, other]).map((part) => part.scale))
  const bounds = parts.map(({ scale: from, positive: { offset, bucketCounts } }) => ({
    low: offset >> (from - scale),
    high: (offset + bucketCounts.length - 1) >> (from - scale),
  }))
  const low = Math.min(...bounds.map((bound) => bound.low))
  const high = Math.max(...bounds.map((bound) => bound.high))
  const steps = parts.length === 0 ? 0 : downscale(low, high, MAX_BUCKETS)
  scale -= steps
  const offset = parts.length === 0 ? 0 : low >> steps
  const bucketCounts = Array<number>(parts.length === 0 ? 0 : (high >> steps) - offset + 1).fill(0)
  for (const { scale: from, positive } of parts) {
    positive.bucketCounts.forEach((count, index) => {
      const at = ((positive.offset + index) >> (from - scale)) - offset
      bucketCounts[at] = bucketCounts[at]! + count
    })
  }
  const filled = [one, other].filter(({ count }) => count > 0)
  const min = ofAll(
    Math.min,
    filled.map((part) => part.min),
  )
  const max = ofAll(
    Math.max,
    filled.map((part) => part.max),
  )
  return {
    type: 'histogram',
    scale,
    zeroCount: one.zeroCount + other.zeroCount,
    positive: { offset, bucketCounts },
    count: one.count + other.count,
    sum: one.sum + other.sum,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
}

/**
 * The value below which this share of all values is, 0 to 1: the middle of the bucket with the one of that rank, off by (base - 1) / (base + 1) of it at most
 * and never outside of min and max. `undefined` where there are no values.
 */
export function percentile(histogram: ExponentialHistogram, share: number): number | undefined {
  const { count, zeroCount, scale, positive, min = 0, max = Number.POSITIVE_INFINITY } = histogram
  if (count === 0) return undefined
  const rank = Math.max(1, Math.ceil(share * count))
  let below = zeroCount
  if (rank <= below) return 0
  const index = positive.bucketCounts.findIndex((inBucket) => {
    below += inBucket
    return rank <= below
  })
  const width = 2 ** -scale
  const lower = 2 ** ((positive.offset + index) * width)
  const upper = 2 ** ((positive.offset + index + 1) * width)
  // The one number that is as far from both ends, in proportion to them.
  const middle = (2 * lower) / (1 + lower / upper)
  return Math.min(Math.max(middle, min), max)
}

function ofAll(of: (...values: number[]) => number, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 || known.length < values.length ? undefined : of(...known)
}
