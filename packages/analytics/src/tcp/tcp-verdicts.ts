import type { Analyzer, FlowEnd, FlowView } from '@geneve-telemetry/core'
import { type PacketView, readTcpSegment, TcpSegment } from '@geneve-telemetry/core/wire'
import { Slab } from '../slab.ts'
import { nanosBetween } from './time.ts'
import { UnackedSegments } from './unacked-segments.ts'
import { VERDICT } from './verdict.ts'
import { SCALE, SIDE, SIDE_FLAGS } from './verdict-layout.ts'
import { VerdictRules } from './verdict-rules.ts'

const { BASE, NEXT, NEXT_SECONDS, NEXT_NANOS, CONTIGUOUS, LAST_ACK, LAST_SECONDS, LAST_NANOS, WINDOW, LAST_VERDICTS } = SIDE
const { REPEATS, FLAGS, SACKED, COUNT, LOWEST, HIGHEST, SYN_SECONDS, SYN_NANOS, INITIAL_RTT, SIDE_WORDS } = SIDE
const SHIFT = SIDE.SCALE
const { BASE_KNOWN, IN_HANDSHAKE, FLIGHT_KNOWN, SYN_SEEN } = SIDE_FLAGS
const { UNKNOWN, NONE } = SCALE
const { KEEP_ALIVE, ZERO_WINDOW_PROBE, REUSED_PORTS } = VERDICT

const FIN = 0x01
const SYN = 0x02
const ACK = 0x10
const ROW_WORDS = SIDE_WORDS * 2

/** RFC 7323, 2.3 */
const LARGEST_SHIFT = 14
/** tshark looks at no more. */
const SACK_BLOCKS = 3
const MOST_IN_FLIGHT = 2_000_000_000
const DEFAULT_MAX_FLOWS = 262_144
const DEFAULT_MAX_SEGMENTS = 1_048_576

export interface TcpVerdictsOptions {
  /** As the flow table's; 262,144 if not given. Each takes 192 bytes, which become memory as they are used. */
  readonly maxFlows?: number
  /** Segments that wait for their acknowledgements, 1,048,576 if not given, of 20 bytes each. Beyond them, acknowledgements have no times. */
  readonly maxSegments?: number
}

/**
 * What tshark 4 says of each TCP packet, by its rules exactly, of what a flow table takes for one connection. All of it is of the packet that was shown last,
 * and reads as 0 where there is nothing to say.
 */
export class TcpVerdicts implements Analyzer {
  readonly name = 'tcp-verdicts'
  /** Whether it was a whole TCP segment of a flow. */
  isJudged = false
  /** Bits of VERDICT. */
  verdicts = 0
  /** From the segment that the packet acknowledges to the packet; negative where time went backwards. */
  ackRttNanos = 0
  /** From the SYN to the first acknowledgement that is none; only of packets of which there is something else to say. */
  initialRttNanos = 0
  /** Bytes of its sender that were not acknowledged, this packet's among them. */
  bytesInFlight = 0
  readonly #segment = new TcpSegment()
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #unacked: UnackedSegments
  readonly #rules: VerdictRules

  constructor({ maxFlows = DEFAULT_MAX_FLOWS, maxSegments = DEFAULT_MAX_SEGMENTS }: TcpVerdictsOptions = {}) {
    if (!Number.isInteger(maxSegments) || maxSegments < 1 || maxSegments > 2 ** 24)
      throw new RangeError(`maxSegments: ${maxSegments} is not a number of segments from 1 to ${2 ** 24}`)
    this.#words = new Slab(ROW_WORDS * (maxFlows + 1)).ints(ROW_WORDS * (maxFlows + 1))
    this.#floats = new Float64Array(this.#words.buffer)
    this.#unacked = new UnackedSegments(this.#words, maxSegments)
    this.#rules = new VerdictRules(this.#words)
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    this.isJudged = false
    this.verdicts = 0
    this.ackRttNanos = 0
    this.initialRttNanos = 0
    this.bytesInFlight = 0
    if (flow === undefined) return
    const row = flow.row * ROW_WORDS
    // A row's lists are empty by then: `flow` has seen to it.
    if (flow.isNew) this.#begin(row)
    // A fragment's segment goes on elsewhere, so that its length is not known.
    if (packet.payloadLength < 0 || packet.fragment !== 0 || !readTcpSegment(packet, this.#segment)) return
    this.isJudged = true
    const me = row + flow.side * SIDE_WORDS
    this.#judge(row, me, row + (1 - flow.side) * SIDE_WORDS, packet, flow.isReuse)
  }

  flow({ row }: FlowView, reason: FlowEnd): void {
    if (reason === 'active-timeout') return
    this.#unacked.clear(row * ROW_WORDS)
    this.#unacked.clear(row * ROW_WORDS + SIDE_WORDS)
  }

  advance(): void {}

  finish(): void {}

  #begin(row: number): void {
    const words = this.#words
    words.fill(0, row, row + ROW_WORDS)
    for (let side = row; side < row + ROW_WORDS; side += SIDE_WORDS) {
      words[side + SHIFT] = UNKNOWN
      words[side + WINDOW] = -1
      words[side + FLAGS] = FLIGHT_KNOWN
    }
  }

  #judge(row: number, me: number, peer: number, packet: PacketView, isReuse: boolean): void {
    const words = this.#words
    const { seconds, nanos, tcpFlags: flags, payloadLength: length } = packet
    const segment = this.#segment
    const rules = this.#rules
    const sequence = segment.sequence | 0
    const acknowledgement = segment.acknowledgement | 0
    const isSyn = (flags & SYN) !== 0
    const isAck = (flags & ACK) !== 0
    let verdicts = isReuse ? REUSED_PORTS : 0
    rules.hasEntry = false
    words[me + SACKED] = 0
    if ((words[me + FLAGS]! & BASE_KNOWN) === 0) this.#setBase(me, isSyn ? sequence : sequence - 1)
    else if (isSyn) verdicts |= this.#beginAgain(me, sequence, isAck)
    if (isAck) {
      if ((words[peer + FLAGS]! & BASE_KNOWN) === 0) this.#setBase(peer, acknowledgement - 1)
      words[peer + FLAGS] = words[peer + FLAGS]! | FLIGHT_KNOWN
    }

    verdicts |= rules.window(me, peer, sequence, acknowledgement, length, flags, segment.window)
    if (acknowledgement !== words[me + LAST_ACK]!) words[me + REPEATS] = 0
    if (isAck) verdicts |= rules.unseen(peer, acknowledgement)
    const end = (sequence + length) | 0
    const phantom = (flags & (SYN | FIN)) !== 0 ? 1 : 0
    if ((length > 0 || phantom !== 0) && (verdicts & KEEP_ALIVE) === 0)
      verdicts |= rules.again(me, peer, sequence, end, length, phantom, seconds, nanos, this.#floats[(row + INITIAL_RTT) >> 1]!)

    this.#note(me, sequence, end, length, phantom, verdicts, seconds, nanos)
    words[me + WINDOW] = segment.window
    words[me + LAST_ACK] = acknowledgement
    words[me + LAST_SECONDS] = seconds
    words[me + LAST_NANOS] = nanos
    words[me + LAST_VERDICTS] = verdicts
    const unacked = this.#unacked
    const isFound = unacked.acknowledge(peer, acknowledgement)
    if (isFound) this.ackRttNanos = nanosBetween(seconds, nanos, unacked.foundSeconds, unacked.foundNanos)
    if (length > 0) this.bytesInFlight = this.#inFlight(me, peer, phantom)
    this.#shake(row, me, isSyn, isAck, seconds, nanos)
    this.#readOptions(me, peer, isSyn, isAck)
    this.verdicts = verdicts
    if (rules.hasEntry || verdicts !== 0 || isFound || this.bytesInFlight !== 0)
      this.initialRttNanos = this.#floats[(row + INITIAL_RTT) >> 1]!
  }

  /** A SYN of a side that has begun before: it sends from there again, or has begun anew with a SYN/ACK. With a SYN alone it would be another flow. */
  #beginAgain(me: number, sequence: number, isAck: boolean): number {
    const words = this.#words
    if (!isAck) words[me + NEXT] = words[me + CONTIGUOUS]!
    if (!isAck || sequence === words[me + BASE]!) return 0
    this.#setBase(me, sequence)
    return REUSED_PORTS
  }

  #setBase(side: number, sequence: number): void {
    const words = this.#words
    words[side + BASE] = sequence
    words[side + FLAGS] = words[side + FLAGS]! | BASE_KNOWN
    this.#unacked.reorder(side)
  }

  /** What was sent, up to where. */
  #note(
    me: number,
    sequence: number,
    end: number,
    length: number,
    phantom: number,
    verdicts: number,
    seconds: number,
    nanos: number,
  ): void {
    const words = this.#words
    let after = end
    if ((length > 0 || phantom !== 0) && !this.#unacked.isFull(me)) {
      after = (end + phantom) | 0
      this.#unacked.add(me, sequence, after, seconds, nanos)
    }
    if ((verdicts & ZERO_WINDOW_PROBE) !== 0) return
    const next = words[me + NEXT]!
    if (next === 0 || ((next - after) | 0) < 0) {
      words[me + NEXT] = after
      words[me + NEXT_SECONDS] = seconds
      words[me + NEXT_NANOS] = nanos
    }
    const contiguous = words[me + CONTIGUOUS]!
    if (contiguous === 0 || contiguous === sequence) words[me + CONTIGUOUS] = words[me + NEXT]!
  }

  #inFlight(me: number, peer: number, phantom: number): number {
    const words = this.#words
    if ((words[me + FLAGS]! & FLIGHT_KNOWN) === 0 || words[me + COUNT] === 0) return 0
    this.#rules.hasEntry = true
    const bytes = (words[me + HIGHEST]! - words[me + LOWEST]! - words[peer + SACKED]!) >>> 0
    return bytes > 0 && bytes < MOST_IN_FLIGHT ? bytes - phantom : 0
  }

  #shake(row: number, me: number, isSyn: boolean, isAck: boolean, seconds: number, nanos: number): void {
    const words = this.#words
    if (isSyn) {
      words[me + FLAGS] = words[me + FLAGS]! | IN_HANDSHAKE
      if (isAck) return
      words[row + SYN_SECONDS] = seconds
      words[row + SYN_NANOS] = nanos
      words[row + FLAGS] = words[row + FLAGS]! | SYN_SEEN
    } else if (isAck) {
      words[me + FLAGS] = words[me + FLAGS]! & ~IN_HANDSHAKE
      const initialRtt = (row + INITIAL_RTT) >> 1
      if ((words[row + FLAGS]! & SYN_SEEN) !== 0 && this.#floats[initialRtt] === 0)
        this.#floats[initialRtt] = nanosBetween(seconds, nanos, words[row + SYN_SECONDS]!, words[row + SYN_NANOS]!)
    }
  }

  /** Only after the packet was judged, as tshark does. */
  #readOptions(me: number, peer: number, isSyn: boolean, isAck: boolean): void {
    const words = this.#words
    const { windowScale, sack, sackBlocks } = this.#segment
    if (windowScale >= 0) words[me + SHIFT] = Math.min(windowScale, LARGEST_SHIFT)
    let sacked = 0
    for (let block = 0; block < sackBlocks && block < SACK_BLOCKS; block++) sacked = (sacked + sack[block * 2 + 1]! - sack[block * 2]!) | 0
    words[me + SACKED] = sacked
    if (!isSyn) return
    if (words[me + SHIFT] === UNKNOWN) {
      words[me + SHIFT] = NONE
      words[peer + SHIFT] = NONE
    } else if (isAck && words[peer + SHIFT] === NONE) {
      words[me + SHIFT] = NONE
    }
  }
}
