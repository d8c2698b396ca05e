import { type Emit, type Instant, observe } from '@geneve-telemetry/core'
import { decodePacket, type FrameBatch, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import { type AccountFilter, UNKNOWN, UNWANTED, WANTED } from './account-filter.ts'
import type { PacketFilter } from './filter.ts'
import type { Job, Stage } from './job.ts'
import type { FlowLedger, PacketLedger } from './ledger.ts'

const NONE = -1
/** How much later than the packets time goes on in a silence: what is on its way through a pipe is not behind it. */
const LATE_MS = 1_000
/** How many records are made at the end between two looks at the outlets. */
const RECORDS_AT_ONCE = 1_000

/** Takes the frames of a source through a job, with one view for all of them: nothing is allocated for a packet that nobody asks a record of. */
export class Walk {
  readonly #job: Job
  readonly #ledger: PacketLedger
  readonly #packet: PacketView
  readonly #filter: PacketFilter | undefined
  readonly #accounts: AccountFilter | undefined
  /** The first of the account filter's keys among those of the ledger. */
  readonly #accountKey: number
  readonly #emit: Emit
  /** Only where an outlet accepts packets: whoever wants flows and metrics does not pay for a record of each packet. */
  readonly #record: ((packet: PacketView) => void) | undefined
  #stage: Stage | undefined
  #seconds = 0
  #nanos = 0
  /** The time that the packets had reached at the last batch, and what the job's clock said then. */
  #reached: Instant = { seconds: 0, nanos: 0 }
  #reachedAtMs = 0

  constructor(job: Job, ledger: PacketLedger) {
    const { source, observer, outlets = [], describer } = job
    this.#job = job
    this.#ledger = ledger
    this.#packet = new PacketView(job.rules)
    this.#filter = job.filter
    this.#accounts = job.accounts
    this.#accountKey = job.filter?.keys.length ?? 0
    this.#emit = (record) => {
      if (record.kind === 'flow') ledger.countRecorded(record.forward.packets + record.reverse.packets)
      for (const outlet of outlets) outlet.offer(record)
    }
    if (describer !== undefined && outlets.some((outlet) => outlet.accepts('packet'))) {
      this.#record = (packet) => this.#emit(observe(packet, describer, { origin: source.origin, observer }))
    }
  }

  get flows(): FlowLedger | undefined {
    return this.#stage?.ledger
  }

  /** A source knows its origin from its first batch on, and so does the stage. */
  batch(batch: FrameBatch): void {
    const { source, observer } = this.#job
    this.#stage ??= this.#job.stage({ origin: source.origin, observer, emit: this.#emit })
    this.#frames(batch, this.#stage)
    this.#reached = { seconds: this.#seconds, nanos: this.#nanos }
    this.#reachedAtMs = this.#job.clock?.() ?? 0
    this.#stage.advance(this.#reached)
  }

  /** Nothing comes for now: time goes on nevertheless, where there is a clock. */
  silence(): void {
    const nowMs = this.#job.clock?.()
    if (nowMs === undefined || this.#stage === undefined) return
    this.#advanceTo(later(this.#reached, nowMs - this.#reachedAtMs - LATE_MS))
    this.#stage.advance({ seconds: this.#seconds, nanos: this.#nanos })
  }

  /** Returns whether there is more to finish. */
  finishSome(): boolean {
    if (this.#stage?.finishSome?.(RECORDS_AT_ONCE)) return true
    this.#stage?.finish()
    return false
  }

  #frames({ view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType }: FrameBatch, stage: Stage): void {
    const packet = this.#packet
    const always = this.#job.linkType
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, always ?? linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      this.#advanceTo(packet)
      this.#ledger.countRead(packet)
      this.#take(packet, stage)
    }
  }

  /** The stage sees also what is not GENEVE, whatever the filter says: it counts it, and there is little else to know of it. */
  #take(packet: PacketView, stage: Stage): void {
    const refusedBy = this.#refusedBy(packet)
    if (packet.outcome === IS_GENEVE) {
      if (refusedBy !== NONE) {
        this.#ledger.countFiltered(refusedBy)
        return
      }
      this.#ledger.countAnalyzed()
    }
    stage.packet(packet)
    if (this.#record !== undefined && packet.outcome <= IS_GENEVE && refusedBy === NONE && stage.leftOut !== true) this.#record(packet)
  }

  /** The number of the key that keeps the packet out, or NONE. */
  #refusedBy(packet: PacketView): number {
    const refusedBy = this.#filter === undefined ? NONE : this.#filter.refusedBy(packet)
    const accounts = this.#accounts
    if (refusedBy !== NONE || accounts === undefined) return refusedBy
    const verdict = accounts.verdictOf(packet)
    if (verdict === WANTED) return NONE
    if (verdict === UNKNOWN && accounts.keepsUnknown) {
      if (packet.outcome === IS_GENEVE) this.#ledger.countUnknownAccount()
      return NONE
    }
    return this.#accountKey + verdict - UNWANTED
  }

  #advanceTo({ seconds, nanos }: Instant): void {
    if (seconds < this.#seconds || (seconds === this.#seconds && nanos <= this.#nanos)) return
    this.#seconds = seconds
    this.#nanos = nanos
  }
}

/** The instant so many milliseconds later; none of them if there are less than 0. */
function later({ seconds, nanos }: Instant, ms: number): Instant {
  const wholeMs = Math.max(0, Math.floor(ms))
  const all = nanos + (wholeMs % 1_000) * 1_000_000
  return { seconds: seconds + Math.floor(wholeMs / 1_000) + Math.floor(all / 1e9), nanos: all % 1e9 }
}
