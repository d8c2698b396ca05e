import { type Instant, instantNanos } from '@geneve-telemetry/core'
import { type Time, timeOf } from './figure.ts'

/** The latest of the times that records begin or end at. Most records of an interval have the same one, which is then checked and made once. */
export class LatestTime {
  #seconds = Number.NaN
  #nanos = 0
  #time: Time | undefined

  /** `undefined` for a time outside the years 1970 to 2262. */
  of(instant: Instant): Time | undefined {
    const { seconds, nanos } = instant
    if (seconds !== this.#seconds || nanos !== this.#nanos) {
      this.#seconds = seconds
      this.#nanos = nanos
      this.#time = instantNanos(instant) === undefined ? undefined : timeOf(instant)
    }
    return this.#time
  }
}
