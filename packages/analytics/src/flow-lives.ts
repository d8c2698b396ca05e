import type { FlowEnd } from '@geneve-telemetry/core'
import type { PacketView } from '@geneve-telemetry/core/wire'
import { LIFE, ROW, ROW_FLOATS, TRAITS } from './flow-layout.ts'
import { connectionState, isOver, STATE_BITS } from './flow-state.ts'
import type { FlowStore } from './flow-store.ts'
import type { FlowTimeouts } from './flow-timeouts.ts'
import { FlowTimers } from './flow-timers.ts'
import type { Slab } from './slab.ts'

const { ROW_SHIFT, STATE } = ROW
const { FLOAT_SHIFT, LAST_SECONDS } = ROW_FLOATS
const { LIFE_SHIFT, PART, BASE_OF_SIDE } = LIFE
const { BASE } = STATE_BITS
const TCP = 6
/** |  Source and Destination Port 4  |  Sequence Number 4  |  Acknowledgment Number 4  |  RFC 9293, 3.1 */
const SEQUENCE = 4
const ACKNOWLEDGMENT = 8
const SYN_FLAG = 0x02
const ACK_FLAG = 0x10

/** How long flows live: which are over, which part of each is counted, and what makes a new one of the same ends. */
export class FlowLives {
  readonly timers: FlowTimers
  readonly #timeouts: Required<FlowTimeouts>
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #lives: Int32Array

  constructor(store: FlowStore, maxFlows: number, timeouts: Required<FlowTimeouts>, slab: Slab) {
    this.#timeouts = timeouts
    this.#words = store.words
    this.#floats = store.floats
    this.#lives = store.lives
    this.timers = new FlowTimers(maxFlows, slab)
  }

  /** Begins the life of the row's flow with its first packet; `now` is the latest second so far. */
  begin(row: number, packet: PacketView, now: number): void {
    const at = row << LIFE_SHIFT
    this.#lives[at + PART] = 0
    if (packet.protocol === TCP && packet.tcpFlags >= 0) this.#learnBase(row, 0, packet)
    this.timers.set(row, Math.max(this.endSecond(row), now + 1))
  }

  /** The flow's first packet from side B has come, or a flag that its side had not sent yet. */
  change(row: number, side: number, packet: PacketView, before: number, now: number): void {
    const state = this.#words[(row << ROW_SHIFT) + STATE]!
    if (packet.protocol === TCP && packet.tcpFlags >= 0) this.#learnBase(row, side, packet)
    if (isOver(state) && !isOver(before)) {
      this.timers.remove(row)
      this.timers.set(row, Math.max(packet.seconds + this.#timeouts.closedSeconds + 1, now + 1))
    }
  }

  /** The second in which the flow is over if no packet comes before. */
  endSecond(row: number): number {
    const { tcpIdleSeconds, idleSeconds, closedSeconds } = this.#timeouts
    const last = this.#floats[(row << FLOAT_SHIFT) + LAST_SECONDS]!
    const at = row << ROW_SHIFT
    if ((this.#words[at + ROW.TRAITS]! & TRAITS.PROTOCOL_MASK) !== TCP) return last + idleSeconds + 1
    return last + (isOver(this.#words[at + STATE]!) ? closedSeconds : tcpIdleSeconds) + 1
  }

  /** Time goes on from one second to another: what is over by then ends. */
  goOn(before: number, now: number, end: (row: number) => void): void {
    const { timers } = this
    for (let second = FlowTimers.firstOf(before, now); second <= now; second++) {
      for (let row = timers.first(second); row !== 0; ) {
        const after = timers.after(row)
        const endSecond = this.endSecond(row)
        if (endSecond <= now) {
          end(row)
        } else {
          timers.remove(row)
          timers.set(row, endSecond)
        }
        row = after
      }
    }
  }

  /** Why a flow ends that would end for this reason, had its connection not ended before. */
  reasonOf(row: number, reason: FlowEnd): FlowEnd {
    const at = row << ROW_SHIFT
    const state = this.#words[at + STATE]!
    if ((this.#words[at + ROW.TRAITS]! & TRAITS.PROTOCOL_MASK) !== TCP || !isOver(state)) return reason
    return connectionState(state) === 'closed' ? 'fin' : 'rst'
  }

  /** Begins the flow's next part. */
  nextPart(row: number): void {
    const at = (row << LIFE_SHIFT) + PART
    this.#lives[at] = this.#lives[at]! + 1
  }

  /**
   * Whether a SYN without ACK begins a new connection of the ends whose flow this is: it does unless its sequence number is that with which its side is known
   * to have begun.
   */
  isNewConnection(row: number, side: number, { view, transport }: PacketView): boolean {
    if ((this.#words[(row << ROW_SHIFT) + STATE]! & (BASE << side)) === 0) return false
    return this.#lives[(row << LIFE_SHIFT) + BASE_OF_SIDE + side] !== view.getInt32(transport + SEQUENCE)
  }

  /** A side begins one before its first byte, which is the number of its SYN; what it acknowledges tells of the other side. */
  #learnBase(row: number, side: number, { view, transport, tcpFlags }: PacketView): void {
    const at = (row << LIFE_SHIFT) + BASE_OF_SIDE
    const stateAt = (row << ROW_SHIFT) + STATE
    const isSyn = (tcpFlags & SYN_FLAG) !== 0
    if ((this.#words[stateAt]! & (BASE << side)) === 0) {
      this.#lives[at + side] = view.getInt32(transport + SEQUENCE) - (isSyn ? 0 : 1)
      this.#words[stateAt] = this.#words[stateAt]! | (BASE << side)
    }
    const other = 1 - side
    if ((tcpFlags & ACK_FLAG) === 0 || (this.#words[stateAt]! & (BASE << other)) !== 0) return
    this.#lives[at + other] = view.getInt32(transport + ACKNOWLEDGMENT) - 1
    this.#words[stateAt] = this.#words[stateAt]! | (BASE << other)
  }
}
