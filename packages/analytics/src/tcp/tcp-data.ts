import type { PacketView, TcpSegment } from '@geneve-telemetry/core/wire'
import { COUNTERS, FIGURE_FLAGS, FIGURES } from './figures-layout.ts'
import { Gaps } from './gaps.ts'
import type { SentTimes } from './sent-times.ts'
import { nanosBetween } from './time.ts'

const { NEXT, NEXT_TIMESTAMP, NEXT_ID, LAST_SECONDS, LAST_NANOS, ACKED, REPEATS, WINDOW, FLAGS, UNTIMED, RECOVERY } = FIGURES
const { AGAIN_END, AGAIN_SECONDS, AGAIN_NANOS, AGAIN_TIMESTAMP } = FIGURES
const { NEXT_KNOWN, ACKED_KNOWN, SCALED, HAS_WINDOW, HAS_TIMESTAMP, IS_UNTIMED, IN_RECOVERY, HAS_AGAIN, SACKS, PROBED, FINISHED } =
  FIGURE_FLAGS
const { SEGMENTS, PAYLOAD_BYTES, FAST, TIMEOUT, SPURIOUS, BEFORE_TAP, OUT_OF_ORDER, WINDOW_FULL, KEEP_ALIVES, UNSEEN_BYTES } = COUNTERS
const { OVERSIZED, MAX_FLIGHT, CONTROL_AGAIN } = COUNTERS

const FIN = 0x01
/** A sender that hears nothing waits at least so long before it sends again (Linux; RFC 6298 has a second). */
const TIMEOUT_NANOS = 200_000_000
/** What comes later than this behind what it should have come before was sent again. */
const REORDERING_NANOS = 3_000_000
const FAST_REPEATS = 2
/** IP identifications so far apart say nothing of the order of their packets. */
const NEAR_IDS = 4096
const LARGEST_GAP = 2 ** 30

/** What segments tell by their sequence numbers. `side` and `peer` are offsets of words, `counters` of floats. */
export class TcpData {
  readonly gaps: Gaps
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #times: SentTimes
  readonly #largest: number

  /** Inner packets of more than `largest` bytes are oversized. */
  constructor(words: Int32Array, floats: Float64Array, times: SentTimes, largest: number) {
    this.#words = words
    this.#floats = floats
    this.#times = times
    this.#largest = largest
    this.gaps = new Gaps(words)
  }

  take(packet: PacketView, segment: TcpSegment, side: number, peer: number, counters: number): void {
    const words = this.#words
    const { payloadLength: length, tcpFlags } = packet
    const sequence = segment.sequence | 0
    const fin = tcpFlags & FIN
    let flags = words[side + FLAGS]!
    if ((flags & NEXT_KNOWN) === 0) {
      // The capture begins in the middle.
      words[side + NEXT] = sequence
      flags |= NEXT_KNOWN
      words[side + FLAGS] = flags
    }
    const next = words[side + NEXT]!
    const ahead = (sequence - next) | 0
    const peerFlags = words[peer + FLAGS]!
    const isAllAcked = (peerFlags & ACKED_KNOWN) === 0 || ((next - words[peer + ACKED]!) | 0) <= 0
    const isClosed = (peerFlags & HAS_WINDOW) !== 0 && words[peer + WINDOW] === 0
    if (length <= 1 && fin === 0 && ahead === -1 && isAllAcked) {
      // Whoever is told to wait asks in the same way whether it may go on; and what a FIN has overtaken looks the same.
      if (!isClosed && (flags & FINISHED) === 0) this.#count(counters, KEEP_ALIVES)
      return
    }
    if (length === 0 && fin === 0) return
    if (length === 1 && fin === 0 && ahead === 0 && isClosed) {
      words[side + FLAGS] = flags | PROBED
      return
    }
    const end = (sequence + length + fin) | 0
    if (length > 0) {
      this.#count(counters, SEGMENTS)
      this.#add(counters, PAYLOAD_BYTES, length)
      if (packet.innerLength > this.#largest) this.#count(counters, OVERSIZED)
    }
    if (ahead < 0) {
      this.#repeat(packet, segment, side, peer, counters, sequence, end)
      if (((end - next) | 0) <= 0) return
    } else if (ahead > 0) {
      if (ahead < LARGEST_GAP) this.gaps.add(side, next, sequence, packet.seconds, packet.nanos)
      else this.#times.clear(side)
    }
    this.#advance(packet, segment, side, peer, counters, ahead < 0 ? next : sequence, end)
  }

  /** Numbers that were never sent before. */
  #advance(packet: PacketView, segment: TcpSegment, side: number, peer: number, counters: number, start: number, end: number): void {
    const words = this.#words
    words[side + NEXT] = end
    words[side + NEXT_ID] = packet.innerVersion === 4 ? packet.ipId : 0
    words[side + NEXT_TIMESTAMP] = segment.timestampValue | 0
    const hasTimestamp = segment.timestampValue >= 0 ? HAS_TIMESTAMP : 0
    const finished = (packet.tcpFlags & FIN) !== 0 ? FINISHED : 0
    words[side + FLAGS] = (words[side + FLAGS]! & ~(HAS_TIMESTAMP | PROBED)) | hasTimestamp | finished
    this.#times.add(side, start, end, packet.seconds, packet.nanos)
    const peerFlags = words[peer + FLAGS]!
    if ((peerFlags & ACKED_KNOWN) === 0) return
    const flight = (end - words[peer + ACKED]!) | 0
    if (flight > this.#floats[counters + MAX_FLIGHT]!) this.#floats[counters + MAX_FLIGHT] = flight
    const window = words[peer + WINDOW]!
    if ((peerFlags & SCALED) !== 0 && packet.payloadLength > 0 && window > 0 && flight >= window) this.#count(counters, WINDOW_FULL)
  }

  /** Numbers that were sent before, or skipped. */
  #repeat(packet: PacketView, segment: TcpSegment, side: number, peer: number, counters: number, sequence: number, end: number): void {
    const words = this.#words
    const { seconds, nanos, payloadLength } = packet
    const { gaps } = this
    const isInGap = gaps.fill(side, sequence, end)
    if (isInGap && this.#isOvertaken(packet, segment, side)) {
      if (payloadLength > 0) this.#count(counters, OUT_OF_ORDER)
    } else if (payloadLength === 0) {
      this.#count(counters, CONTROL_AGAIN)
    } else {
      const isKnown = (words[peer + FLAGS]! & ACKED_KNOWN) !== 0
      if (isKnown && ((end - words[peer + ACKED]!) | 0) <= 0) this.#count(counters, SPURIOUS)
      else {
        this.#count(counters, this.#isFast(side, peer, seconds, nanos) ? FAST : TIMEOUT)
        if (isInGap) this.#count(counters, BEFORE_TAP)
      }
    }
    // Karn's rule: whether an acknowledgement is of this copy or of another one, nobody knows.
    words[side + UNTIMED] = words[side + NEXT]!
    const flags = words[side + FLAGS]! | IS_UNTIMED
    // But by timestamps one does, where they have moved on since.
    const isTimed =
      segment.timestampValue >= 0 && (flags & HAS_TIMESTAMP) !== 0 && (segment.timestampValue | 0) !== words[side + NEXT_TIMESTAMP]!
    words[side + FLAGS] = isTimed ? flags | HAS_AGAIN : flags & ~HAS_AGAIN
    words[side + AGAIN_END] = end
    words[side + AGAIN_SECONDS] = seconds
    words[side + AGAIN_NANOS] = nanos
    words[side + AGAIN_TIMESTAMP] = segment.timestampValue | 0
  }

  /** Whether what was skipped comes late, and was not sent again: by timestamps and by IP identifications, where they tell, else by time. */
  #isOvertaken(packet: PacketView, segment: TcpSegment, side: number): boolean {
    const words = this.#words
    if (segment.timestampValue >= 0 && (words[side + FLAGS]! & HAS_TIMESTAMP) !== 0) {
      const later = ((segment.timestampValue | 0) - words[side + NEXT_TIMESTAMP]!) | 0
      if (later !== 0) return later < 0
    }
    const id = packet.innerVersion === 4 ? packet.ipId : 0
    if (id > 0 && words[side + NEXT_ID]! > 0) {
      const later = ((id - words[side + NEXT_ID]!) << 16) >> 16
      if (later !== 0 && Math.abs(later) < NEAR_IDS) return later < 0
    }
    const since = nanosBetween(packet.seconds, packet.nanos, this.gaps.foundSeconds, this.gaps.foundNanos)
    return since >= 0 && since < REORDERING_NANOS
  }

  /** Whether acknowledgements have made the sender send again, and not silence. */
  #isFast(side: number, peer: number, seconds: number, nanos: number): boolean {
    const words = this.#words
    const peerFlags = words[peer + FLAGS]!
    const isRecovering = (words[side + FLAGS]! & IN_RECOVERY) !== 0
    const isSilent = nanosBetween(seconds, nanos, words[peer + LAST_SECONDS]!, words[peer + LAST_NANOS]!) >= TIMEOUT_NANOS
    const isFast = !isSilent && (isRecovering || words[peer + REPEATS]! >= FAST_REPEATS || (peerFlags & SACKS) !== 0)
    if (isFast && !isRecovering) {
      words[side + RECOVERY] = words[side + NEXT]!
      words[side + FLAGS] = words[side + FLAGS]! | IN_RECOVERY
    }
    if (!isFast) words[side + FLAGS] = words[side + FLAGS]! & ~IN_RECOVERY
    return isFast
  }

  /** All below was acknowledged to `side`, whose bytes that nobody saw are counted. */
  acknowledge(side: number, acknowledgement: number, counters: number): void {
    const words = this.#words
    const flags = words[side + FLAGS]!
    this.#add(counters, UNSEEN_BYTES, this.gaps.acknowledge(side, acknowledgement))
    if ((flags & NEXT_KNOWN) !== 0) {
      const unseen = (acknowledgement - words[side + NEXT]!) | 0
      // The byte that probed a closed window was taken.
      const isProbe = unseen === 1 && (flags & PROBED) !== 0
      if (unseen > 0 && unseen < LARGEST_GAP) {
        words[side + NEXT] = acknowledgement
        if (!isProbe) this.#add(counters, UNSEEN_BYTES, unseen)
      }
    } else {
      words[side + NEXT] = acknowledgement
      words[side + FLAGS] = flags | NEXT_KNOWN
    }
    if ((flags & IN_RECOVERY) !== 0 && ((acknowledgement - words[side + RECOVERY]!) | 0) >= 0)
      words[side + FLAGS] = words[side + FLAGS]! & ~IN_RECOVERY
  }

  #count(counters: number, counter: number): void {
    this.#floats[counters + counter] = this.#floats[counters + counter]! + 1
  }

  #add(counters: number, counter: number, amount: number): void {
    this.#floats[counters + counter] = this.#floats[counters + counter]! + amount
  }
}
