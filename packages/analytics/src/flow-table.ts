import type { Analyzer, Emit, FlowEnd, FlowView, Instant } from '@geneve-telemetry/core'
import { IS_GENEVE, type PacketView } from '@geneve-telemetry/core/wire'
import { FlowIndex } from './flow-index.ts'
import { FlowKey, outerHash, readFlowKey, UNATTRIBUTED } from './flow-key.ts'
import { FlowOrigins } from './flow-origins.ts'
import { type FlowDescriber, type FlowSource, flowRecord } from './flow-record.ts'
import { FlowRows } from './flow-rows.ts'
import { Recency } from './recency.ts'

const DEFAULT_MAX_FLOWS = 262_144
const LARGEST_MAX_FLOWS = 2 ** 24
const DEFAULT_SEED = 0x5eed

const SYN = 0x02
const SYN_ACK = 0x12
const NO_VNI = -1

export interface FlowTableOptions {
  /** Flows open at a time, 1 to 16,777,216; 262,144 if not given. Each takes at most 290 bytes. */
  readonly maxFlows?: number
  /** What ids begin with: the source's name. */
  readonly origin: string
  readonly observer: string
  readonly analyzers?: readonly Analyzer[]
  /** Gets the flows' records and what the analyzers have to say. */
  readonly emit: Emit
  /** Whether flows become records as they end; true if not given. Without, a flow costs no text. */
  readonly records?: boolean
  /** Says what the options of a flow's first packet mean. */
  readonly optionTable?: FlowDescriber
  /** Of the hash, an integer: whoever knows it can send packets that collide. Results do not depend on it. */
  readonly seed?: number
}

/** Where the GENEVE packets are: their number is `closed + live` and all of `unattributed`. */
export interface FlowLedger {
  /** Packets in flows that have ended (the sum over their records). */
  readonly closed: number
  /** Packets in flows that are open. */
  readonly live: number
  /** Packets that belong to no flow, by reason. */
  readonly unattributed: Readonly<Record<string, number>>
}

/** How many flows there were. */
export interface FlowCounts {
  readonly opened: number
  readonly open: number
  readonly evicted: number
  /** Packets that could have been the answer to several flows, and began one of their own. */
  readonly ambiguous: number
}

class FlowCursor implements FlowView {
  row = 0
  direction: 0 | 1 = 0
  isNew = false
}

/**
 * Finds each packet's flow, counts it there, and shows both to the analyzers. Bounded by `maxFlows`: when the table is full, the flow that was not used for
 * longest ends as `evicted`. All state is in flat arrays; a packet allocates nothing.
 */
export class FlowTable {
  readonly #analyzers: readonly Analyzer[]
  readonly #emit: Emit
  readonly #records: boolean
  readonly #source: FlowSource
  readonly #seed: number
  readonly #maxFlows: number
  readonly #key = new FlowKey()
  readonly #cursor = new FlowCursor()
  readonly #origins: FlowOrigins
  readonly #rows: FlowRows
  /** By key. Node 2 * row is a flow under its key; 2 * row + 1 under the VNI of its side B, where that is another one. */
  readonly #byKey: FlowIndex
  /** By tuple and outer addresses: the flows whose scope is the VNI and of which only side A was seen. */
  readonly #unanswered: FlowIndex
  readonly #recency: Recency
  readonly #unattributed = new Float64Array(UNATTRIBUTED.length)
  /** Rows from here on were never used. */
  #fresh = 0
  #packets = 0
  #closedPackets = 0
  #opened = 0
  #closed = 0
  #evicted = 0
  #ambiguous = 0

  constructor(options: FlowTableOptions) {
    const { maxFlows = DEFAULT_MAX_FLOWS, seed = DEFAULT_SEED } = options
    if (!Number.isInteger(maxFlows) || maxFlows < 1 || maxFlows > LARGEST_MAX_FLOWS)
      throw new RangeError(`maxFlows: ${maxFlows} is not a number of flows from 1 to ${LARGEST_MAX_FLOWS}`)
    if (!Number.isInteger(seed)) throw new RangeError(`seed: ${seed} is not an integer`)
    this.#analyzers = options.analyzers ?? []
    this.#emit = options.emit
    this.#records = options.records ?? true
    this.#source = { origin: options.origin, observer: options.observer, optionTable: options.optionTable }
    this.#seed = seed | 0
    this.#maxFlows = maxFlows
    this.#origins = new FlowOrigins(maxFlows)
    this.#rows = new FlowRows(maxFlows, this.#origins)
    this.#byKey = new FlowIndex(2 * maxFlows, maxFlows)
    this.#unanswered = new FlowIndex(maxFlows, maxFlows)
    this.#recency = new Recency(maxFlows)
  }

  /** Takes the next frame, whatever it is; analyzers see all of them. */
  packet(packet: PacketView): void {
    if (packet.outcome !== IS_GENEVE) {
      this.#show(packet, undefined)
      return
    }
    const key = this.#key
    const reason = readFlowKey(packet, key, this.#seed)
    if (reason >= 0) {
      this.#unattributed[reason] = this.#unattributed[reason]! + 1
      this.#show(packet, undefined)
      return
    }
    const rows = this.#rows
    const index = this.#byKey
    let row = -1
    let side = -1
    for (let node = index.first(key.hash); node >= 0; node = index.after(node)) {
      const candidate = node >> 1
      side = rows.sideOf(candidate, key, packet)
      if (side >= 0 && (key.scopeOption >= 0 || rows.vniOf(candidate, side) === key.vni)) {
        row = candidate
        break
      }
    }
    if (row < 0) {
      row = this.#questionOf(packet)
      side = row < 0 ? 0 : 1
    }
    const isNew = row < 0
    if (isNew) row = this.#open(packet)
    if (rows.count(row, side, packet) && side === 1 && key.scopeOption < 0) this.#unanswered.remove(row, this.#origins.outerHashOf(row))
    if (rows.epochOf(row) !== this.#recency.epoch) this.#use(row)
    this.#packets++
    if (this.#analyzers.length === 0) return
    const cursor = this.#cursor
    cursor.row = row
    cursor.direction = rows.directionOf(row, side)
    cursor.isNew = isNew
    this.#show(packet, cursor)
  }

  /** All packets up to `watermark` were given: analyzers may emit what is due. */
  advance(watermark: Instant): void {
    for (const analyzer of this.#analyzers) analyzer.advance(watermark, this.#emit)
  }

  /** The source has ended: all open flows end, in the order of their first frames, then the analyzers do. */
  finish(): void {
    const rows: number[] = []
    for (let row = this.#recency.oldest; row >= 0; row = this.#recency.newerThan(row)) rows.push(row)
    rows.sort((one, other) => this.#origins.frameOf(one) - this.#origins.frameOf(other))
    for (const row of rows) this.#close(row, 'end-of-input')
    this.#fresh = 0
    for (const analyzer of this.#analyzers) analyzer.finish(this.#emit)
  }

  get ledger(): FlowLedger {
    const unattributed: Record<string, number> = {}
    this.#unattributed.forEach((packets, reason) => {
      if (packets > 0) unattributed[UNATTRIBUTED[reason]!] = packets
    })
    return { closed: this.#closedPackets, live: this.#packets - this.#closedPackets, unattributed }
  }

  get counts(): FlowCounts {
    return { opened: this.#opened, open: this.#opened - this.#closed, evicted: this.#evicted, ambiguous: this.#ambiguous }
  }

  #show(packet: PacketView, flow: FlowView | undefined): void {
    const analyzers = this.#analyzers
    for (let index = 0; index < analyzers.length; index++) analyzers[index]!.packet?.(packet, flow)
  }

  #use(row: number): void {
    this.#recency.moveToFront(row)
    this.#rows.setEpoch(row, this.#recency.stamp)
  }

  /**
   * The flow that a packet answers whose own VNI has none: senders may put their own identity there, so a VNI may differ by direction. That must be the one
   * flow with the reversed 5-tuple, between the same outer addresses reversed, which has been seen in one direction only. -1 if there is none.
   */
  #questionOf(packet: PacketView): number {
    const key = this.#key
    if (key.scopeOption >= 0 || (packet.tcpFlags & SYN_ACK) === SYN) return -1
    const hash = outerHash(key, packet)
    let found = -1
    for (let row = this.#unanswered.first(hash); row >= 0; row = this.#unanswered.after(row)) {
      if (this.#rows.sideOf(row, key, packet) !== 1 || !this.#origins.isOuterReverse(row, packet)) continue
      if (found >= 0) {
        this.#ambiguous++
        return -1
      }
      found = row
    }
    if (found >= 0 && this.#rows.vniOf(found, 0) !== key.vni) {
      this.#byKey.add(2 * found + 1, key.hash)
      this.#origins.setAnswerHash(found, key.hash)
    }
    return found
  }

  #open(packet: PacketView): number {
    const key = this.#key
    const isFull = this.#fresh === this.#maxFlows
    const row = isFull ? this.#recency.oldest : this.#fresh++
    if (isFull) {
      this.#evicted++
      this.#close(row, 'evicted')
    }
    this.#opened++
    this.#rows.open(row, key, packet)
    if (key.scopeOption < 0) {
      if (this.#isAnswerTaken(packet)) this.#rows.setVni(row, 1, NO_VNI)
      const hash = outerHash(key, packet)
      this.#origins.setOuterHash(row, hash)
      this.#unanswered.add(row, hash)
    }
    this.#byKey.add(2 * row, key.hash)
    this.#recency.add(row)
    return row
  }

  /** Whether packets that go back with this VNI are of another flow already. */
  #isAnswerTaken(packet: PacketView): boolean {
    const key = this.#key
    for (let node = this.#byKey.first(key.hash); node >= 0; node = this.#byKey.after(node)) {
      const side = this.#rows.sideOf(node >> 1, key, packet)
      if (side >= 0 && this.#rows.vniOf(node >> 1, 1 - side) === key.vni) return true
    }
    return false
  }

  #close(row: number, reason: FlowEnd): void {
    const rows = this.#rows
    const cursor = this.#cursor
    cursor.row = row
    cursor.direction = 0
    cursor.isNew = false
    for (const analyzer of this.#analyzers) analyzer.flow?.(cursor, reason, this.#emit)
    if (this.#records) this.#emit(flowRecord(rows, this.#origins, row, reason, this.#source))

    this.#closed++
    this.#closedPackets += rows.packetsOf(row)
    this.#recency.remove(row)
    this.#byKey.remove(2 * row, rows.keyHashOf(row))
    if (rows.isScoped(row)) return
    if (rows.isOneSided(row)) this.#unanswered.remove(row, this.#origins.outerHashOf(row))
    else if (rows.vniOf(row, 1) !== rows.vniOf(row, 0)) this.#byKey.remove(2 * row + 1, this.#origins.answerHashOf(row))
  }
}
