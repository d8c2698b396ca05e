import type { MetricRecord, Rejected } from '@geneve-telemetry/core'
import { instantNanos, measureName } from '@geneve-telemetry/core'
import { attributeNames, type LabelList, SeriesLabels } from './attributes.ts'
import { latest, pointFault, type Said, type Time, timeOf } from './figure.ts'
import { Metrics } from './metrics.ts'
import { type Figures, Series } from './series.ts'
import { checkedOptions, MAX_POINTS, type SeriesOptions } from './series-options.ts'

/** A metric record whose figures may be histograms too. */
export type ProducerRecord = Omit<MetricRecord, 'points'> & { readonly points: Figures }

/** The one series of all that is beyond the limit, as the SDK calls it. */
const OVERFLOW = Object.freeze({ 'otel.metric.overflow': true })

/** All series of a producer or sink. Bounded in series and in points, not in time: what waits is there until it is taken. */
export class SeriesTable {
  readonly isCumulative: boolean
  readonly #limit: number
  readonly #expirySeconds: number
  readonly #history: boolean
  readonly #labels: SeriesLabels
  readonly #metrics = new Metrics()
  readonly #series = new Map<string, Series>()
  readonly #counts = new Map<string, number>()
  #points = 0
  /** The end of the latest record. */
  #now: Time = [0, 0]

  constructor(options: SeriesOptions) {
    const { isCumulative, limit, expirySeconds, history } = checkedOptions(options)
    this.isCumulative = isCumulative
    this.#limit = limit
    this.#expirySeconds = expirySeconds
    this.#history = history
    this.#labels = new SeriesLabels(attributeNames(options.vendors))
  }

  /** Takes a record; or says why not, and is as it was. */
  add(record: ProducerRecord): Rejected | undefined {
    const { measurement, points, start, end } = record
    if (instantNanos(start) === undefined || instantNanos(end) === undefined)
      return { rejected: 'the time is not within the years 1970 to 2262' }
    const keys = Object.keys(points)
    if (keys.length === 0) return { rejected: 'there are no figures' }
    for (const key of keys) {
      const fault = pointFault(points[key]!)
      if (fault !== undefined) return { rejected: `${measureName(measurement, key).otel} ${fault}` }
    }
    const labels = this.#labels.of(record)
    const fault = labels.fault(record)
    if (fault !== undefined) return { rejected: fault }
    const [from, to] = [timeOf(start), timeOf(end)]
    const series = this.#seriesOf(record, labels, to)
    const other = series.otherType(keys, points)
    if (other !== undefined) return { rejected: `${measureName(measurement, other).otel} has been of another type so far` }
    const join = !this.#history || this.#points >= MAX_POINTS
    this.#points += series.add(keys, points, from, to, join, this.#metrics.of)
    this.#now = latest(this.#now, to)
    return undefined
  }

  /** All series. */
  get all(): Iterable<Series> {
    return this.#series.values()
  }

  /**
   * Says what a series has to say; a cumulative one to which nothing came says its totals again, if it did not for so many seconds. Returns how many points
   * that is.
   */
  take(series: Series, said: Said, idleSeconds: number): number {
    return series.take(said, this.#now, idleSeconds)
  }

  /** What was taken of a series has arrived, or never will. Returns how many records that is. */
  settle(series: Series): number {
    const { records, points } = series.settle()
    this.#points -= points
    return records
  }

  /** Forgets series of which nothing waits and nothing came for long. */
  expire(): void {
    for (const [key, series] of this.#series) {
      if (series.points > 0 || series.end[0] + this.#expirySeconds >= this.#now[0]) continue
      this.#series.delete(key)
      this.#counts.set(series.measurement, this.#counts.get(series.measurement)! - 1)
    }
  }

  /** Forgets all series, and what waits. */
  clear(): void {
    this.#series.clear()
    this.#counts.clear()
    this.#points = 0
  }

  #seriesOf(record: ProducerRecord, labels: LabelList, end: Time): Series {
    const { measurement } = record
    let key = labels.key(record)
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const count = this.#counts.get(measurement) ?? 0
    const isBeyond = count >= this.#limit - 1
    if (isBeyond) key = JSON.stringify([measurement, OVERFLOW])
    let series = this.#series.get(key)
    if (series === undefined) {
      series = new Series(measurement, isBeyond ? OVERFLOW : labels.attributes(record), this.isCumulative, end)
      this.#series.set(key, series)
      this.#counts.set(measurement, count + 1)
    }
    return series
  }
}
