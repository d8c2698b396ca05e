import type { Content } from './content.ts'
import type { Impairments } from './impairment.ts'
import type { Connecting } from './opening.ts'
import type { Random } from './random.ts'

const MILLISECOND = 1_000_000
const BUFFER = 1_048_576
/** Of a client that stops reading, so that its window closes. */
const STALLING_BUFFER = 32_768
const WINDOW_SHIFT = 7
/** Sequence numbers that wrap need no impairment. */
const LEAST_WRAPS = 0.02

/** How TCP connections are used. */
export class Scripts {
  readonly #content: Content
  readonly #impairments: Impairments
  readonly #random: Random

  constructor(content: Content, impairments: Impairments, random: Random) {
    this.#content = content
    this.#impairments = impairments
    this.#random = random
  }

  /** Requests with responses of about this size, over TLS. */
  exchange(response: number): Connecting {
    const random = this.#random
    const { wrap, keepalive } = this.#impairments
    const stalls = random.chance(this.#impairments['zero-window'])
    const wraps = Math.max(wrap, LEAST_WRAPS)
    const probes = random.chance(keepalive) ? random.between(1, 3) : 0
    return {
      // Whoever keeps a connection alive has something to say later.
      exchanges: probes > 0 ? random.between(2, 4) : random.heavy(1, 12),
      request: random.between(180, 1_400),
      response: stalls ? response + STALLING_BUFFER * 6 : response,
      serverThinks: random.heavy(MILLISECOND / 2, 120 * MILLISECOND),
      clientThinks: random.heavy(2 * MILLISECOND, 400 * MILLISECOND),
      closesFirst: 'client',
      aborts: random.below(40) === 0,
      isRefused: false,
      isProbe: false,
      probes,
      stallsAfter: stalls ? random.between(1, STALLING_BUFFER) : 0,
      clientContent: this.#content.tlsRequest,
      serverContent: this.#content.tlsResponse,
      hasTimestamps: random.below(5) > 0,
      clientBuffer: stalls ? STALLING_BUFFER : BUFFER,
      serverBuffer: BUFFER,
      windowShift: WINDOW_SHIFT,
      clientWraps: random.chance(wraps),
      serverWraps: random.chance(wraps),
    }
  }

  /** Only to see whether somebody answers. */
  probe(): Connecting {
    return { ...this.exchange(400), isProbe: true, stallsAfter: 0, probes: 0 }
  }
}
