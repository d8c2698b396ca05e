import type { Instant, Name, Point, Quantity } from '@geneve-telemetry/core'
import { int64Text } from '@geneve-telemetry/core'
import { added, type ExponentialHistogram, histogramFault } from './histogram.ts'

/** A figure of a record that a producer takes. */
export type ProducerPoint = Point | ExponentialHistogram

/** A figure over one interval; a cumulative one from the beginning of its series. */
export interface TimedValue {
  readonly start: Instant
  readonly end: Instant
  readonly value: Quantity | ExponentialHistogram
}

/** Why the point cannot be said; `undefined` if it can. */
export function pointFault(point: ProducerPoint, name: Name): string | undefined {
  switch (point.type) {
    case 'gauge':
      return Number.isFinite(point.value) ? undefined : `${name.otel} is ${point.value}: a gauge is a finite number`
    case 'sum': {
      // The SDK counts in doubles, of which the last one that OTLP's signed 64 bits hold is below 2^63.
      const whole = int64Text(point.value) !== undefined && point.value >= 0 && Number(point.value) < 2 ** 63
      return whole ? undefined : `${name.otel} is ${point.value}: a sum is a whole number from 0 and below 2^63`
    }
    case 'histogram': {
      const fault = histogramFault(point)
      return fault === undefined ? undefined : `${name.otel} is no histogram: ${fault}`
    }
  }
}

/** One metric of one series: what was added and has not been taken yet, and what has been taken and has not arrived yet. */
export class Figure {
  readonly name: Name
  readonly type: ProducerPoint['type']
  readonly #isCumulative: boolean
  #waiting: TimedValue[] = []
  #taken: TimedValue[] = []
  /** Of a cumulative one: all since the beginning. */
  #total: TimedValue | undefined
  #saidSeconds = 0

  constructor(name: Name, type: ProducerPoint['type'], isCumulative: boolean) {
    this.name = name
    this.type = type
    this.#isCumulative = isCumulative && type !== 'gauge'
  }

  get points(): number {
    return this.#waiting.length + this.#taken.length
  }

  /** With `join`, no point is added to one that waits already: it becomes a part of it. */
  add(point: ProducerPoint, start: Instant, end: Instant, join: boolean): void {
    const value = point.type === 'histogram' ? point : point.value
    const last = this.#waiting.at(-1)
    const isLater = last === undefined || isBefore(last.end, end)
    if (last !== undefined && (join || !isLater)) this.#waiting.pop()
    const common = { end: last === undefined || isLater ? end : last.end }
    if (this.type === 'gauge') {
      this.#waiting.push({ start, ...common, value })
    } else if (this.#isCumulative) {
      const total = this.#total
      this.#total = {
        start: total?.start ?? start,
        end: total === undefined || isBefore(total.end, end) ? end : total.end,
        value: total === undefined ? value : added(total.value, value),
      }
      this.#waiting.push(this.#total)
    } else if (last !== undefined && (join || !isLater)) {
      this.#waiting.push({ start: isBefore(start, last.start) ? start : last.start, ...common, value: added(last.value, value) })
    } else {
      this.#waiting.push({ start, end, value })
    }
  }

  /** What waits. Where nothing does, a cumulative figure says its total again, as it is at `now`, if it did not for `idleSeconds`. */
  take(now: Instant, idleSeconds: number): readonly TimedValue[] {
    this.#taken = this.#waiting
    this.#waiting = []
    const total = this.#total
    if (this.#taken.length > 0 || total === undefined) {
      this.#saidSeconds = this.#taken.at(-1)?.end.seconds ?? this.#saidSeconds
      return this.#taken
    }
    if (now.seconds < this.#saidSeconds + idleSeconds) return []
    this.#saidSeconds = now.seconds
    return [{ ...total, end: isBefore(total.end, now) ? now : total.end }]
  }

  /** What was taken has arrived, or never will. */
  settle(): void {
    this.#taken = []
  }

  /** What was taken waits again. */
  putBack(): void {
    this.#waiting = [...this.#taken, ...this.#waiting]
    this.#taken = []
  }
}

export function isBefore(one: Instant, other: Instant): boolean {
  return one.seconds < other.seconds || (one.seconds === other.seconds && one.nanos < other.nanos)
}
