import type { Emit, FlowEnd, Instant } from '@geneve-telemetry/core'
import { IS_GENEVE, type PacketView } from '@geneve-telemetry/core/wire'
import { CopyFinder, HAIRPIN_COPY, NO_COPY, TAP_COPY } from './copies.ts'
import { FlowAudience } from './flow-audience.ts'
import { FlowDirectory } from './flow-directory.ts'
import type { FlowFinder } from './flow-finder.ts'
import { ROW, ROW_FLOATS } from './flow-layout.ts'
import type { FlowCounts, FlowLedger } from './flow-ledger.ts'
import { FlowLives } from './flow-lives.ts'
import { FlowReader } from './flow-reader.ts'
import { FlowSampling } from './flow-sampling.ts'
import { STATE_BITS, stateAfter } from './flow-state.ts'
import { FlowStore } from './flow-store.ts'
import { checkedOptions, type FlowTableOptions } from './flow-table-options.ts'
import { FlowTally } from './flow-tally.ts'
import { FlowTeller } from './flow-teller.ts'
import { FlowTimers } from './flow-timers.ts'
import { InnerFragments, LEFT_OUT, NO_FRAGMENT } from './inner-fragments.ts'
import { Recency } from './recency.ts'
import { RowPool } from './row-pool.ts'
import { Slab } from './slab.ts'
import { weighing } from './weighed.ts'

const { ROW_SHIFT, VNI, STATE, EPOCH } = ROW
const { FLOAT_SHIFT, FIRST_SECONDS, COUNTERS, COUNTERS_OF_SIDE } = ROW_FLOATS
const { SEEN } = STATE_BITS
const SYN = 0x02
const SYN_ACK = 0x12
/** `PacketView.fragment`: offset 0, more to come. */
const FIRST_FRAGMENT = 1

/** Row, origin, addresses, life and what came back; recency; timers; free rows; nodes of the two indexes, and at most four heads in either. */
const WORDS_OF_FLOW = 32 + 8 + 20 + 4 + 8 + 2 + 2 + 1 + (4 + 4) + (2 + 4)

/** `FlowFinder.find` says so of a packet that can have no flow. */
const NO_FLOW = -2

/**
 * Finds each packet's flow, counts it there, and shows both to the analyzers. Bounded by `maxFlows`: when the table is full, the flow that was not used for
 * longest ends as `evicted`. All state is in flat arrays; a packet allocates nothing.
 */
export class FlowTable {
  readonly #audience: FlowAudience
  readonly #emit: Emit
  readonly #teller: FlowTeller
  readonly #store: FlowStore
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #reader: FlowReader
  readonly #directory: FlowDirectory
  readonly #finder: FlowFinder
  readonly #recency: Recency
  readonly #lives: FlowLives
  readonly #activeSeconds: number
  readonly #pool: RowPool
  /** Only where copies are not to be counted as packets. */
  readonly #copies: CopyFinder | undefined
  readonly #fragments: InnerFragments
  readonly #sampling: FlowSampling | undefined
  readonly #tally = new FlowTally()
  /** Whether the packet that was taken last is not in the sample. */
  leftOut = false
  /** The packet in hand began a new connection of ends that had one. */
  #isReuse = false
  /** The latest second of any frame so far. */
  #now = Number.NEGATIVE_INFINITY
  readonly #endIdle = (row: number): void => this.#endEarly(row, 'idle')
  /** The recency's, at hand for each packet. */
  #epoch = 0
  #opened = 0
  #evicted = 0
  /** Once the source has ended: the rows that have not ended yet, the first of them last. */
  #ending: number[] | undefined

  constructor(options: FlowTableOptions) {
    const { maxFlows, seed, timeouts, duplicates } = checkedOptions(options)
    const slab = new Slab(WORDS_OF_FLOW * (maxFlows + 2) + FlowTimers.EXTRA_WORDS)
    this.#store = new FlowStore(maxFlows, slab, duplicates === 'auto')
    this.#words = this.#store.words
    this.#floats = this.#store.floats
    this.#reader = new FlowReader(this.#store)
    this.#audience = new FlowAudience(options.analyzers ?? [], this.#reader)
    this.#fragments = new InnerFragments(this.#store)
    this.#sampling = options.sample === undefined ? undefined : new FlowSampling(options.sample, this.#fragments)
    this.#emit = this.#sampling === undefined ? options.emit : weighing(options.emit, this.#sampling.weight)
    this.#teller = new FlowTeller(this.#reader, options)
    this.#directory = new FlowDirectory(this.#store, maxFlows, seed | 0, slab)
    this.#finder = this.#directory.finder
    this.#recency = new Recency(maxFlows, slab)
    this.#lives = new FlowLives(this.#store, maxFlows, timeouts, slab)
    this.#activeSeconds = timeouts.activeSeconds
    this.#pool = new RowPool(maxFlows, slab)
    this.#copies = duplicates === 'count' ? undefined : new CopyFinder(maxFlows)
  }

  /** Takes the next frame, whatever it is; analyzers see all of them. */
  packet(packet: PacketView): void {
    if (packet.seconds > this.#now) this.#goOnTo(packet.seconds)
    if (packet.outcome !== IS_GENEVE) {
      this.leftOut = false
      if (!this.#audience.isEmpty) this.#audience.frame(packet)
      return
    }
    this.leftOut = this.#sampling?.leavesOut(packet, packet.fragment === FIRST_FRAGMENT) ?? false
    if (this.leftOut) return
    const found = this.#finder.find(packet)
    if (found >= 0) this.#take(found >> 1, found & 1, packet)
    else if (found === NO_FLOW) this.#leave(packet)
    else this.#begin(packet)
    if (packet.fragment === FIRST_FRAGMENT) this.#rememberFragment(packet)
  }

  #rememberFragment(packet: PacketView): void {
    const found = this.#finder.find(packet)
    if (found >= 0) this.#fragments.remember(packet, found >> 1, found & 1)
  }

  /** A packet of a flow that is known; it may be there a second time. */
  #take(row: number, side: number, packet: PacketView): void {
    if ((packet.tcpFlags & SYN_ACK) === SYN && this.#lives.isNewConnection(row, side, packet)) {
      this.#beginAnew(row, packet)
      return
    }
    const kind = this.#copies === undefined ? NO_COPY : this.#copies.kindOf(packet, row, side)
    if (kind === NO_COPY) this.#count(row, side, packet)
    else this.#countCopy(row, side, packet, kind)
  }

  #countCopy(row: number, side: number, packet: PacketView, kind: number): void {
    this.#tally.countCopy(kind)
    if (kind === HAIRPIN_COPY) this.#store.addReturned(row, side, packet)
    this.#audience.copy(row, side, packet, kind === TAP_COPY ? 'tap' : 'hairpin')
  }

  #count(row: number, side: number, packet: PacketView): void {
    const words = this.#words
    const floats = this.#floats
    const at = row << ROW_SHIFT
    const flags = packet.tcpFlags
    const seen = (SEEN << side) | (flags > 0 ? flags << (side << 3) : 0)
    const atFloat = row << FLOAT_SHIFT
    if (packet.seconds - floats[(atFloat + FIRST_SECONDS) | 0]! >= this.#activeSeconds) this.#cut(row, packet)
    if ((words[(at + STATE) | 0]! & seen) !== seen) this.#change(row, side, packet)

    const counters = (atFloat + COUNTERS + side * COUNTERS_OF_SIDE) | 0
    floats[counters] = floats[counters]! + 1
    floats[(counters + 1) | 0] = floats[(counters + 1) | 0]! + packet.innerLength
    floats[(counters + 2) | 0] = floats[(counters + 2) | 0]! + packet.wireLength

    this.#store.noteTime(row, packet.seconds, packet.nanos)
    if (words[(at + EPOCH) | 0] !== this.#epoch) this.#use(row)
    if (!this.#audience.isEmpty) this.#audience.packet(row, side, packet, false, false)
  }

  /** The packet has a flag that its side had not sent yet, or is the first one from there. */
  #change(row: number, side: number, packet: PacketView): void {
    const words = this.#words
    const at = row << ROW_SHIFT
    const before = words[at + STATE]!
    words[at + STATE] = stateAfter(before, side, packet.tcpFlags)
    this.#lives.change(row, side, packet, before, this.#now)
    if ((before & (SEEN << side)) !== 0) return
    // Of a flow with a scope, a side's VNI is what its first packet says.
    words[at + VNI + side] = packet.vni
    this.#directory.answered(row)
  }

  /** A SYN that begins a new connection of the same ends. */
  #beginAnew(row: number, packet: PacketView): void {
    this.#endEarly(row, 'reused')
    // There may be another flow that it belongs to, and the finder says the key of those that it has not found only.
    this.#isReuse = true
    this.packet(packet)
    this.#isReuse = false
  }

  /** A packet whose own key has no flow answers another one, or begins its own. */
  #begin(packet: PacketView): void {
    const answered = this.#directory.answeredBy(packet)
    const row = answered > 0 ? answered : this.#joined(packet)
    if (row > 0) this.#take(row, 1, packet)
    else {
      const row = this.#open(packet)
      this.#copies?.begin(packet, row)
      if (!this.#audience.isEmpty) this.#audience.packet(row, 0, packet, true, this.#isReuse)
    }
  }

  /** The flow whose SYN the packet acknowledges through another scope, which is the flow's second one from now on; 0 if there is none. */
  #joined(packet: PacketView): number {
    const row = this.#directory.acknowledgedBy(packet)
    // In a table of one row there is no room for a second key.
    if (row === 0 || (this.#pool.isEmpty && this.#recency.oldest === row)) return 0
    this.#directory.join(row, this.#freeRow(), packet)
    return row
  }

  #leave(packet: PacketView): void {
    const isLater = packet.fragmentOffset > 0 && packet.control === 0
    const owner = isLater ? this.#fragments.find(packet) : NO_FRAGMENT
    if (owner > LEFT_OUT) {
      this.#take(owner >> 1, owner & 1, packet)
      return
    }
    this.#tally.countUnattributed(packet)
    if (!this.#audience.isEmpty) this.#audience.frame(packet)
  }

  /** All packets up to `watermark` were given: analyzers may emit what is due. */
  advance(watermark: Instant): void {
    if (watermark.seconds > this.#now) this.#goOnTo(watermark.seconds)
    this.#audience.advance(watermark, this.#emit)
  }

  /** The source has ended: all open flows end, in the order of their first frames, then the analyzers do. The table takes no more packets. */
  finish(): void {
    this.finishSome(Number.POSITIVE_INFINITY)
    for (let row = this.#recency.oldest; row !== 0; row = this.#recency.newerThan(row)) this.#teller.packets += this.#reader.packetsOf(row)
    this.#teller.flows = this.#opened
    this.#recency.clear()
    this.#audience.finish(this.#emit)
  }

  /** The first part of `finish`, at most `flows` of the flows at a time, so that their records need not wait all at once. Returns whether there are more. */
  finishSome(flows: number): boolean {
    this.#ending ??= this.#teller.isHeard ? this.#reader.latestFirst(this.#recency.rows) : []
    const ending = this.#ending
    for (let ended = 0; ended < flows && ending.length > 0; ended++) {
      const row = ending.pop()!
      this.#recency.remove(row)
      this.#teller.end(row, this.#lives.reasonOf(row, 'end-of-input'))
    }
    return ending.length > 0
  }

  get ledger(): FlowLedger {
    let live = 0
    for (let row = this.#recency.oldest; row !== 0; row = this.#recency.newerThan(row)) live += this.#reader.packetsOf(row)
    const sampledOut = this.#sampling?.packets
    return { closed: this.#teller.packets, live, ...this.#tally.ledger, ...(sampledOut !== undefined && { sampledOut }) }
  }

  get counts(): FlowCounts {
    const { ambiguous, unjoined } = this.#directory
    return { opened: this.#opened, open: this.#opened - this.#teller.flows, evicted: this.#evicted, ambiguous, unjoined }
  }

  #use(row: number): void {
    this.#recency.moveToFront(row)
    this.#words[(row << ROW_SHIFT) + EPOCH] = this.#recency.stamp
  }

  #open(packet: PacketView): number {
    const row = this.#freeRow()
    this.#opened++
    this.#store.open(row, this.#finder.key, packet)
    this.#directory.add(row, packet)
    this.#lives.begin(row, packet, this.#now)
    this.#recency.add(row)
    this.#epoch = this.#recency.epoch
    this.#words[(row << ROW_SHIFT) + EPOCH] = this.#recency.stamp
    return row
  }

  #freeRow(): number {
    if (this.#pool.isEmpty) {
      this.#endEarly(this.#recency.oldest, 'evicted')
      this.#evicted++
    }
    return this.#pool.take()
  }

  /** Ends a flow before the source does, and takes its row back. */
  #endEarly(row: number, reason: FlowEnd): void {
    this.#teller.end(row, this.#lives.reasonOf(row, reason))
    this.#recency.remove(row)
    const partner = this.#directory.remove(row)
    this.#lives.timers.remove(row)
    this.#pool.giveBack(row)
    if (partner !== 0) this.#pool.giveBack(partner)
  }

  /** It is this second now, by the packets: flows end of which nothing came for too long. */
  #goOnTo(now: number): void {
    this.#lives.goOn(this.#now, now, this.#endIdle)
    this.#now = now
  }

  /** Ends a part of the flow, and begins the next one with the packet that is to be counted. */
  #cut(row: number, packet: PacketView): void {
    this.#teller.part(row, 'active-timeout')
    this.#lives.nextPart(row)
    this.#store.cut(row, packet)
  }
}
