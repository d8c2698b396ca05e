import { setTimeout as delay } from 'node:timers/promises'

/** A timer may be late by so much, and what it held up is made good. */
const MOST_LATE_MS = 20

/** Lets something happen so many times a second at most, evenly. */
export class Pace {
  readonly #intervalMs: number
  #dueMs = -Infinity

  constructor(perSecond: number) {
    this.#intervalMs = 1_000 / perSecond
  }

  /** Resolves when it is time for the next one. Rejects when the signal comes first. */
  async turn(signal: AbortSignal): Promise<void> {
    const nowMs = performance.now()
    if (this.#dueMs < nowMs - MOST_LATE_MS) this.#dueMs = nowMs
    const waitMs = this.#dueMs - nowMs
    this.#dueMs += this.#intervalMs
    // A timer would cut off what is beyond whole milliseconds, and come before its time.
    if (waitMs > 0) await delay(Math.ceil(waitMs), undefined, { signal })
  }
}
