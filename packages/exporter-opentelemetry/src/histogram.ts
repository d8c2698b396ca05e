import { addQuantities, type Quantity } from '@geneve-telemetry/core'
import type { ExponentialHistogram as SdkHistogram } from '@opentelemetry/sdk-metrics'

/** Buckets of one sign: the one at index `i` counts values in (base^(offset + i), base^(offset + i + 1)], base = 2^(2^-scale). */
export interface Buckets {
  readonly offset: number
  readonly bucketCounts: readonly number[]
}

/** A histogram with exponential buckets, as OpenTelemetry has them, of values that are not negative. */
export interface ExponentialHistogram {
  readonly type: 'histogram'
  /** -10 to 20: the higher, the finer. */
  readonly scale: number
  readonly zeroCount: number
  readonly positive: Buckets
  readonly count: number
  readonly sum: number
  readonly min?: number
  readonly max?: number
}

/** As many as the SDK's own histograms have at most. */
const MAX_BUCKETS = 160

/** Why this is no histogram; `undefined` if it is one. */
export function histogramFault({ scale, zeroCount, positive, count, sum, min, max }: ExponentialHistogram): string | undefined {
  if (!Number.isInteger(scale) || scale < -10 || scale > 20) return 'its scale is a whole number from -10 to 20'
  if (!Number.isSafeInteger(positive.offset)) return 'its offset is a whole number'
  const counts = [zeroCount, ...positive.bucketCounts]
  if (!counts.every((value) => Number.isSafeInteger(value) && value >= 0)) return 'its counts are whole numbers from 0'
  if (counts.reduce((total, value) => total + value, 0) !== count) return 'its count is the sum of its buckets'
  if (![sum, min ?? 0, max ?? 0].every((value) => Number.isFinite(value) && value >= 0)) return 'its values are finite and not negative'
  return undefined
}

/** Both histograms in one, at the coarser scale, or one that is coarser still if there would be more than 160 buckets. */
export function addHistograms(one: ExponentialHistogram, other: ExponentialHistogram): ExponentialHistogram {
  const parts = [one, other].filter(({ positive }) => positive.bucketCounts.some((count) => count > 0))
  let scale = Math.min(one.scale, other.scale)
  while (scale > -10 && width(parts, scale) > MAX_BUCKETS) scale--
  const offset = parts.length === 0 ? 0 : Math.min(...parts.map((part) => rescaled(part, scale, 0)))
  const bucketCounts = Array<number>(width(parts, scale)).fill(0)
  for (const part of parts) {
    part.positive.bucketCounts.forEach((count, index) => {
      const at = rescaled(part, scale, index) - offset
      bucketCounts[at] = bucketCounts[at]! + count
    })
  }
  const min = least(one.min, other.min)
  const max = least(negated(one.max), negated(other.max))
  return {
    type: 'histogram',
    scale,
    zeroCount: one.zeroCount + other.zeroCount,
    positive: { offset, bucketCounts },
    count: one.count + other.count,
    sum: one.sum + other.sum,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max: -max }),
  }
}

/** As the SDK has it. */
export function sdkHistogram({ type, positive, ...rest }: ExponentialHistogram): SdkHistogram {
  return {
    ...rest,
    positive: { offset: positive.offset, bucketCounts: [...positive.bucketCounts] },
    negative: { offset: 0, bucketCounts: [] },
  }
}

/** Whole numbers or histograms, added. */
export function added<T extends Quantity | ExponentialHistogram>(one: T, other: T): Quantity | ExponentialHistogram {
  if (typeof one === 'object' && typeof other === 'object') return addHistograms(one, other)
  return typeof one === 'object' || typeof other === 'object' ? other : addQuantities(one, other)
}

/** A bucket's index at a coarser scale: each step joins two neighbours. */
function rescaled({ scale: from, positive }: ExponentialHistogram, scale: number, index: number): number {
  return Math.floor((positive.offset + index) / 2 ** (from - scale))
}

function width(parts: readonly ExponentialHistogram[], scale: number): number {
  if (parts.length === 0) return 0
  const first = Math.min(...parts.map((part) => rescaled(part, scale, 0)))
  return Math.max(...parts.map((part) => rescaled(part, scale, part.positive.bucketCounts.length - 1))) - first + 1
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return undefined
  return Math.min(one, other)
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value
}
