import type { ExponentialHistogram, Instant, Name, Point, Quantity } from '@geneve-telemetry/core'
import { int64Text } from '@geneve-telemetry/core'
import type { DataPoint, ExponentialHistogram as SdkHistogram } from '@opentelemetry/sdk-metrics'
import { added, histogramFault, sdkHistogram } from './histogram.ts'

/** A figure of a record that a producer takes. */
export type ProducerPoint = Point | ExponentialHistogram

/** A metric, of whatever series. */
export interface Metric {
  readonly name: Name
  readonly type: ProducerPoint['type']
}

/** Seconds and nanoseconds, as the SDK has them. */
export type Time = [seconds: number, nanos: number]

/** A figure over one interval, as the SDK has it; a cumulative one from the beginning of its series. */
export type TimedPoint = DataPoint<number | SdkHistogram>

/** What a producer or sink says at a time: points by their metric. */
export type Said = Map<Metric, TimedPoint[]>

/** Why the point cannot be said, to follow its name; `undefined` if it can. */
export function pointFault(point: ProducerPoint): string | undefined {
  switch (point.type) {
    case 'gauge':
      return Number.isFinite(point.value) ? undefined : `is ${point.value}: a gauge is a finite number`
    case 'sum':
      return isSum(point.value) ? undefined : `is ${point.value}: a sum is a whole number from 0 and below 2^63`
    case 'histogram': {
      const fault = histogramFault(point)
      return fault === undefined ? undefined : `is no histogram: ${fault}`
    }
  }
}

function isSum(value: Quantity): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0
  // The SDK counts in doubles, of which the last one that OTLP's signed 64 bits hold is below 2^63.
  return int64Text(value) !== undefined && value >= 0 && Number(value) < 2 ** 63
}

/** What nothing is added to. */
const NONE: readonly TimedPoint[] = []

/** One metric of one series: what was added and has not been taken yet, and what has been taken and has not arrived yet. */
export class Figure {
  readonly key: string
  readonly metric: Metric
  readonly #attributes: TimedPoint['attributes']
  readonly #isCumulative: boolean
  #waiting: readonly TimedPoint[] = NONE
  #taken: readonly TimedPoint[] = NONE
  /** Of a cumulative one: all since the beginning. */
  #total: TimedPoint | undefined
  /** What the last point says, exact, where the SDK has a double. */
  #value: Quantity | ExponentialHistogram = 0
  #saidSeconds = 0

  constructor(key: string, metric: Metric, attributes: TimedPoint['attributes'], isCumulative: boolean) {
    this.key = key
    this.metric = metric
    this.#attributes = attributes
    this.#isCumulative = isCumulative && metric.type !== 'gauge'
  }

  get points(): number {
    return this.#waiting.length + this.#taken.length
  }

  /**
   * With `join`, no point is added to one that waits already: it becomes a part of it. Returns how many points there are more.
   */
  add(point: ProducerPoint, start: Time, end: Time, join: boolean): 0 | 1 {
    const last = this.#waiting.at(-1)
    const isLater = last === undefined || isBefore(last.endTime, end)
    const isJoined = last !== undefined && (join || !isLater)
    const next = this.#next(point, start, end, last, isJoined)
    // Most wait alone.
    if (this.#waiting.length <= (isJoined ? 1 : 0)) this.#waiting = [next]
    else if (isJoined) (this.#waiting as TimedPoint[])[this.#waiting.length - 1] = next
    else (this.#waiting as TimedPoint[]).push(next)
    return isJoined ? 0 : 1
  }

  #next(point: ProducerPoint, start: Time, end: Time, last: TimedPoint | undefined, isJoined: boolean): TimedPoint {
    const value = point.type === 'histogram' ? point : point.value
    const before = this.#isCumulative ? this.#total : isJoined && this.metric.type !== 'gauge' ? last : undefined
    this.#value = before === undefined ? value : added(this.#value, value)
    const next = {
      startTime: before !== undefined && (this.#isCumulative || isBefore(before.startTime, start)) ? before.startTime : start,
      endTime: latest((before ?? last)?.endTime, end),
      attributes: this.#attributes,
      value: typeof this.#value === 'object' ? sdkHistogram(this.#value) : Number(this.#value),
    }
    if (this.#isCumulative) this.#total = next
    return next
  }

  /**
   * Says what waits. Where nothing does, a cumulative figure says its total again, as it is at `now`, if it did not for `idleSeconds`. Returns how many points
   * that is.
   */
  take(said: Said, now: Time, idleSeconds: number): number {
    this.#taken = this.#waiting
    this.#waiting = NONE
    const total = this.#total
    if (this.#taken.length > 0) {
      this.#saidSeconds = this.#taken.at(-1)!.endTime[0]
      const points = saidOf(said, this.metric)
      for (const point of this.#taken) points.push(point)
      return this.#taken.length
    }
    if (total === undefined || now[0] < this.#saidSeconds + idleSeconds) return 0
    this.#saidSeconds = now[0]
    saidOf(said, this.metric).push({ ...total, endTime: latest(total.endTime, now) })
    return 1
  }

  /** What was taken has arrived, or never will. Returns how many points that is. */
  settle(): number {
    const { length } = this.#taken
    this.#taken = NONE
    return length
  }

  /** What was taken waits again. */
  putBack(): void {
    this.#waiting = this.#waiting.length === 0 ? this.#taken : [...this.#taken, ...this.#waiting]
    this.#taken = NONE
  }
}

/** The points of a metric. */
export function saidOf(said: Said, metric: Metric): TimedPoint[] {
  let points = said.get(metric)
  if (points === undefined) {
    points = []
    said.set(metric, points)
  }
  return points
}

export function timeOf({ seconds, nanos }: Instant): Time {
  return [seconds, nanos]
}

export function isBefore(one: Readonly<Time>, other: Readonly<Time>): boolean {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1])
}

export function latest(one: Time | undefined, other: Time): Time {
  return one === undefined || isBefore(one, other) ? other : one
}
