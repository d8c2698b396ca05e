import type { Vendor } from '@geneve-telemetry/core'

export interface SeriesOptions {
  /** Whether a sum counts from the beginning of its series or from interval to interval. Default: cumulative. */
  readonly temporality?: 'cumulative' | 'delta'
  /** Series of each metric, the one of what is beyond included, 2 to 1,000,000; as many of told subjects. Default: 2000. */
  readonly cardinalityLimit?: number
  /** A series of which nothing came for so long, by its records' time, is forgotten. Default: 3,600,000 (an hour). */
  readonly expiryMs?: number
  /**
   * Whether each interval that came since the last collection has its own point. Without, and beyond 100,000 points in all, they become one. Default: true. A
   * `PrometheusExporter` needs false, since its page has no times.
   */
  readonly history?: boolean
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

export interface CheckedOptions {
  readonly isCumulative: boolean
  readonly limit: number
  readonly expirySeconds: number
  readonly history: boolean
}

/** So many points may wait one by one. */
export const MAX_POINTS = 100_000

/** @throws TypeError, RangeError for an option that cannot be */
export function checkedOptions(options: SeriesOptions): CheckedOptions {
  const { temporality = 'cumulative', cardinalityLimit = 2000, expiryMs = 3_600_000, history = true } = options
  if (temporality !== 'cumulative' && temporality !== 'delta')
    throw new TypeError(`temporality: ${JSON.stringify(temporality)} is neither "cumulative" nor "delta"`)
  if (!Number.isInteger(cardinalityLimit) || cardinalityLimit < 2 || cardinalityLimit > 1_000_000)
    throw new RangeError(`cardinalityLimit: ${cardinalityLimit} is not a whole number from 2 to 1000000`)
  if (!(expiryMs > 0)) throw new RangeError(`expiryMs: ${expiryMs} is not a number of milliseconds above 0`)
  return { isCumulative: temporality === 'cumulative', limit: cardinalityLimit, expirySeconds: expiryMs / 1000, history }
}
