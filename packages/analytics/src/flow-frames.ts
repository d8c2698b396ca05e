/** The frames that flows began with, by their rows. */
export class FlowFrames {
  #frames = new Float64Array(1024)

  begin(row: number, frame: number): void {
    if (row >= this.#frames.length) this.#growTo(row + 1)
    this.#frames[row] = frame
  }

  /** 0 for a flow whose beginning was not seen. */
  frameOf(row: number): number {
    return row < this.#frames.length ? this.#frames[row]! : 0
  }

  #growTo(length: number): void {
    const grown = new Float64Array(2 ** Math.ceil(Math.log2(length)))
    grown.set(this.#frames)
    this.#frames = grown
  }
}
