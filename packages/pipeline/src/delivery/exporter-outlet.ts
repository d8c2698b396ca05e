import { type Encoded, type Exporter, isRejected, type TelemetryRecord } from '@geneve-telemetry/core'
import { type OutletAccount, OutletLedger, type RecordKind } from './account.ts'
import { Change } from './change.ts'
import { Courier } from './courier.ts'
import { type Delivery, type DeliveryOptions, deliveryOf } from './options.ts'
import { closeWithin, drainWithin, type Outlet, startWithin } from './outlet.ts'
import { Patience } from './patience.ts'
import { RecordQueue } from './queue.ts'
import { reasonOf } from './reason.ts'
import { Refusals } from './refusals.ts'

/**
 * The way of records to one exporter: encoded as they come, queued, sent in batches, repeated, beside the decoding. The one owner of repetition: exporters
 * and their clients do not repeat anything.
 */
export class ExporterOutlet implements Outlet {
  readonly #exporter: Exporter
  readonly #delivery: Delivery
  readonly #kinds: ReadonlySet<RecordKind>
  readonly #ledger: OutletLedger
  readonly #refusals: Refusals
  readonly #patience: Patience
  readonly #courier: Courier
  readonly #cut = new AbortController()
  readonly #change = new Change()
  readonly #queue = new RecordQueue()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What goes out though its batch is not full, as a number of records that have ever been put into the queue. */
  #due = 0
  #running = 0
  #isClosed = false

  /** Throws RangeError on an option that cannot be. */
  constructor(exporter: Exporter, options: DeliveryOptions = {}) {
    const delivery = deliveryOf(exporter, options)
    this.#exporter = exporter
    this.#delivery = delivery
    this.#kinds = new Set(delivery.kinds)
    this.#ledger = new OutletLedger(delivery.name)
    this.#refusals = new Refusals(delivery.name, this.#ledger, delivery.deadLetters)
    this.#patience = new Patience(delivery.patienceMs)
    this.#courier = new Courier(exporter, delivery, this.#ledger, this.#refusals, this.#patience, this.#cut.signal)
  }

  get name(): string {
    return this.#delivery.name
  }

  accepts(kind: RecordKind): boolean {
    return this.#kinds.has(kind)
  }

  account(): OutletAccount {
    return this.#ledger.account()
  }

  async start(cut?: AbortSignal): Promise<void> {
    await startWithin(this.#exporter, this.name, this.#delivery.timeoutMs, cut)
  }

  offer(record: TelemetryRecord): void {
    const { kind } = record
    if (!this.#kinds.has(kind)) return
    this.#ledger.countOffered(kind)
    const encoded = this.#encode(record)
    if (typeof encoded === 'string') this.#refusals.addUnencoded(kind, encoded)
    else this.#put(encoded)
  }

  /** Takes a record that an earlier run has encoded; counted as recovered. */
  offerEncoded(record: Encoded): void {
    this.#ledger.countRecovered(record.kind)
    this.#put(record)
  }

  async settle(): Promise<void> {
    while (this.#isOverfull() && this.#isWorthWaiting()) {
      this.#due = this.#queue.put
      this.#send()
      await this.#change.next(this.#patience.leftMs)
    }
  }

  async close(hurry?: AbortSignal): Promise<void> {
    await drainWithin(this.#delivery.drainMs, () => this.#drain(), this.#cut, hurry)
    clearTimeout(this.#timer)
    this.#isClosed = true
    const failure = await closeWithin(this.#exporter, this.#delivery.timeoutMs)
    if (failure !== undefined) this.#ledger.closeFailed(failure)
  }

  async #drain(): Promise<void> {
    this.#due = this.#queue.put
    this.#send()
    while (!this.#isIdle()) await this.#change.next()
  }

  /** The record as the backend takes it, or why not. */
  #encode(record: TelemetryRecord): Encoded | string {
    try {
      const encoded = this.#exporter.encode(record)
      return isRejected(encoded) ? encoded.rejected : encoded
    } catch (error) {
      return `the encoder failed: ${reasonOf(error)}`
    }
  }

  #put(record: Encoded): void {
    const { recordBytes, bytes } = this.#exporter.limits
    const most = Math.min(recordBytes, bytes)
    if (record.bytes.byteLength > most) {
      this.#refusals.add([{ record, fate: 'rejected', reason: `larger than ${most} bytes` }])
    } else if (this.#isClosed) {
      this.#refusals.add([{ record, fate: 'dropped', reason: 'it came after the end' }])
    } else if (this.#isOverfull() && !this.#isWorthWaiting()) {
      this.#refusals.add([{ record, fate: 'dropped', reason: this.#patience.isOut ? `no room while ${this.#patience.reason}` : 'no room' }])
    } else {
      this.#queue.push(record)
      this.#timer ??= setTimeout(() => this.#age(), this.#delivery.batchAgeMs)
      if (this.#isBatchFull()) this.#send()
    }
  }

  /** All that is in the queue has waited long enough, or has come after what has. */
  #age(): void {
    this.#timer = undefined
    this.#due = this.#queue.put
    this.#send()
  }

  #isOverfull(): boolean {
    return this.#queue.length > this.#delivery.queueRecords || this.#queue.bytes > this.#delivery.queueBytes
  }

  #isWorthWaiting(): boolean {
    return this.#delivery.full === 'wait' && !this.#patience.isOut
  }

  #isBatchFull(): boolean {
    return this.#queue.length >= this.#delivery.batchRecords || this.#queue.bytes >= this.#delivery.batchBytes
  }

  #isIdle(): boolean {
    return this.#running === 0 && this.#queue.length === 0
  }

  #hasToSend(): boolean {
    return this.#queue.length > 0 && (this.#isBatchFull() || this.#queue.taken < this.#due)
  }

  /** As many requests at a time as are allowed and needed. */
  #send(): void {
    while (this.#running < this.#delivery.concurrency && this.#hasToSend()) void this.#sendOnAndOn()
  }

  async #sendOnAndOn(): Promise<void> {
    const { batchRecords, batchBytes } = this.#delivery
    this.#running++
    while (this.#hasToSend()) {
      await this.#courier.deliver(this.#queue.take(batchRecords, batchBytes), () => this.#change.happened())
      this.#change.happened()
    }
    this.#running--
    this.#change.happened()
  }
}
