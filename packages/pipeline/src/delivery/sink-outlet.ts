import type { Receipt, Sink, TelemetryRecord } from '@geneve-telemetry/core'
import { type OutletAccount, OutletLedger, type RecordKind } from './account.ts'
import { callWithin } from './bounded-call.ts'
import { Change } from './change.ts'
import { figure, kindsOf, oneOf } from './options.ts'
import { closeWithin, drainWithin, type Outlet, startWithin } from './outlet.ts'
import { Patience } from './patience.ts'
import { reasonOf } from './reason.ts'

/** When a sink's client is told to send. All have defaults. */
export interface SinkOptions {
  /** What the outlet is called in the account; default the sink's name. */
  readonly name?: string
  /** Which of the kinds that the sink accepts it gets; default all. */
  readonly kinds?: readonly RecordKind[]
  /** How long a record waits at most; default 10,000. */
  readonly pushMs?: number
  /** How many wait at most until they are pushed; default 2,000. */
  readonly pushRecords?: number
  /** How many may wait at all; default 100,000. */
  readonly queueRecords?: number
  /** What happens when more would wait: the source waits, or what is too much is dropped; default `wait`. */
  readonly full?: 'wait' | 'drop'
  /** How long a push may take; default 30,000. */
  readonly timeoutMs?: number
  /** How long the source waits for a sink that delivers nothing; default 10,000. */
  readonly patienceMs?: number
  /** How long `close` goes on; default 30,000. */
  readonly drainMs?: number
}

/** The way of records to a sink, whose client makes the requests and repeats them: it is told when, and what became of the records is counted. */
export class SinkOutlet implements Outlet {
  readonly #sink: Sink
  readonly #options: Required<Omit<SinkOptions, 'name' | 'kinds'>>
  readonly #kinds: ReadonlySet<RecordKind>
  readonly #ledger: OutletLedger
  readonly #patience: Patience
  readonly #cut = new AbortController()
  readonly #change = new Change()
  readonly name: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #pushing: Promise<void> | undefined
  #waiting = 0
  /** How many waited after the last push if it was in vain: there is no sense in pushing them again at once. */
  #left = 0
  #isClosed = false

  /** Throws RangeError on an option that cannot be. */
  constructor(sink: Sink, options: SinkOptions = {}) {
    this.name = options.name ?? sink.name
    this.#sink = sink
    this.#kinds = new Set(kindsOf(sink, options.kinds))
    this.#options = {
      pushMs: figure('pushMs', options.pushMs ?? 10_000, 1),
      pushRecords: figure('pushRecords', options.pushRecords ?? 2_000, 1),
      queueRecords: figure('queueRecords', options.queueRecords ?? 100_000, 1),
      full: oneOf('full', options.full ?? 'wait', ['wait', 'drop']),
      timeoutMs: figure('timeoutMs', options.timeoutMs ?? 30_000, 1),
      patienceMs: figure('patienceMs', options.patienceMs ?? 10_000, 0),
      drainMs: figure('drainMs', options.drainMs ?? 30_000, 0),
    }
    this.#ledger = new OutletLedger(this.name)
    this.#patience = new Patience(this.#options.patienceMs)
  }

  accepts(kind: RecordKind): boolean {
    return this.#kinds.has(kind)
  }

  account(): OutletAccount {
    return this.#ledger.account()
  }

  async start(cut?: AbortSignal): Promise<void> {
    await startWithin(this.#sink, this.name, this.#options.timeoutMs, cut)
  }

  offer(record: TelemetryRecord): void {
    const { kind } = record
    if (!this.#kinds.has(kind)) return
    this.#ledger.countOffered(kind)
    const reason = this.#isClosed ? 'it came after the end' : this.#noRoom()
    if (reason !== undefined) this.#ledger.countDropped(kind, reason)
    else this.#take(record)
  }

  #take(record: TelemetryRecord): void {
    const rejected = this.#rejected(record)
    if (rejected !== undefined) {
      this.#ledger.countRejected(record.kind, rejected)
      return
    }
    this.#waiting++
    this.#timer ??= setTimeout(() => this.#age(), this.#options.pushMs)
    if (this.#waiting - this.#left >= this.#options.pushRecords) void this.#push()
  }

  async settle(): Promise<void> {
    while (this.#isOverfull() && this.#isWorthWaiting()) {
      if (this.#waiting > this.#left) void this.#push()
      await this.#change.next(this.#patience.leftMs)
    }
  }

  async close(hurry?: AbortSignal): Promise<void> {
    await drainWithin(this.#options.drainMs, () => this.#drain(), this.#cut, hurry)
    clearTimeout(this.#timer)
    this.#isClosed = true
    for (const kind of this.#kinds) {
      const waiting = this.#ledger.queued(kind)
      if (waiting > 0) this.#ledger.countDropped(kind, 'never acknowledged', waiting)
    }
    const failure = await closeWithin(this.#sink, this.#options.timeoutMs)
    if (failure !== undefined) this.#ledger.closeFailed(failure)
  }

  async #drain(): Promise<void> {
    // A push that runs may have begun before the last record came.
    await this.#pushing
    await this.#push()
  }

  #rejected(record: TelemetryRecord): string | undefined {
    try {
      return this.#sink.take(record)?.rejected
    } catch (error) {
      return `the encoder failed: ${reasonOf(error)}`
    }
  }

  #isOverfull(): boolean {
    return this.#waiting > this.#options.queueRecords
  }

  #isWorthWaiting(): boolean {
    return this.#options.full === 'wait' && !this.#patience.isOut
  }

  /** Why nothing more can be taken, if so. */
  #noRoom(): string | undefined {
    if (!this.#isOverfull() || this.#isWorthWaiting()) return undefined
    return this.#patience.isOut ? `no room while ${this.#patience.reason}` : 'no room'
  }

  #age(): void {
    this.#timer = undefined
    void this.#push()
  }

  #push(): Promise<void> {
    this.#pushing ??= this.#pushOnce().finally(() => {
      this.#pushing = undefined
      if (this.#waiting > 0 && !this.#isClosed) this.#timer ??= setTimeout(() => this.#age(), this.#options.pushMs)
      this.#change.happened()
    })
    return this.#pushing
  }

  async #pushOnce(): Promise<void> {
    if (this.#waiting === 0) return
    const begun = performance.now()
    const waiting = this.#waiting
    this.#ledger.countRequest(this.#left > 0)
    try {
      const { value } = await callWithin(this.#options.timeoutMs, (signal) => this.#sink.push(signal), this.#cut.signal)
      for (const receipt of value) this.#heed(receipt)
    } catch (error) {
      this.#failed(begun, reasonOf(error))
      return
    }
    if (this.#waiting < waiting) this.#succeeded()
    else this.#failed(begun, 'nothing is acknowledged')
  }

  #succeeded(): void {
    this.#left = 0
    this.#patience.succeeded()
  }

  #failed(since: number, reason: string): void {
    this.#left = this.#waiting
    this.#patience.failed(since, reason)
  }

  /** No more than what waits: a client that says more than it was given does not upset the account. */
  #heed({ kind, records, fate, reason = 'no reason given' }: Receipt): void {
    const count = Math.min(records, this.#ledger.queued(kind))
    if (!(count > 0)) return
    if (fate === 'delivered') this.#ledger.countDelivered(kind, count)
    else if (fate === 'rejected') this.#ledger.countRejected(kind, reason, count)
    else this.#ledger.countDropped(kind, reason, count)
    this.#waiting -= count
  }
}
