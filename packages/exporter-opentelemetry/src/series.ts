import type { Instant, Name } from '@geneve-telemetry/core'
import { measureName } from '@geneve-telemetry/core'
import type { SeriesAttributes } from './attributes.ts'
import { Figure, isBefore, type ProducerPoint, type TimedValue } from './figure.ts'

export type Figures = Readonly<Record<string, ProducerPoint>>

/** What a series said of one metric. */
export interface Said {
  readonly name: Name
  readonly type: ProducerPoint['type']
  readonly attributes: SeriesAttributes | Readonly<Record<string, boolean>>
  readonly values: readonly TimedValue[]
}

/** The figures of one measurement with the same attributes, and how many records are in what waits. */
export class Series {
  readonly measurement: string
  readonly attributes: Said['attributes']
  readonly #isCumulative: boolean
  readonly #figures = new Map<string, Figure>()
  #waitingRecords = 0
  #takenRecords = 0
  #end: Instant

  constructor(measurement: string, attributes: Said['attributes'], isCumulative: boolean, end: Instant) {
    this.measurement = measurement
    this.attributes = attributes
    this.#isCumulative = isCumulative
    this.#end = end
  }

  /** When its last record ended. */
  get end(): Instant {
    return this.#end
  }

  get points(): number {
    let points = 0
    for (const figure of this.#figures.values()) points += figure.points
    return points
  }

  /** The name of a figure that has been of another type so far, if there is one. */
  otherType(points: Figures): string | undefined {
    return Object.entries(points).find(([name, { type }]) => (this.#figures.get(name)?.type ?? type) !== type)?.[0]
  }

  add(points: Figures, start: Instant, end: Instant, join: boolean): void {
    for (const [key, point] of Object.entries(points)) {
      let figure = this.#figures.get(key)
      if (figure === undefined) {
        figure = new Figure(measureName(this.measurement, key), point.type, this.#isCumulative)
        this.#figures.set(key, figure)
      }
      figure.add(point, start, end, join)
    }
    this.#waitingRecords++
    if (isBefore(this.#end, end)) this.#end = end
  }

  take(now: Instant, idleSeconds: number): readonly Said[] {
    this.#takenRecords = this.#waitingRecords
    this.#waitingRecords = 0
    const { attributes } = this
    return Array.from(this.#figures.values(), (figure) => {
      return { name: figure.name, type: figure.type, attributes, values: figure.take(now, idleSeconds) }
    }).filter(({ values }) => values.length > 0)
  }

  /** What was taken has arrived, or never will. Returns how many records that is. */
  settle(): number {
    for (const figure of this.#figures.values()) figure.settle()
    const records = this.#takenRecords
    this.#takenRecords = 0
    return records
  }

  /** What was taken waits again. */
  putBack(): void {
    for (const figure of this.#figures.values()) figure.putBack()
    this.#waitingRecords += this.#takenRecords
    this.#takenRecords = 0
  }
}
