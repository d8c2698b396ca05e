import type { Random } from '../random.ts'

/** A record as it is encoded: values by the names of the telemetry record's fields. */
export type Told = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** What somebody reports of one thing, again and again. */
export interface Report {
  /** What never changes: whose it is and which. */
  readonly about: Told
  /** Since the reporter's start; each grows by up to so much at a time. */
  readonly counters?: Readonly<Record<string, number>>
  /** From the least to the most, in steps. */
  readonly gauges?: Readonly<Record<string, readonly [least: number, most: number, decimals?: number]>>
  /** One of these; it rarely changes. */
  readonly states?: Readonly<Record<string, readonly (string | number | boolean)[]>>
}

const STATE_CHANGES_IN = 24
const DECIMAL_STEPS = [1, 10, 100, 1_000]

/** Somebody who reports: its counters never fall. */
export class Reporter {
  readonly #counters: readonly (readonly [name: string, step: number])[]
  readonly #gauges: readonly (readonly [name: string, range: readonly [least: number, most: number, decimals?: number]])[]
  readonly #states: readonly (readonly [name: string, choices: readonly (string | number | boolean)[]])[]
  readonly #random: Random
  readonly #values: Record<string, string | number | boolean | readonly string[]>

  constructor({ about, counters = {}, gauges = {}, states = {} }: Report, random: Random) {
    this.#counters = Object.entries(counters)
    this.#gauges = Object.entries(gauges)
    this.#states = Object.entries(states)
    this.#random = random
    this.#values = { ...about }
    for (const [name, step] of this.#counters) this.#values[name] = random.below(step * 100)
    for (const [name, choices] of this.#states) this.#values[name] = choices[0]!
  }

  /** The next record. */
  next(): Told {
    const random = this.#random
    for (const [name, step] of this.#counters) this.#values[name] = (this.#values[name] as number) + random.below(step + 1)
    for (const [name, [least, most, decimals = 0]] of this.#gauges) {
      // Whole steps divided once: the decimal number that stands here is the one that is read back from 32 bits.
      const steps = DECIMAL_STEPS[decimals]!
      this.#values[name] = (Math.round(least * steps) + random.below(Math.round((most - least) * steps) + 1)) / steps
    }
    for (const [name, choices] of this.#states) {
      if (random.below(STATE_CHANGES_IN) === 0) this.#values[name] = choices[random.below(choices.length)]!
    }
    return { ...this.#values }
  }
}
