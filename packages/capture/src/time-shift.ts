import type { FrameBatch } from '@geneve-telemetry/core/wire'

const NANOS_PER_SECOND = 1e9

/** A point in time as a batch has it: seconds since 1970-01-01T00:00:00Z, and the nanoseconds beyond them. */
export interface Time {
  readonly seconds: number
  readonly nanos: number
}

/** Gives packets another time, in their batches. All by the same amount, so that their distances stay; and by more in each further round. */
export class TimeShift {
  #seconds = 0
  #nanos = 0
  #first: Time | undefined
  #latestSeconds = 0
  #latestNanos = 0
  /** Frames of this round. */
  frames = 0

  /** From now on a packet of this time gets that one, in milliseconds. */
  put({ seconds, nanos }: Time, atMs: number): void {
    const atSeconds = Math.floor(atMs / 1000)
    this.#set(atSeconds - seconds, Math.round((atMs - atSeconds * 1000) * 1e6) - nanos)
  }

  /** Changes the times of a batch. */
  apply({ seconds, nanos, count }: FrameBatch): void {
    const addSeconds = this.#seconds
    const addNanos = this.#nanos
    for (let index = 0; index < count; index++) {
      const sum = nanos[index]! + addNanos
      const carry = sum >= NANOS_PER_SECOND ? 1 : 0
      seconds[index] = seconds[index]! + addSeconds + carry
      nanos[index] = sum - carry * NANOS_PER_SECOND
    }
    this.#note(seconds, nanos, count)
  }

  /** The next packet that comes has the time of the first one again, and follows the latest at the mean distance: a second, where there is none to tell. */
  nextRound(): void {
    const { seconds, nanos } = this.#first ?? { seconds: 0, nanos: 0 }
    const lastedSeconds = this.#latestSeconds - seconds
    const lastedNanos = this.#latestNanos - nanos
    const lasted = lastedSeconds * NANOS_PER_SECOND + lastedNanos
    const distance = lasted > 0 ? Math.ceil(lasted / (this.frames - 1)) : NANOS_PER_SECOND
    this.#set(this.#seconds + lastedSeconds, this.#nanos + lastedNanos + distance)
    this.#first = undefined
    this.frames = 0
  }

  #note(seconds: Float64Array, nanos: Int32Array, count: number): void {
    if (this.#first === undefined) {
      this.#first = { seconds: seconds[0]!, nanos: nanos[0]! }
      this.#latestSeconds = seconds[0]!
      this.#latestNanos = nanos[0]!
    }
    this.frames += count
    for (let index = 0; index < count; index++) {
      if (seconds[index]! < this.#latestSeconds) continue
      if (seconds[index] === this.#latestSeconds && nanos[index]! <= this.#latestNanos) continue
      this.#latestSeconds = seconds[index]!
      this.#latestNanos = nanos[index]!
    }
  }

  /** With nanoseconds from 0 to 999,999,999. */
  #set(seconds: number, nanos: number): void {
    const carry = Math.floor(nanos / NANOS_PER_SECOND)
    this.#seconds = seconds + carry
    this.#nanos = nanos - carry * NANOS_PER_SECOND
  }
}
