import type { MetricRecord, Rejected } from '@geneve-telemetry/core'
import { measureName } from '@geneve-telemetry/core'
import { attributeNames, type LabelList, SeriesLabels } from './attributes.ts'
import { latest, pointFault, type Said, type Time, type TimedPoint } from './figure.ts'
import { LatestTime } from './latest-time.ts'
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
  /** By the names of their attributes, then by the values. */
  readonly #groups = new Map<string, Map<string, Series>>()
  readonly #start = new LatestTime()
  readonly #end = new LatestTime()
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
    const from = this.#start.of(start)
    const to = this.#end.of(end)
    if (from === undefined || to === undefined) return { rejected: 'the time is not within the years 1970 to 2262' }
    const keys = Object.keys(points)
    if (keys.length === 0) return { rejected: 'there are no figures' }
    for (const key of keys) {
      const fault = pointFault(points[key]!)
      if (fault !== undefined) return { rejected: `${measureName(measurement, key).otel} ${fault}` }
    }
    const labels = this.#labels.of(record)
    const fault = labels.fault(record)
    if (fault !== undefined) return { rejected: fault }
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
    return this.#allSeries()
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
    const records = series.takenRecords
    this.#points -= series.settle()
    return records
  }

  /** Forgets series of which nothing waits and nothing came for long. */
  expire(): void {
    for (const [group, members] of this.#groups) {
      for (const [key, series] of members) {
        if (series.points > 0 || series.end[0] + this.#expirySeconds >= this.#now[0]) continue
        members.delete(key)
        this.#counts.set(series.measurement, this.#counts.get(series.measurement)! - 1)
      }
      if (members.size === 0) this.#groups.delete(group)
    }
  }

  /** Forgets all series, and what waits. */
  clear(): void {
    this.#groups.clear()
    this.#counts.clear()
    this.#points = 0
  }

  *#allSeries(): Iterable<Series> {
    for (const members of this.#groups.values()) yield* members.values()
  }

  #seriesOf(record: ProducerRecord, labels: LabelList, end: Time): Series {
    const { measurement } = record
    const key = labels.key(record)
    const known = this.#groups.get(labels.group)?.get(key)
    if (known !== undefined) return known
    const count = this.#counts.get(measurement) ?? 0
    if (count < this.#limit - 1) return this.#newSeries(labels.group, key, measurement, labels.attributes(record), end)
    const beyond = JSON.stringify([measurement, OVERFLOW])
    return this.#groups.get(beyond)?.get('') ?? this.#newSeries(beyond, '', measurement, OVERFLOW, end)
  }

  #newSeries(group: string, key: string, measurement: string, attributes: TimedPoint['attributes'], end: Time): Series {
    let members = this.#groups.get(group)
    if (members === undefined) {
      members = new Map()
      this.#groups.set(group, members)
    }
    const series = new Series(measurement, attributes, this.isCumulative, end)
    members.set(key, series)
    this.#counts.set(measurement, (this.#counts.get(measurement) ?? 0) + 1)
    return series
  }
}
