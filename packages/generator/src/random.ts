const UNIT = 1 / 0x1_0000_0000
const WARM_UP = 16

/**
 * Numbers that look random and are the same on every machine: the generator sfc32 by Chris Doty-Humphrey, integers of 32 bits alone. What is made of them
 * uses +, -, * and / only, which IEEE 754 defines to the last bit; logarithms and powers it does not.
 */
export class Random {
  #a: number
  #b: number
  #c = 0x9e3779b9
  #counter = 1

  /** `seed` is a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.floor(seed / 0x1_0000_0000) | 0
    for (let round = 0; round < WARM_UP; round++) this.word()
  }

  /** A number of 32 bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** From 0 to just under 1. */
  unit(): number {
    return this.word() * UNIT
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.word() * UNIT * count)
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return probability > 0 && this.word() * UNIT < probability
  }

  /**
   * Exponentially distributed, mean 1: from comparisons alone, by von Neumann ("Various techniques used in connection with random digits", 1951). A falling run
   * of uniform numbers whose length is odd gives its first one, every other run adds one.
   */
  exponential(): number {
    for (let whole = 0; ; whole++) {
      const first = this.word()
      let last = first
      for (;;) {
        const second = this.word()
        if (second >= last) return whole + first * UNIT
        last = this.word()
        if (last >= second) break
      }
    }
  }

  /** A whole number from `least` to `most` of which few are large: Pareto with exponent 1, bounded. */
  heavy(least: number, most: number): number {
    return Math.floor(least / (1 - this.unit() * (1 - least / most)))
  }
}
