import type { Instant } from '@geneve-telemetry/core'

/**
 * Cuts the packets' time at multiples of a length. The first interval begins with the first packet, the last one ends with the latest; those in between lie
 * at multiples. A packet that comes when its interval has ended counts in the one that is open.
 */
export class Intervals {
  /** The first packet's time, and the latest one's. */
  first: Instant | undefined
  latestSeconds = 0
  latestNanos = 0
  /** Packets from this second on are not of the open interval. -Infinity before the first packet. */
  endSeconds: number = Number.NEGATIVE_INFINITY
  isOpen = false
  /** When the open interval began. */
  start: Instant = { seconds: 0, nanos: 0 }
  readonly #seconds: number

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  get latest(): Instant {
    return { seconds: this.latestSeconds, nanos: this.latestNanos }
  }

  /** When the open interval ends if the source goes on until then. */
  get end(): Instant {
    return { seconds: this.endSeconds, nanos: 0 }
  }

  /** Begins the interval that a packet of this time is in. */
  open(seconds: number, nanos: number): void {
    const multiple = Math.floor(seconds / this.#seconds) * this.#seconds
    this.isOpen = true
    if (this.first === undefined) {
      this.first = { seconds, nanos }
      this.start = this.first
      this.endSeconds = multiple + this.#seconds
      this.latestSeconds = seconds
      this.latestNanos = nanos
      return
    }
    // A late packet's own interval has ended: it counts in the one that follows.
    const begin = Math.max(multiple, this.endSeconds)
    this.start = { seconds: begin, nanos: 0 }
    this.endSeconds = begin + this.#seconds
  }
}
