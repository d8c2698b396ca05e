import type { Analyzer, FlowEnd, FlowView, TcpFigures } from '@geneve-telemetry/core'
import { type PacketView, readTcpSegment, TcpSegment } from '@geneve-telemetry/core/wire'
import { HistogramRows } from '../histogram-rows.ts'
import { Slab } from '../slab.ts'
import { COUNTERS, FIGURE_FLAGS, FIGURE_FLOATS, FIGURES } from './figures-layout.ts'
import { readFigures } from './figures-reader.ts'
import { SentTimes } from './sent-times.ts'
import { TcpData } from './tcp-data.ts'
import { TcpHandshake } from './tcp-handshake.ts'
import { nanosBetween } from './time.ts'

const { NEXT, LAST_SECONDS, LAST_NANOS, ACKED, REPEATS, WINDOW, SHIFT, FLAGS, UNTIMED } = FIGURES
const { AGAIN_END, AGAIN_SECONDS, AGAIN_NANOS, AGAIN_TIMESTAMP, ROUND_TRIPS, SIDE_WORDS, PATH_ROUND_TRIPS, ROW_WORDS } = FIGURES
const { NEXT_KNOWN, ACKED_KNOWN, SCALED, HAS_WINDOW, IS_UNTIMED, HAS_AGAIN, SACKS, HAS_ROUND_TRIP } = FIGURE_FLAGS
const { ROW_FLOATS, LATENCIES, LAST_ROUND_TRIP, VARIATION, LATENCIES_OF_SIDE, HANDSHAKES } = FIGURE_FLOATS
const COUNTED = FIGURE_FLOATS.COUNTERS
const { DUPLICATE_SACKS, DUPLICATE_ACKS, ZERO_WINDOWS, RESETS, COUNTERS_OF_SIDE } = COUNTERS

const TCP = 6
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10
const LARGEST_STEP = 2 ** 30
const DEFAULTS = { maxFlows: 262_144, maxSegments: 1_048_576, maxHistograms: 65_536, largestPacket: 1432 } as const

export interface TcpFlowsOptions {
  /** As the flow table's; 262,144 if not given. A TCP connection takes 656 bytes, which become memory as they are used. */
  readonly maxFlows?: number
  /** Segments that wait for their acknowledgements, 1,048,576 if not given, of 20 bytes each. Beyond them there are no round trips. */
  readonly maxSegments?: number
  /** Distributions at a time, 65,536 if not given, of 688 bytes each: up to three of a connection. Beyond them there are no round trips. */
  readonly maxHistograms?: number
  /** Inner packets of more bytes do not fit a path of 1,500 with the 68 that a tunnel with three options adds; 1,432 if not given. */
  readonly largestPacket?: number
}

/**
 * What the TCP connections of a flow table tell of the network: round trips through either end, what was sent again and why, windows. By rules of its own,
 * which say what happened where tshark's, for being simple, do not.
 */
export class TcpFlows implements Analyzer {
  readonly name = 'tcp'
  readonly #segment = new TcpSegment()
  /** The connection's number by row of the flow table, 0 = it has none. */
  readonly #ofRow: Int32Array
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #times: SentTimes
  readonly #histograms: HistogramRows
  readonly #handshake: TcpHandshake
  readonly #data: TcpData
  /** Connections up to here are or were used; those given back, the last one first. */
  #used = 0
  readonly #free: Int32Array
  #freed = 0

  constructor(options: TcpFlowsOptions = {}) {
    const { maxFlows, maxSegments, maxHistograms, largestPacket } = { ...DEFAULTS, ...options }
    for (const [name, value] of Object.entries({ maxFlows, maxSegments, maxHistograms })) {
      if (!Number.isInteger(value) || value < 1 || value > 2 ** 24)
        throw new RangeError(`${name}: ${value} is not a number from 1 to ${2 ** 24}`)
    }
    if (!Number.isInteger(largestPacket) || largestPacket < 1)
      throw new RangeError(`largestPacket: ${largestPacket} is not a number of bytes`)
    const slab = new Slab((ROW_WORDS + 2) * (maxFlows + 1))
    this.#words = slab.ints(ROW_WORDS * (maxFlows + 1))
    this.#floats = new Float64Array(this.#words.buffer, 0, ROW_FLOATS * (maxFlows + 1))
    this.#ofRow = slab.ints(maxFlows + 1)
    this.#free = slab.ints(maxFlows + 1)
    this.#times = new SentTimes(this.#words, maxSegments)
    this.#histograms = new HistogramRows(maxHistograms)
    this.#handshake = new TcpHandshake(this.#words, this.#floats)
    this.#data = new TcpData(this.#words, this.#floats, this.#times, largestPacket)
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    if (flow === undefined || packet.protocol !== TCP) return
    // Of a fragment the length of its segment is not known.
    if (packet.payloadLength < 0 || packet.fragment !== 0 || !readTcpSegment(packet, this.#segment)) return
    let connection = this.#ofRow[flow.row]!
    if (connection === 0) connection = this.#open(flow.row)
    this.#take(packet, connection, flow.side)
  }

  /** What is known of the connection of a row and was not given up yet; `initiator` is its side. */
  figures(row: number, initiator: 0 | 1): TcpFigures | undefined {
    const connection = this.#ofRow[row]!
    return connection === 0 ? undefined : readFigures(this.#words, this.#floats, this.#histograms, connection, initiator)
  }

  flow({ row }: FlowView, reason: FlowEnd): void {
    const connection = this.#ofRow[row]!
    if (connection === 0) return
    const at = connection * ROW_WORDS
    this.#giveUp(at + ROUND_TRIPS)
    this.#giveUp(at + SIDE_WORDS + ROUND_TRIPS)
    this.#giveUp(at + PATH_ROUND_TRIPS)
    if (reason === 'active-timeout') {
      const floats = connection * ROW_FLOATS
      this.#floats.fill(0, floats + HANDSHAKES, floats + ROW_FLOATS)
      return
    }
    this.#times.clear(at)
    this.#times.clear(at + SIDE_WORDS)
    this.#ofRow[row] = 0
    this.#free[this.#freed++] = connection
  }

  advance(): void {}

  finish(): void {}

  #open(row: number): number {
    const connection = this.#freed > 0 ? this.#free[--this.#freed]! : ++this.#used
    const at = connection * ROW_WORDS
    this.#words.fill(0, at, at + ROW_WORDS)
    this.#words[at + SHIFT] = -1
    this.#words[at + SIDE_WORDS + SHIFT] = -1
    this.#ofRow[row] = connection
    return connection
  }

  #giveUp(word: number): void {
    const histogram = this.#words[word]!
    if (histogram !== 0) this.#histograms.giveBack(histogram)
    this.#words[word] = 0
  }

  #take(packet: PacketView, connection: number, side: 0 | 1): void {
    const words = this.#words
    const segment = this.#segment
    const flags = packet.tcpFlags
    const row = connection * ROW_WORDS
    const me = row + side * SIDE_WORDS
    const peer = row + (1 - side) * SIDE_WORDS
    const counters = connection * ROW_FLOATS + COUNTED + side * COUNTERS_OF_SIDE
    const handshakes = connection * ROW_FLOATS + HANDSHAKES
    if ((flags & RST) !== 0) {
      // Its numbers may be anybody's guess: nothing is learned from them.
      this.#floats[counters + RESETS] = this.#floats[counters + RESETS]! + 1
    } else if ((flags & SYN) !== 0) {
      this.#handshake.begin(packet, segment, row, me, counters, handshakes)
    } else {
      if ((flags & ACK) !== 0) {
        this.#handshake.end(packet, segment, row, me, peer, handshakes)
        this.#acknowledge(packet, connection, side, me, peer, counters)
      }
      this.#data.take(packet, segment, me, peer, counters)
    }
    words[me + LAST_SECONDS] = packet.seconds
    words[me + LAST_NANOS] = packet.nanos
  }

  #acknowledge(packet: PacketView, connection: number, side: 0 | 1, me: number, peer: number, counters: number): void {
    const words = this.#words
    const segment = this.#segment
    const acknowledgement = segment.acknowledgement | 0
    const flags = words[me + FLAGS]!
    const window = segment.window << Math.max((flags & SCALED) === 0 ? 0 : words[me + SHIFT]!, 0)
    const hadWindow = (flags & HAS_WINDOW) !== 0
    const isSameWindow = hadWindow && words[me + WINDOW] === window
    if (window === 0 && !(hadWindow && isSameWindow)) this.#floats[counters + ZERO_WINDOWS] = this.#floats[counters + ZERO_WINDOWS]! + 1
    words[me + WINDOW] = window
    words[me + FLAGS] = flags | HAS_WINDOW | ACKED_KNOWN
    const step = (acknowledgement - words[me + ACKED]!) | 0
    if ((flags & ACKED_KNOWN) === 0 || (step > 0 && step < LARGEST_STEP)) {
      words[me + ACKED] = acknowledgement
      words[me + REPEATS] = 0
      this.#data.acknowledge(peer, acknowledgement, connection * ROW_FLOATS + COUNTED + (1 - side) * COUNTERS_OF_SIDE)
      this.#time(packet, connection, side, peer, acknowledgement)
    } else if (step === 0 && packet.payloadLength === 0 && (packet.tcpFlags & FIN) === 0 && isSameWindow) {
      const isOutstanding = (words[peer + FLAGS]! & NEXT_KNOWN) !== 0 && ((words[peer + NEXT]! - acknowledgement) | 0) > 0
      if (isOutstanding) {
        words[me + REPEATS] = words[me + REPEATS]! + 1
        this.#floats[counters + DUPLICATE_ACKS] = this.#floats[counters + DUPLICATE_ACKS]! + 1
      }
    }
    this.#readSack(connection, side, me, acknowledgement)
  }

  /** The first block is of what came twice if it is below what is acknowledged, or in the second one (RFC 2883, 4). */
  #readSack(connection: number, side: 0 | 1, me: number, acknowledgement: number): void {
    const words = this.#words
    const { sack, sackBlocks } = this.#segment
    let blocks = sackBlocks
    if (blocks > 0) {
      const left = sack[0]!
      const right = sack[1]!
      const isInSecond = blocks > 1 && ((left - sack[2]!) | 0) >= 0 && ((sack[3]! - right) | 0) >= 0
      if (((acknowledgement - right) | 0) >= 0 || isInSecond) {
        blocks--
        const twice = connection * ROW_FLOATS + COUNTED + (1 - side) * COUNTERS_OF_SIDE + DUPLICATE_SACKS
        this.#floats[twice] = this.#floats[twice]! + 1
      }
    }
    words[me + FLAGS] = blocks > 0 ? words[me + FLAGS]! | SACKS : words[me + FLAGS]! & ~SACKS
  }

  /** The round trip of the peer's data that is acknowledged, if there is one. */
  #time(packet: PacketView, connection: number, side: 0 | 1, peer: number, acknowledgement: number): void {
    const words = this.#words
    const flags = words[peer + FLAGS]!
    const { seconds, nanos } = packet
    const isTimed = this.#times.acknowledge(peer, acknowledgement, (flags & IS_UNTIMED) !== 0, words[peer + UNTIMED]!)
    if ((flags & IS_UNTIMED) !== 0 && ((acknowledgement - words[peer + UNTIMED]!) | 0) >= 0) words[peer + FLAGS] = flags & ~IS_UNTIMED
    if (isTimed) {
      this.#add(connection, side, peer, nanosBetween(seconds, nanos, this.#times.foundSeconds, this.#times.foundNanos))
    } else if ((flags & HAS_AGAIN) !== 0 && ((acknowledgement - words[peer + AGAIN_END]!) | 0) >= 0) {
      words[peer + FLAGS] = words[peer + FLAGS]! & ~HAS_AGAIN
      if (this.#segment.timestampEcho >= 0 && (this.#segment.timestampEcho | 0) === words[peer + AGAIN_TIMESTAMP]!)
        this.#add(connection, side, peer, nanosBetween(seconds, nanos, words[peer + AGAIN_SECONDS]!, words[peer + AGAIN_NANOS]!))
    }
  }

  /** A round trip through this side's end. Where time has gone back there is none. */
  #add(connection: number, side: 0 | 1, peer: number, nanos: number): void {
    if (nanos < 0) return
    const words = this.#words
    const floats = this.#floats
    const roundTrip = nanos / 1e9
    const latencies = connection * ROW_FLOATS + LATENCIES
    const mine = latencies + (1 - side) * LATENCIES_OF_SIDE
    if ((words[peer + FLAGS]! & HAS_ROUND_TRIP) !== 0) {
      const deviation = Math.abs(roundTrip - floats[mine + LAST_ROUND_TRIP]!)
      floats[mine + VARIATION] = floats[mine + VARIATION]! + (deviation - floats[mine + VARIATION]!) / 16
    }
    floats[mine + LAST_ROUND_TRIP] = roundTrip
    words[peer + FLAGS] = words[peer + FLAGS]! | HAS_ROUND_TRIP
    this.#addTo(peer + ROUND_TRIPS, roundTrip)
    const row = connection * ROW_WORDS
    if ((words[row + side * SIDE_WORDS + FLAGS]! & HAS_ROUND_TRIP) === 0) return
    this.#addTo(row + PATH_ROUND_TRIPS, roundTrip + floats[latencies + side * LATENCIES_OF_SIDE + LAST_ROUND_TRIP]!)
  }

  #addTo(word: number, roundTrip: number): void {
    const words = this.#words
    if (words[word] === 0) words[word] = this.#histograms.take()
    if (words[word] !== 0) this.#histograms.add(words[word]!, roundTrip)
  }
}
