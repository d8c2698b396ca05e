import { isBefore, latest, type Metric, type Said, saidOf, type Time, type TimedPoint } from './figure.ts'

/**
 * One metric of one subject: what was told and has not been taken yet, and what has been taken and has not arrived yet. A sum is what its sender counted since it
 * began, which nobody has told: it is known to count from its first point on, and after a fall from the point before.
 */
export class ToldFigure {
  readonly #metric: Metric
  readonly #attributes: TimedPoint['attributes']
  readonly #isDelta: boolean
  #waiting: TimedPoint[] = []
  #taken: TimedPoint[] = []
  #start: Time | undefined
  #last: { readonly time: Time; readonly value: number } | undefined

  constructor(metric: Metric, attributes: TimedPoint['attributes'], isCumulative: boolean) {
    this.#metric = metric
    this.#attributes = attributes
    this.#isDelta = !isCumulative && metric.type === 'sum'
  }

  get points(): number {
    return this.#waiting.length + this.#taken.length
  }

  /** With `join`, no point is added to one that waits already: it takes its place. Returns how many points there are more. */
  add(value: number, time: Time, join: boolean): 0 | 1 {
    const last = this.#last
    const isLater = last === undefined || isBefore(last.time, time)
    // What is told again, at the end for example, is no news.
    if (!isLater && value === last.value) return 0
    const isFall = last !== undefined && value < last.value
    const endTime = latest(last?.time, time)
    this.#last = { time: endTime, value }
    if (this.#isDelta) {
      if (last === undefined) return 0
      return this.#put({ startTime: last.time, endTime, value: isFall ? value : value - last.value }, join || !isLater)
    }
    if (this.#metric.type === 'gauge') return this.#put({ startTime: endTime, endTime, value }, join || !isLater)
    if (last === undefined) this.#start = endTime
    else if (isFall) this.#start = last.time
    return this.#put({ startTime: this.#start ?? endTime, endTime, value }, join || !isLater)
  }

  #put(point: Pick<TimedPoint, 'startTime' | 'endTime'> & { readonly value: number }, isJoined: boolean): 0 | 1 {
    const before = isJoined ? this.#waiting.pop() : undefined
    const attributes = this.#attributes
    if (before === undefined || !this.#isDelta) this.#waiting.push({ ...point, attributes })
    else this.#waiting.push({ ...point, attributes, startTime: before.startTime, value: Number(before.value) + point.value })
    return before === undefined ? 1 : 0
  }

  /** Says what waits. Returns how many points that is. */
  take(said: Said): number {
    this.#taken = this.#waiting
    this.#waiting = []
    if (this.#taken.length > 0) saidOf(said, this.#metric).push(...this.#taken)
    return this.#taken.length
  }

  /** What was taken has arrived, or never will. Returns how many points that is. */
  settle(): number {
    const { length } = this.#taken
    this.#taken = []
    return length
  }

  /** What was taken waits again. */
  putBack(): void {
    this.#waiting = [...this.#taken, ...this.#waiting]
    this.#taken = []
  }
}
