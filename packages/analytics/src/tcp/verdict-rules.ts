import { nanosBetween } from './time.ts'
import { VERDICT } from './verdict.ts'
import { SCALE, SIDE, SIDE_FLAGS } from './verdict-layout.ts'

const { NEXT, NEXT_SECONDS, NEXT_NANOS, CONTIGUOUS, LAST_ACK, LAST_SECONDS, LAST_NANOS, WINDOW, LAST_VERDICTS, REPEATS, FLAGS } = SIDE
const SHIFT = SIDE.SCALE
const { IN_HANDSHAKE, FLIGHT_KNOWN } = SIDE_FLAGS
const { UNKNOWN, NONE } = SCALE
const { RETRANSMISSION, FAST_RETRANSMISSION, SPURIOUS_RETRANSMISSION, OUT_OF_ORDER, DUPLICATE_ACK, LOST_SEGMENT, ACK_LOST_SEGMENT } =
  VERDICT
const { KEEP_ALIVE, KEEP_ALIVE_ACK, ZERO_WINDOW, ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ACK, WINDOW_UPDATE, WINDOW_FULL } = VERDICT

const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const FAST_NANOS = 20_000_000
const REORDERING_NANOS = 3_000_000

/** tshark's rules for one packet, in the order in which it asks them. `me` and `peer` are the offsets of its sender's row and of the other side's. */
export class VerdictRules {
  /** tshark has begun to say something of the packet, which may have come to nothing. */
  hasEntry = false
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  /** What is said of windows, gaps and repeated acknowledgements. */
  window(me: number, peer: number, sequence: number, acknowledgement: number, length: number, flags: number, window: number): number {
    const words = this.#words
    const next = words[me + NEXT]!
    if (length === 1 && sequence === next && words[peer + WINDOW] === 0) return ZERO_WINDOW_PROBE
    let verdicts = 0
    if (next !== 0 && ((next - sequence) | 0) < 0 && (flags & RST) === 0) {
      verdicts |= LOST_SEGMENT
      words[me + FLAGS] = words[me + FLAGS]! & ~FLIGHT_KNOWN
    }
    if ((flags & (SYN | FIN | RST)) !== 0) return verdicts

    if (window === 0) verdicts |= ZERO_WINDOW
    if (length <= 1 && sequence === ((next - 1) | 0)) verdicts |= KEEP_ALIVE
    if (length > 0) {
      const scale = words[peer + SHIFT]!
      const shift = (words[peer + FLAGS]! & IN_HANDSHAKE) !== 0 || scale === NONE ? 0 : scale
      const edge = words[peer + LAST_ACK]! + (words[peer + WINDOW]! << shift)
      if (scale !== UNKNOWN && ((sequence + length - edge) | 0) === 0) verdicts |= WINDOW_FULL
    } else if (sequence === next && acknowledgement === words[me + LAST_ACK]!) {
      verdicts |= this.#repeated(me, peer, window)
    }
    return verdicts
  }

  /** Nothing but an acknowledgement, and that was known. */
  #repeated(me: number, peer: number, window: number): number {
    const words = this.#words
    const answered = words[peer + LAST_VERDICTS]!
    if (window !== words[me + WINDOW]!) return window === 0 ? 0 : WINDOW_UPDATE
    if (window === 0) return (answered & ZERO_WINDOW_PROBE) === 0 ? 0 : ZERO_WINDOW_PROBE_ACK
    if ((answered & KEEP_ALIVE) !== 0) return KEEP_ALIVE_ACK
    const repeats = words[me + REPEATS]!
    words[me + REPEATS] = repeats < 0 ? 1 : repeats + 1
    return DUPLICATE_ACK
  }

  /** What is acknowledged may not have been seen. */
  unseen(peer: number, acknowledgement: number): number {
    const words = this.#words
    const contiguous = words[peer + CONTIGUOUS]!
    if (contiguous === 0 || ((contiguous - acknowledgement) | 0) >= 0) return 0
    this.hasEntry = true
    const next = words[peer + NEXT]!
    if (((contiguous - next) | 0) < 0) {
      words[peer + CONTIGUOUS] = next
      return ACK_LOST_SEGMENT
    }
    const repeats = words[peer + REPEATS]!
    words[peer + REPEATS] = -1
    return repeats === 0 ? ACK_LOST_SEGMENT : 0
  }

  /** What lies before the highest end was sent again, or came late. */
  again(
    me: number,
    peer: number,
    sequence: number,
    end: number,
    length: number,
    phantom: number,
    seconds: number,
    nanos: number,
    initialRtt: number,
  ): number {
    const words = this.#words
    const acknowledged = words[peer + LAST_ACK]!
    if (length > 0 && acknowledged !== 0 && ((end - acknowledged) | 0) <= 0) return SPURIOUS_RETRANSMISSION
    const next = words[me + NEXT]!
    if (next === 0 || ((sequence - next) | 0) >= 0 || (length > 1 && sequence === ((next - 1) | 0))) return 0
    const repeats = words[peer + REPEATS]!
    if ((repeats >= 2 || repeats < 0) && acknowledged === sequence) {
      const since = nanosBetween(seconds, nanos, words[peer + LAST_SECONDS]!, words[peer + LAST_NANOS]!)
      if (since >= 0 && since < FAST_NANOS) return FAST_RETRANSMISSION
    }
    const since = nanosBetween(seconds, nanos, words[me + NEXT_SECONDS]!, words[me + NEXT_NANOS]!)
    const isSoon = unsigned(since) < (initialRtt === 0 ? REORDERING_NANOS : unsigned(initialRtt))
    return isSoon && next !== ((end + phantom) | 0) ? OUT_OF_ORDER : RETRANSMISSION
  }
}

/** As 64 bits without a sign, which is how tshark compares times: one that went backwards is a very long one. */
function unsigned(nanos: number): number {
  return nanos < 0 ? nanos + 2 ** 64 : nanos
}
