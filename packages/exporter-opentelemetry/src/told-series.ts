import { isBefore, type Metric, type Said, type Time, type TimedPoint } from './figure.ts'
import { ToldFigure } from './told-figure.ts'

/** A number that was told, and of which metric it is. */
export interface ToldNumber {
  readonly metric: Metric
  readonly value: number
}

/** The numbers that were told of one subject with the same bounded identities, and how many records are in what waits. */
export class ToldSeries {
  readonly #attributes: TimedPoint['attributes']
  readonly #isCumulative: boolean
  readonly #figures = new Map<Metric, ToldFigure>()
  #waitingRecords = 0
  #takenRecords = 0
  #end: Time

  constructor(attributes: TimedPoint['attributes'], isCumulative: boolean, end: Time) {
    this.#attributes = attributes
    this.#isCumulative = isCumulative
    this.#end = end
  }

  /** When it was last told of. */
  get end(): Readonly<Time> {
    return this.#end
  }

  /** Records that wait or were taken: of one that told no number too. */
  get records(): number {
    return this.#waitingRecords + this.#takenRecords
  }

  /** Returns how many points there are more. */
  add(numbers: readonly ToldNumber[], time: Time, join: boolean): number {
    let more = 0
    for (const { metric, value } of numbers) {
      let figure = this.#figures.get(metric)
      if (figure === undefined) {
        figure = new ToldFigure(metric, this.#attributes, this.#isCumulative)
        this.#figures.set(metric, figure)
      }
      more += figure.add(value, time, join)
    }
    this.#waitingRecords++
    if (isBefore(this.#end, time)) this.#end = time
    return more
  }

  /** Returns how many points it said. */
  take(said: Said): number {
    this.#takenRecords = this.#waitingRecords
    this.#waitingRecords = 0
    let points = 0
    for (const figure of this.#figures.values()) points += figure.take(said)
    return points
  }

  /** What was taken has arrived, or never will. Returns how many records and points that is. */
  settle(): { readonly records: number; readonly points: number } {
    const records = this.#takenRecords
    this.#takenRecords = 0
    let points = 0
    for (const figure of this.#figures.values()) points += figure.settle()
    return { records, points }
  }

  /** What was taken waits again. */
  putBack(): void {
    for (const figure of this.#figures.values()) figure.putBack()
    this.#waitingRecords += this.#takenRecords
    this.#takenRecords = 0
  }
}
