import type { Name, Rejected, ToldRecord, ToldValue } from '@geneve-telemetry/core'
import { instantNanos } from '@geneve-telemetry/core'
import { attributeNames } from './attributes.ts'
import { latest, type Metric, type Time, timeOf } from './figure.ts'
import { type CheckedOptions, checkedOptions, MAX_POINTS, type SeriesOptions } from './series-options.ts'
import { toldAttributes } from './told-labels.ts'
import { type ToldNumber, ToldSeries } from './told-series.ts'

/**
 * The numbers that telemetry records tell, subject by subject: gauges, and sums as their senders counted them. Bounded in series and in points, not in time: what
 * waits is there until it is taken.
 */
export class ToldTable {
  readonly #options: CheckedOptions
  readonly #names: ReadonlyMap<string, Name>
  readonly #metrics = new Map<Name, Metric>()
  readonly #series = new Map<string, ToldSeries>()
  #points = 0
  /** When the latest record was told. */
  #now: Time = [0, 0]

  /** @throws TypeError, RangeError for an option that cannot be */
  constructor(options: SeriesOptions) {
    this.#options = checkedOptions(options)
    this.#names = attributeNames(options.vendors)
  }

  /** Takes a record; or says why not, and is as it was. */
  add(record: ToldRecord): Rejected | undefined {
    if (instantNanos(record.time) === undefined) return { rejected: 'the time is not within the years 1970 to 2262' }
    const numbers = this.#numbers(record)
    if (!Array.isArray(numbers)) return numbers
    const time = timeOf(record.time)
    const attributes = toldAttributes(record, this.#names)
    const key = JSON.stringify(attributes)
    let series = this.#series.get(key)
    if (series === undefined) {
      const { limit, isCumulative } = this.#options
      if (this.#series.size >= limit) this.expire()
      if (this.#series.size >= limit) return { rejected: `there are more than ${limit} series of told subjects` }
      series = new ToldSeries(attributes, isCumulative, time)
      this.#series.set(key, series)
    }
    this.#points += series.add(numbers, time, !this.#options.history || this.#points >= MAX_POINTS)
    this.#now = latest(this.#now, time)
    return undefined
  }

  /** All series. */
  get all(): Iterable<ToldSeries> {
    return this.#series.values()
  }

  /** What was taken of a series has arrived, or never will. Returns how many records that is. */
  settle(series: ToldSeries): number {
    const { records, points } = series.settle()
    this.#points -= points
    return records
  }

  /** Forgets series of which nothing waits and nothing came for long. */
  expire(): void {
    for (const [key, series] of this.#series) {
      if (series.records === 0 && series.end[0] + this.#options.expirySeconds < this.#now[0]) this.#series.delete(key)
    }
  }

  /** Forgets all series, and what waits. */
  clear(): void {
    this.#series.clear()
    this.#points = 0
  }

  #numbers({ values }: ToldRecord): ToldNumber[] | Rejected {
    const numbers: ToldNumber[] = []
    for (const [field, value] of Object.entries(values)) {
      const name = this.#names.get(field)
      if (name === undefined || (name.instrument !== 'gauge' && name.instrument !== 'counter')) continue
      const fault = numberFault(name, value)
      if (fault !== undefined) return { rejected: `${name.otel} is ${String(value)}: ${fault}` }
      numbers.push({ metric: this.#metricOf(name), value: value as number })
    }
    return numbers
  }

  #metricOf(name: Name): Metric {
    const known = this.#metrics.get(name)
    if (known !== undefined) return known
    const metric: Metric = { name, type: name.instrument === 'gauge' ? 'gauge' : 'sum' }
    this.#metrics.set(name, metric)
    return metric
  }
}

/** Why a number cannot be said; `undefined` if it can. */
function numberFault({ instrument, type }: Name, value: ToldValue): string | undefined {
  // A whole number is a `bigint` exactly when no double is sure to be it.
  if (typeof value === 'bigint') return 'the metrics of OpenTelemetry for JavaScript are exact up to 2^53 - 1 only'
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'a metric is a finite number'
  if (type !== 'float' && !Number.isSafeInteger(value)) return 'it is no whole number'
  return instrument === 'counter' && value < 0 ? 'a counter is never below 0' : undefined
}
