import { addQuantities, type ExponentialHistogram, mergeHistograms, type Quantity } from '@geneve-telemetry/core'
import type { ExponentialHistogram as SdkHistogram } from '@opentelemetry/sdk-metrics'

/** Why this is no histogram; `undefined` if it is one. */
export function histogramFault({ scale, zeroCount, positive, count, sum, min, max }: ExponentialHistogram): string | undefined {
  if (!Number.isInteger(scale) || scale < -10 || scale > 20) return 'its scale is a whole number from -10 to 20'
  if (![positive.offset, positive.offset + positive.bucketCounts.length].every(isInt32)) return 'its buckets are numbered in 32 bits'
  const counts = [zeroCount, ...positive.bucketCounts]
  if (!counts.every((value) => Number.isSafeInteger(value) && value >= 0)) return 'its counts are whole numbers from 0'
  if (counts.reduce((total, value) => total + value, 0) !== count) return 'its count is the sum of its buckets'
  if (![sum, min ?? 0, max ?? 0].every((value) => Number.isFinite(value) && value >= 0)) return 'its values are finite and not negative'
  return undefined
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
  if (typeof one === 'object' && typeof other === 'object') return mergeHistograms(one, other)
  return typeof one === 'object' || typeof other === 'object' ? other : addQuantities(one, other)
}

function isInt32(value: number): boolean {
  return (value | 0) === value
}
