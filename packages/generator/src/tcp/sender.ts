import { AT_TAP, DELAYED_ACK, type Events, MOST_SACK_BLOCKS, SACK_NUMBERS, TIMER } from '../events.ts'
import type { Flows } from '../flows.ts'
import { KEEPALIVE, RETRANSMISSION, WINDOW_PROBE } from '../mark.ts'
import type { Path } from '../path.ts'
import {
  ACK,
  CLOSED,
  type Connections,
  ESTABLISHED,
  FIN,
  MOST_RANGES,
  MOST_UNDER_WAY,
  PSH,
  RST,
  SYN,
  SYN_RECEIVED,
  SYN_SENT,
} from './connections.ts'
import { endTiming, startTiming } from './timing.ts'

const TICK_NS = 1_000_000
const MOST_TIMEOUT_NS = 60_000_000_000
const DELAYED_ACK_NS = 40_000_000
const HEADERS_LENGTH = 108
const MOST_BACKOFFS = 5
/** Duplicate acknowledgments that stand for a loss (RFC 5681, 3.2). */
const THREE = 3

/** What an end of a TCP connection sends: data as the windows allow (RFC 5681), again what was lost (RFC 6298, RFC 6582), acknowledgments and probes. */
export class Sender {
  readonly #events: Events
  readonly #flows: Flows
  readonly #connections: Connections
  readonly #path: Path
  /** Whether a SYN without an answer is sent again. */
  readonly #isPatient: boolean

  constructor(events: Events, flows: Flows, connections: Connections, path: Path, isPatient: boolean) {
    this.#events = events
    this.#flows = flows
    this.#connections = connections
    this.#path = path
    this.#isPatient = isPatient
  }

  /** The initiator's first segment. */
  connect(end: number): void {
    const c = this.#connections
    c.state[end] = SYN_SENT
    c.next[end] = c.highest[end] = 1
    this.transmit(end, 0, 0, SYN, 0)
    startTiming(c, end, 1, this.#events.now)
    this.#setTimer(end)
  }

  /** The same, of somebody who does not exist and hears no answer; nor does the responder wait for one. */
  pretend(end: number): void {
    this.#connections.backoffs[end ^ 1] = MOST_BACKOFFS
    this.transmit(end, 0, 0, SYN, 0)
  }

  /** The responder's. */
  accept(end: number): void {
    const c = this.#connections
    c.state[end] = SYN_RECEIVED
    c.next[end] = c.highest[end] = 1
    this.transmit(end, 0, 0, SYN | ACK, 0)
    startTiming(c, end, 1, this.#events.now)
    this.#setTimer(end)
  }

  /** Sends again what no acknowledgment came for. */
  repeat(end: number): void {
    const c = this.#connections
    if (c.state[end] === SYN_SENT) this.transmit(end, 0, 0, SYN, RETRANSMISSION)
    else if (c.state[end] === SYN_RECEIVED) this.transmit(end, 0, 0, SYN | ACK, RETRANSMISSION)
  }

  acknowledge(end: number): void {
    this.transmit(end, this.#connections.highest[end]!, 0, ACK, 0)
  }

  /** Ends the connection at once, here; nothing more is sent or awaited. */
  abort(end: number): void {
    this.transmit(end, this.#connections.highest[end]!, 0, RST | ACK, 0)
    this.stop(end)
  }

  /** Answers a SYN where nobody listens. */
  refuse(end: number): void {
    this.transmit(end, 0, 0, RST | ACK, 0)
    this.stop(end)
  }

  stop(end: number): void {
    this.#connections.state[end] = CLOSED
    this.#connections.timerAt[end] = 0
    this.#connections.ackAt[end] = 0
  }

  keepAlive(end: number): void {
    this.transmit(end, this.#connections.highest[end]! - 1, 0, ACK, KEEPALIVE)
  }

  /** Acknowledges some time later, unless something else is sent before. */
  acknowledgeLater(end: number): void {
    const c = this.#connections
    if (c.ackAt[end] === 0) c.ackAt[end] = this.#events.now + DELAYED_ACK_NS
    if (c.isAckSet[end] === 1) return
    c.isAckSet[end] = 1
    this.#later(DELAYED_ACK, end, c.ackAt[end]!)
  }

  /** Sends what may be sent now. */
  pump(end: number): void {
    const c = this.#connections
    if (c.state[end] !== ESTABLISHED) return
    const limit = c.unacknowledged[end]! + Math.min(c.congestionWindow[end]!, c.peerWindow[end]!)
    const most = c.payloadRoom(end)
    const written = c.written[end]!
    while (c.next[end]! < written) {
      const next = c.next[end]!
      const length = Math.min(most, written - next, limit - next)
      if (length <= 0) break
      // A window too small for a segment is waited for as long as an acknowledgment is to come (RFC 9293, 3.8.6.2.1).
      if (length < most && next + length < written && c.highest[end]! > c.unacknowledged[end]!) break
      const isLast = next + length === written
      const hasFin = isLast && c.isClosing[end] === 1
      this.#send(end, next, length, ACK | (isLast ? PSH : 0) | (hasFin ? FIN : 0), next + length + (hasFin ? 1 : 0))
    }
    if (c.isClosing[end] === 1 && c.next[end] === written) this.#send(end, written, 0, FIN | ACK, written + 1)
    if (c.highest[end]! > c.unacknowledged[end]! || (c.peerWindow[end] === 0 && written > c.next[end]!)) {
      if (c.timerAt[end] === 0) this.#setTimer(end)
    }
  }

  /** An acknowledgment came, and what the other end's window is now, in bytes. `isBare`: the segment carries nothing else. */
  acknowledged(end: number, number: number, window: number, isBare: boolean): void {
    const c = this.#connections
    const before = c.unacknowledged[end]!
    const size = c.segmentSize[end]!
    const isSameWindow = window === c.peerWindow[end]
    c.peerWindow[end] = window
    if (number > before) {
      c.unacknowledged[end] = number
      if (c.next[end]! < number) c.next[end] = number
      if (c.highest[end]! < number) c.highest[end] = number
      c.backoffs[end] = 0
      c.duplicateAcks[end] = 0
      endTiming(c, end, number, this.#events.now)
      if (c.isRecovering[end] === 1) {
        if (number >= c.recover[end]!) {
          c.isRecovering[end] = 0
          c.congestionWindow[end] = c.threshold[end]!
        } else this.#repeatFirst(end)
      } else {
        const open = c.congestionWindow[end]!
        const more = open < c.threshold[end]! ? Math.min(number - before, 2 * size) : Math.max(1, Math.floor((size * size) / open))
        c.congestionWindow[end] = Math.min(MOST_UNDER_WAY, open + more)
      }
      c.timerAt[end] = 0
      if (c.highest[end]! > number) this.#setTimer(end)
    } else if (number === before && isBare && isSameWindow && c.highest[end]! > before) {
      const duplicates = Math.min(255, c.duplicateAcks[end]! + 1)
      c.duplicateAcks[end] = duplicates
      if (c.isRecovering[end] === 1) c.congestionWindow[end] = Math.min(MOST_UNDER_WAY, c.congestionWindow[end]! + size)
      else if (duplicates === THREE && number > c.recover[end]!) {
        c.threshold[end] = Math.max(2 * size, (c.highest[end]! - before) >> 1)
        c.congestionWindow[end] = c.threshold[end]! + THREE * size
        c.isRecovering[end] = 1
        c.recover[end] = c.highest[end]!
        this.#repeatFirst(end)
      }
    } else if (window > 0 && !isSameWindow && c.highest[end] === before) {
      // It was closed, and the next probe is not waited for.
      c.timerAt[end] = 0
      c.backoffs[end] = 0
    }
  }

  /** The timer's event. It is not taken back when the time changes, but finds out here that it came too early, or that another one takes its place. */
  timer(end: number): void {
    const c = this.#connections
    if (c.timerEvent[end] !== this.#events.now) return
    c.timerEvent[end] = 0
    const at = c.timerAt[end]!
    if (at === 0) return
    if (at > this.#events.now) {
      this.#wake(end, at)
      return
    }
    c.timerAt[end] = 0
    const isOpening = c.state[end] !== ESTABLISHED
    if (c.state[end] === CLOSED || (isOpening && !this.#isPatient) || c.backoffs[end]! >= MOST_BACKOFFS) {
      this.stop(end)
      return
    }
    c.backoffs[end]! += 1
    c.timed[end] = 0
    if (isOpening) this.repeat(end)
    else if (c.highest[end]! > c.unacknowledged[end]!) {
      const size = c.segmentSize[end]!
      c.threshold[end] = Math.max(2 * size, (c.highest[end]! - c.unacknowledged[end]!) >> 1)
      c.congestionWindow[end] = size
      c.isRecovering[end] = 0
      c.duplicateAcks[end] = 0
      c.recover[end] = c.highest[end]!
      c.next[end] = c.unacknowledged[end]!
      this.pump(end)
    } else if (c.peerWindow[end] === 0 && c.written[end]! > c.next[end]!) this.transmit(end, c.next[end]!, 1, ACK, WINDOW_PROBE)
    else return
    c.timeout[end] = Math.min(MOST_TIMEOUT_NS, c.timeout[end]! * 2)
    this.#setTimer(end)
  }

  /** The event of an acknowledgment that was put off. */
  ackTimer(end: number): void {
    const c = this.#connections
    c.isAckSet[end] = 0
    const at = c.ackAt[end]!
    if (at === 0) return
    if (at > this.#events.now) {
      c.isAckSet[end] = 1
      this.#later(DELAYED_ACK, end, at)
    } else this.acknowledge(end)
  }

  /** Makes a segment and gives it to the path. Whatever it is, it acknowledges all that came. */
  transmit(end: number, sequence: number, length: number, flags: number, mark: number): void {
    const events = this.#events
    const c = this.#connections
    const { lastSent, nsPerByte, identification } = this.#flows
    const flow = end >> 1
    const event = events.add(AT_TAP, flow, end & 1)
    events.mark[event] = mark
    events.sequence[event] = sequence
    events.acknowledged[event] = c.received[end]!
    events.payloadLength[event] = length
    events.flags[event] = flags
    const isSyn = (flags & SYN) !== 0
    events.window[event] = (flags & RST) === 0 ? c.offer(end, isSyn ? 0 : c.windowShift[end]!) : 0
    events.timestamp[event] = Math.floor(events.now / TICK_NS) + c.clockOffset[end]!
    events.timestampEcho[event] = c.recentTimestamp[end]!
    if (c.rangeCount[end]! > 0 && !isSyn) this.#addSack(end, event)
    events.identification[event] = identification[end]!++
    c.unanswered[end] = 0
    c.ackAt[end] = 0
    const departure = Math.max(events.now, lastSent[end]!)
    lastSent[end] = departure + Math.floor((length + HEADERS_LENGTH) * nsPerByte[end]!)
    this.#path.enter(event, departure)
  }

  #send(end: number, sequence: number, length: number, flags: number, next: number): void {
    const c = this.#connections
    const isNew = sequence >= c.highest[end]!
    this.transmit(end, sequence, length, flags, isNew ? 0 : RETRANSMISSION)
    c.next[end] = next
    if (next > c.highest[end]!) c.highest[end] = next
    if (isNew && c.timed[end] === 0) startTiming(c, end, next, this.#events.now)
  }

  #repeatFirst(end: number): void {
    const c = this.#connections
    const first = c.unacknowledged[end]!
    const written = c.written[end]!
    const length = Math.min(c.payloadRoom(end), written - first)
    c.timed[end] = 0
    if (length > 0) this.transmit(end, first, length, ACK | (first + length === written ? PSH : 0), RETRANSMISSION)
    else if (c.isClosing[end] === 1) this.transmit(end, written, 0, FIN | ACK, RETRANSMISSION)
  }

  #addSack(end: number, event: number): void {
    const { sack, sackBlocks } = this.#events
    const { ranges, rangeCount } = this.#connections
    const count = Math.min(rangeCount[end]!, MOST_SACK_BLOCKS)
    sackBlocks[event] = count
    for (let index = 0; index < count * 2; index++) sack[event * SACK_NUMBERS + index] = ranges[end * MOST_RANGES * 2 + index]!
  }

  #setTimer(end: number): void {
    const c = this.#connections
    const at = this.#events.now + c.timeout[end]!
    c.timerAt[end] = at
    if (c.timerEvent[end] === 0 || at < c.timerEvent[end]!) this.#wake(end, at)
  }

  #wake(end: number, time: number): void {
    this.#connections.timerEvent[end] = time
    this.#later(TIMER, end, time)
  }

  #later(kind: number, end: number, time: number): void {
    const event = this.#events.add(kind, end >> 1, end & 1)
    this.#flows.pending[end >> 1]! += 1
    this.#events.schedule(event, time)
  }
}
