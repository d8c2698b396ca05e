import type { Emit, Instant, MetricRecord } from '@geneve-telemetry/core'
import { Intervals } from './intervals.ts'
import { intervalRecords, type Measurement, type MetricOrigin, totalRecords } from './measurement.ts'

/** Measurements over the intervals of the packets' time: what their series summed up to in one becomes records as soon as it is over. */
export class IntervalSums {
  readonly #intervals: Intervals
  readonly #source: MetricOrigin
  readonly #measurements: readonly Measurement[]
  /** Of intervals that have ended, until the watermark is there. */
  #due: MetricRecord[] = []

  /** Throws RangeError on a length that cannot be. */
  constructor(measurements: readonly Measurement[], source: MetricOrigin, intervalSeconds: number) {
    if (!Number.isInteger(intervalSeconds) || intervalSeconds < 1)
      throw new RangeError(`intervalSeconds: ${intervalSeconds} is not a whole number of seconds from 1`)
    this.#intervals = new Intervals(intervalSeconds)
    this.#source = source
    this.#measurements = measurements
  }

  /** It is this time now: what is counted from here on is of the interval that it is in. */
  goOnTo(seconds: number, nanos: number): void {
    const intervals = this.#intervals
    if (!intervals.isOpen || seconds >= intervals.endSeconds) this.#roll(seconds, nanos)
    if (seconds > intervals.latestSeconds || (seconds === intervals.latestSeconds && nanos > intervals.latestNanos)) {
      intervals.latestSeconds = seconds
      intervals.latestNanos = nanos
    }
  }

  advance(watermark: Instant, emit: Emit): void {
    const { isOpen, endSeconds } = this.#intervals
    if (isOpen && watermark.seconds >= endSeconds) this.#end(this.#intervals.end)
    const due = this.#due
    this.#due = []
    for (const record of due) {
      if (record.end.seconds <= watermark.seconds) emit(record)
      else this.#due.push(record)
    }
  }

  finish(emit: Emit): void {
    if (this.#intervals.isOpen) this.#end(this.#intervals.latest)
    for (const record of this.#due) emit(record)
    this.#due = []
  }

  /** The sums since the first packet. */
  collect(): readonly MetricRecord[] {
    const { first, latest } = this.#intervals
    if (first === undefined) return []
    return this.#measurements.flatMap((measurement) => totalRecords(measurement, this.#source, first, latest))
  }

  #roll(seconds: number, nanos: number): void {
    if (this.#intervals.isOpen) this.#end(this.#intervals.end)
    this.#intervals.open(seconds, nanos)
  }

  #end(end: Instant): void {
    const { start } = this.#intervals
    for (const measurement of this.#measurements) {
      this.#due.push(...intervalRecords(measurement, this.#source, start, end))
      measurement.sums.endInterval(measurement.rows)
    }
    this.#intervals.isOpen = false
  }
}
