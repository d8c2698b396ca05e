import { Figure, isBefore, type Metric, type ProducerPoint, type Said, type Time, type TimedPoint } from './figure.ts'

export type Figures = Readonly<Record<string, ProducerPoint>>

/** The figures of one measurement with the same attributes, and how many records are in what waits. */
export class Series {
  readonly measurement: string
  readonly #attributes: TimedPoint['attributes']
  readonly #isCumulative: boolean
  /** A handful. */
  readonly #figures: Figure[] = []
  #waitingRecords = 0
  #takenRecords = 0
  #end: Time

  constructor(measurement: string, attributes: TimedPoint['attributes'], isCumulative: boolean, end: Time) {
    this.measurement = measurement
    this.#attributes = attributes
    this.#isCumulative = isCumulative
    this.#end = end
  }

  /** When its last record ended. */
  get end(): Readonly<Time> {
    return this.#end
  }

  get points(): number {
    let points = 0
    for (const figure of this.#figures) points += figure.points
    return points
  }

  /** The name of a figure that has been of another type so far, if there is one. */
  otherType(keys: readonly string[], points: Figures): string | undefined {
    for (const key of keys) {
      const type = this.#figure(key)?.metric.type
      if (type !== undefined && type !== points[key]!.type) return key
    }
    return undefined
  }

  /** Returns how many points there are more. */
  add(keys: readonly string[], points: Figures, start: Time, end: Time, join: boolean, metricOf: MetricOf): number {
    let more = 0
    for (const key of keys) {
      const point = points[key]!
      let figure = this.#figure(key)
      if (figure === undefined) {
        figure = new Figure(key, metricOf(this.measurement, key, point.type), this.#attributes, this.#isCumulative)
        this.#figures.push(figure)
      }
      more += figure.add(point, start, end, join)
    }
    this.#waitingRecords++
    if (isBefore(this.#end, end)) this.#end = end
    return more
  }

  /** Returns how many points it said. */
  take(said: Said, now: Time, idleSeconds: number): number {
    this.#takenRecords = this.#waitingRecords
    this.#waitingRecords = 0
    let points = 0
    for (const figure of this.#figures) points += figure.take(said, now, idleSeconds)
    return points
  }

  /** How many records are in what was taken. */
  get takenRecords(): number {
    return this.#takenRecords
  }

  /** What was taken has arrived, or never will. Returns how many points that is. */
  settle(): number {
    this.#takenRecords = 0
    let points = 0
    for (const figure of this.#figures) points += figure.settle()
    return points
  }

  /** What was taken waits again. */
  putBack(): void {
    for (const figure of this.#figures) figure.putBack()
    this.#waitingRecords += this.#takenRecords
    this.#takenRecords = 0
  }

  #figure(key: string): Figure | undefined {
    for (const figure of this.#figures) if (figure.key === key) return figure
    return undefined
  }
}

/** The metric of a measurement's figure: the same object for all series. */
export type MetricOf = (measurement: string, key: string, type: Metric['type']) => Metric
