import { MOST_FLOWS } from '../flows.ts'

const FLOWS = MOST_FLOWS
const ENDS = MOST_FLOWS * 2

export const SYN: number = 2
export const ACK: number = 16
export const PSH: number = 8
export const FIN: number = 1
export const RST: number = 4

/** States of an end. */
export const CLOSED: number = 0
export const LISTENING: number = 1
export const SYN_SENT: number = 2
export const SYN_RECEIVED: number = 3
export const ESTABLISHED: number = 4

/** Ranges that came before what is missing, at most so many. */
export const MOST_RANGES: number = 4

/** Bytes that a connection may have under way, whatever the window says. */
export const MOST_UNDER_WAY: number = 393_216
const TIMESTAMPS_LENGTH = 12
const SEGMENTS_AT_FIRST = 10
const FIRST_TIMEOUT_NS = 1_000_000_000

/**
 * The two ends of TCP connections, a column per property. Sequence numbers count from the SYN's own 0, so that the first byte has 1; `first` makes them those of
 * the wire.
 */
export class Connections {
  readonly hasTimestamps: Uint8Array = new Uint8Array(FLOWS)

  readonly state: Uint8Array = new Uint8Array(ENDS)
  /** Initial sequence number. */
  readonly first: Uint32Array = new Uint32Array(ENDS)
  readonly segmentSize: Uint16Array = new Uint16Array(ENDS)
  readonly windowShift: Uint8Array = new Uint8Array(ENDS)
  readonly clockOffset: Uint32Array = new Uint32Array(ENDS)

  // Sending: SND.UNA, SND.NXT and the highest SND.NXT so far; how far there is something to send, and whether a FIN stands behind it.
  readonly unacknowledged: Int32Array = new Int32Array(ENDS)
  readonly next: Int32Array = new Int32Array(ENDS)
  readonly highest: Int32Array = new Int32Array(ENDS)
  readonly written: Int32Array = new Int32Array(ENDS)
  readonly isClosing: Uint8Array = new Uint8Array(ENDS)
  readonly peerWindow: Int32Array = new Int32Array(ENDS)
  readonly congestionWindow: Int32Array = new Int32Array(ENDS)
  readonly threshold: Int32Array = new Int32Array(ENDS)
  readonly duplicateAcks: Uint8Array = new Uint8Array(ENDS)
  readonly isRecovering: Uint8Array = new Uint8Array(ENDS)
  readonly recover: Int32Array = new Int32Array(ENDS)
  readonly timeout: Float64Array = new Float64Array(ENDS)
  readonly smoothed: Float64Array = new Float64Array(ENDS)
  readonly variation: Float64Array = new Float64Array(ENDS)
  /** What is being timed: the acknowledgment that ends it, 0 for nothing, and when it was sent. */
  readonly timed: Int32Array = new Int32Array(ENDS)
  readonly timedSince: Float64Array = new Float64Array(ENDS)
  /** When it runs out, 0 for never; and the time of its next event, which may come too early, 0 for none. */
  readonly timerAt: Float64Array = new Float64Array(ENDS)
  readonly timerEvent: Float64Array = new Float64Array(ENDS)
  readonly backoffs: Uint8Array = new Uint8Array(ENDS)

  // Receiving: RCV.NXT, what came ahead of it, and behind which number the other end has nothing more to say.
  readonly received: Int32Array = new Int32Array(ENDS)
  readonly lastNumber: Int32Array = new Int32Array(ENDS)
  readonly unanswered: Uint8Array = new Uint8Array(ENDS)
  readonly ackAt: Float64Array = new Float64Array(ENDS)
  readonly isAckSet: Uint8Array = new Uint8Array(ENDS)
  readonly rangeCount: Uint8Array = new Uint8Array(ENDS)
  readonly ranges: Int32Array = new Int32Array(ENDS * MOST_RANGES * 2)
  readonly buffer: Int32Array = new Int32Array(ENDS)
  /** Up to here the other end may send: what was once offered is not taken back. */
  readonly edge: Int32Array = new Int32Array(ENDS)
  readonly isStalled: Uint8Array = new Uint8Array(ENDS)
  readonly read: Int32Array = new Int32Array(ENDS)
  readonly recentTimestamp: Uint32Array = new Uint32Array(ENDS)

  /** An end as it is before the first segment. What its options say is the caller's. */
  reset(end: number): void {
    this.unacknowledged[end] = 0
    this.next[end] = 0
    this.highest[end] = 0
    this.written[end] = 1
    this.isClosing[end] = 0
    this.peerWindow[end] = 0
    this.congestionWindow[end] = SEGMENTS_AT_FIRST * this.segmentSize[end]!
    this.threshold[end] = MOST_UNDER_WAY
    this.duplicateAcks[end] = 0
    this.isRecovering[end] = 0
    this.recover[end] = 0
    this.timeout[end] = FIRST_TIMEOUT_NS
    this.smoothed[end] = 0
    this.variation[end] = 0
    this.timed[end] = 0
    this.timerAt[end] = 0
    this.timerEvent[end] = 0
    this.backoffs[end] = 0
    this.received[end] = 0
    this.lastNumber[end] = 0
    this.unanswered[end] = 0
    this.ackAt[end] = 0
    this.isAckSet[end] = 0
    this.rangeCount[end] = 0
    this.edge[end] = 0
    this.isStalled[end] = 0
    this.read[end] = 0
    this.recentTimestamp[end] = 0
  }

  /** Bytes that a segment of the end carries at most. */
  payloadRoom(end: number): number {
    const size = Math.min(this.segmentSize[end]!, this.segmentSize[end ^ 1]!)
    return this.hasTimestamps[end >> 1] === 1 ? size - TIMESTAMPS_LENGTH : size
  }

  /** What the end tells the other one it takes now, in units of the shift. */
  offer(end: number, shift: number): number {
    const received = this.received[end]!
    const edge = received + (Math.min(0xffff, this.#space(end) >> shift) << shift)
    if (edge > this.edge[end]!) this.edge[end] = edge
    return Math.min(0xffff, (this.edge[end]! - received) >> shift)
  }

  /** Free space of its receive buffer in bytes. */
  #space(end: number): number {
    return this.isStalled[end] === 1 ? Math.max(0, this.buffer[end]! - (this.received[end]! - this.read[end]!)) : this.buffer[end]!
  }
}
