/** Sums by row, each for the interval that is open and over those that have ended. */
export class Sums {
  /** By row * figures + figure. */
  readonly interval: Float64Array
  readonly figures: number
  readonly #ended: Float64Array

  constructor(rows: number, figures: number) {
    this.figures = figures
    this.interval = new Float64Array(rows * figures)
    this.#ended = new Float64Array(rows * figures)
  }

  inInterval(row: number, figure: number): number {
    return this.interval[row * this.figures + figure]!
  }

  /** Since the beginning. */
  total(row: number, figure: number): number {
    const at = row * this.figures + figure
    return this.#ended[at]! + this.interval[at]!
  }

  /** Begins the next interval; `rows` have been in use. */
  endInterval(rows: number): void {
    const used = rows * this.figures
    for (let at = 0; at < used; at++) this.#ended[at] = this.#ended[at]! + this.interval[at]!
    this.interval.fill(0, 0, used)
  }
}
