import type { PacketView, TcpSegment } from '@geneve-telemetry/core/wire'
import { CONNECTION_FLAGS, COUNTERS, FIGURE_FLAGS, FIGURES } from './figures-layout.ts'
import { nanosBetween } from './time.ts'

const { NEXT, ACKED, WINDOW, SHIFT, MSS, FLAGS, SIDE_WORDS } = FIGURES
const { SYN_SECONDS, SYN_NANOS, ANSWER_SECONDS, ANSWER_NANOS } = FIGURES
const CONNECTION = FIGURES.CONNECTION_FLAGS
const { NEXT_KNOWN, ACKED_KNOWN, SCALED, HAS_WINDOW } = FIGURE_FLAGS
const { SYN, SYN_AGAIN, ANSWER, ANSWER_AGAIN, DONE, SYN_BY_1 } = CONNECTION_FLAGS

const ACK = 0x10
/** RFC 7323, 2.3 */
const LARGEST_SHIFT = 14

/**
 * The three packets that begin a connection. Offsets are of words: `row` of the connection, `side` and `peer` within it; those of floats, `counters` and
 * `handshakes`, of the sender's counters and of the connection's handshake times.
 */
export class TcpHandshake {
  readonly #words: Int32Array
  readonly #floats: Float64Array

  constructor(words: Int32Array, floats: Float64Array) {
    this.#words = words
    this.#floats = floats
  }

  /** A SYN or a SYN/ACK. */
  begin(packet: PacketView, segment: TcpSegment, row: number, side: number, counters: number, handshakes: number): void {
    const words = this.#words
    const isAnswer = (packet.tcpFlags & ACK) !== 0
    const flags = words[row + CONNECTION]!
    const isSide1 = side !== row
    if ((flags & (isAnswer ? ANSWER : SYN)) !== 0) {
      words[row + CONNECTION] = flags | (isAnswer ? ANSWER_AGAIN : SYN_AGAIN)
      this.#floats[counters + COUNTERS.CONTROL_AGAIN] = this.#floats[counters + COUNTERS.CONTROL_AGAIN]! + 1
      return
    }
    if (segment.maximumSegmentSize > 0) words[side + MSS] = segment.maximumSegmentSize
    words[side + SHIFT] = Math.min(segment.windowScale, LARGEST_SHIFT)
    // The window of a SYN is never scaled.
    words[side + WINDOW] = segment.window
    words[side + NEXT] = segment.sequence + 1 + packet.payloadLength
    words[side + FLAGS] = words[side + FLAGS]! | NEXT_KNOWN | HAS_WINDOW
    if (!isAnswer) {
      words[row + CONNECTION] = flags | SYN | (isSide1 ? SYN_BY_1 : 0)
      words[row + SYN_SECONDS] = packet.seconds
      words[row + SYN_NANOS] = packet.nanos
      return
    }
    words[side + ACKED] = segment.acknowledgement
    words[side + FLAGS] = words[side + FLAGS]! | ACKED_KNOWN
    words[row + CONNECTION] = flags | ANSWER | (isSide1 ? 0 : SYN_BY_1)
    words[row + ANSWER_SECONDS] = packet.seconds
    words[row + ANSWER_NANOS] = packet.nanos
    if ((flags & SYN) === 0) return
    this.#agreeOnScales(row, row + SIDE_WORDS)
    if ((flags & SYN_AGAIN) !== 0) return
    const nanos = nanosBetween(packet.seconds, packet.nanos, words[row + SYN_SECONDS]!, words[row + SYN_NANOS]!)
    if (nanos > 0) this.#floats[handshakes + (isSide1 ? 0 : 1)] = nanos / 1e9
  }

  /** The first acknowledgement of a SYN/ACK ends the handshake. */
  end(packet: PacketView, segment: TcpSegment, row: number, side: number, peer: number, handshakes: number): void {
    const words = this.#words
    const flags = words[row + CONNECTION]!
    const isSide1 = side !== row
    if ((flags & (ANSWER | DONE)) !== ANSWER || isSide1 !== ((flags & SYN_BY_1) !== 0)) return
    words[row + CONNECTION] = flags | DONE
    if ((flags & ANSWER_AGAIN) !== 0 || ((segment.acknowledgement - words[peer + NEXT]!) | 0) < 0) return
    const nanos = nanosBetween(packet.seconds, packet.nanos, words[row + ANSWER_SECONDS]!, words[row + ANSWER_NANOS]!)
    if (nanos > 0) this.#floats[handshakes + (isSide1 ? 0 : 1)] = nanos / 1e9
  }

  /** Windows are scaled if both sides have said so (RFC 7323, 2.2). */
  #agreeOnScales(one: number, other: number): void {
    const words = this.#words
    if (words[one + SHIFT]! < 0 || words[other + SHIFT]! < 0) {
      words[one + SHIFT] = -1
      words[other + SHIFT] = -1
    }
    words[one + FLAGS] = words[one + FLAGS]! | SCALED
    words[other + FLAGS] = words[other + FLAGS]! | SCALED
  }
}
