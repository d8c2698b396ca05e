import type { Events } from '../events.ts'
import type { Flows } from '../flows.ts'
import { KEEPALIVE, WINDOW_PROBE } from '../mark.ts'
import type { Application } from './application.ts'
import { ACK, CLOSED, type Connections, ESTABLISHED, FIN, LISTENING, RST, SYN, SYN_RECEIVED, SYN_SENT } from './connections.ts'
import { insertRange, takeRanges } from './ranges.ts'
import type { Sender } from './sender.ts'

/** Segments that an acknowledgment may cover at most before it goes out (RFC 9293, 3.8.6.3). */
const EVERY_SECOND = 2

/** What an end of a TCP connection does with a segment that arrives. */
export class Receiver {
  readonly #events: Events
  readonly #flows: Flows
  readonly #connections: Connections
  readonly #sender: Sender
  readonly #application: Application

  constructor(events: Events, flows: Flows, connections: Connections, sender: Sender, application: Application) {
    this.#events = events
    this.#flows = flows
    this.#connections = connections
    this.#sender = sender
    this.#application = application
  }

  /** The packet of the event arrived at the other side. */
  take(event: number): void {
    const c = this.#connections
    const end = (this.#events.flow[event]! * 2 + this.#events.side[event]!) ^ 1
    const flags = this.#events.flags[event]!
    const state = c.state[end]!
    if (state === CLOSED) return
    if ((flags & RST) !== 0) {
      this.#sender.stop(end)
      return
    }
    if ((flags & SYN) !== 0) {
      this.#open(event, end, state, flags)
      return
    }
    if (state === LISTENING || state === SYN_SENT) return
    if (state === SYN_RECEIVED) {
      if (this.#events.acknowledged[event]! < 1) return
      c.state[end] = ESTABLISHED
      // A server that refuses to remember half-open connections has no timer for them (SYN cookies); all others stop it with this.
    }
    if (this.#events.sequence[event]! <= c.received[end]!) c.recentTimestamp[end] = this.#events.timestamp[event]!
    const length = this.#events.payloadLength[event]!
    const isBare = length === 0 && (flags & FIN) === 0
    const window = this.#events.window[event]! << c.windowShift[end ^ 1]!
    this.#sender.acknowledged(end, this.#events.acknowledged[event]!, window, isBare)
    const mark = this.#events.mark[event]!
    // What is left of a window beyond its last whole unit is not offered: a probe does not slip in there.
    if ((mark & WINDOW_PROBE) !== 0 && c.offer(end, c.windowShift[end]!) === 0) this.#sender.acknowledge(end)
    else if (!isBare) this.#accept(end, this.#events.sequence[event]!, length, (flags & FIN) !== 0)
    else if ((mark & KEEPALIVE) !== 0) this.#sender.acknowledge(end)
    if (c.state[end] !== CLOSED) {
      this.#application.progress(end)
      this.#sender.pump(end)
    }
  }

  #open(event: number, end: number, state: number, flags: number): void {
    const c = this.#connections
    if ((flags & ACK) === 0) {
      if (state === SYN_RECEIVED) this.#sender.repeat(end)
      else if (state === ESTABLISHED) this.#sender.acknowledge(end)
      if (state !== LISTENING) return
      c.received[end] = 1
      c.recentTimestamp[end] = this.#events.timestamp[event]!
      if (this.#application.refuses(end >> 1)) this.#sender.refuse(end)
      else this.#sender.accept(end)
      return
    }
    if (state !== SYN_SENT) {
      this.#sender.acknowledge(end)
      return
    }
    c.received[end] = 1
    c.state[end] = ESTABLISHED
    c.recentTimestamp[end] = this.#events.timestamp[event]!
    this.#sender.acknowledged(end, 1, this.#events.window[event]!, false)
    this.#application.connected(end)
    if (c.state[end] !== CLOSED) this.#sender.pump(end)
  }

  /** Takes in [sequence, sequence + length) and, behind it, a FIN, which counts as one more. */
  #accept(end: number, sequence: number, length: number, hasFin: boolean): void {
    const c = this.#connections
    const stop = sequence + length + (hasFin ? 1 : 0)
    const expected = c.received[end]!
    if (stop <= expected) {
      this.#flows.spurious[end ^ 1]! += 1
      this.#sender.acknowledge(end)
      return
    }
    if (sequence + length > c.edge[end]!) {
      this.#sender.acknowledge(end)
      return
    }
    if (hasFin) c.lastNumber[end] = sequence + length
    if (sequence > expected) {
      if (!insertRange(c, end, sequence, stop)) this.#flows.spurious[end ^ 1]! += 1
      this.#sender.acknowledge(end)
      return
    }
    const hadGap = c.rangeCount[end]! > 0
    c.received[end] = hadGap ? takeRanges(c, end, stop) : stop
    c.unanswered[end]! += 1
    const isFinished = c.lastNumber[end]! > 0 && c.received[end]! > c.lastNumber[end]!
    if (hadGap || isFinished || c.unanswered[end]! >= EVERY_SECOND) this.#sender.acknowledge(end)
    else this.#sender.acknowledgeLater(end)
  }
}
