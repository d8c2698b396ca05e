import { type Encoded, type Exporter, isRejected, type TelemetryRecord } from '@geneve-telemetry/core'
import { type OutletAccount, OutletLedger, type RecordKind } from './account.ts'

export interface OutletOptions {
  /** Which of the kinds that the exporter accepts it gets; default all. */
  readonly kinds?: readonly RecordKind[]
  /** Bytes of encoded records that may wait before `settle` holds the source up; default 16 MiB. */
  readonly queueBytes?: number
}

/** An exporter cannot work as it was configured. The message names it and says, for the operator, what is wrong. */
export class StartError extends Error {
  override readonly name: string = 'StartError'
}

const QUEUE_BYTES = 16 * 1024 * 1024

/**
 * The way of records to one exporter: encoded as they come, queued, sent in batches within the exporter's limits, one request at a time, beside the
 * decoding. Counts every record; whatever the exporter does, nothing is thrown.
 */
export class Outlet {
  readonly #exporter: Exporter
  readonly #kinds: ReadonlySet<RecordKind>
  readonly #queueBytes: number
  readonly #ledger: OutletLedger
  readonly #aborter = new AbortController()
  #queue: Encoded[] = []
  #queuedBytes = 0
  #sending: Promise<void> | undefined

  constructor(exporter: Exporter, { kinds = exporter.accepts, queueBytes = QUEUE_BYTES }: OutletOptions = {}) {
    if (!(queueBytes > 0)) throw new RangeError(`queueBytes: ${queueBytes} is not a number of bytes above 0`)
    this.#exporter = exporter
    this.#kinds = new Set(kinds.filter((kind) => exporter.accepts.includes(kind)))
    this.#queueBytes = queueBytes
    this.#ledger = new OutletLedger(exporter.name)
  }

  get name(): string {
    return this.#exporter.name
  }

  accepts(kind: RecordKind): boolean {
    return this.#kinds.has(kind)
  }

  account(): OutletAccount {
    return this.#ledger.account()
  }

  /** Rejects with StartError if the exporter can be known not to work. */
  async start(): Promise<void> {
    try {
      await this.#exporter.start?.(this.#aborter.signal)
    } catch (error) {
      throw new StartError(`${this.name}: ${messageOf(error)}`, { cause: error })
    }
  }

  /** Takes a record of an accepted kind, leaves others alone. Never waits: `settle` does. */
  offer(record: TelemetryRecord): void {
    const { kind } = record
    if (!this.#kinds.has(kind)) return
    this.#ledger.countOffered(kind)
    const encoded = this.#encode(record)
    if (typeof encoded === 'string') {
      this.#ledger.countRejected(kind, encoded)
      return
    }
    this.#queue.push(encoded)
    this.#queuedBytes += encoded.bytes.byteLength
    if (this.#isBatchFull()) void this.#send()
  }

  /** Resolves once there is room in the queue. */
  async settle(): Promise<void> {
    while (this.#queuedBytes > this.#queueBytes) await this.#send(1)
  }

  /** Sends all that is queued. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 || this.#sending !== undefined) await this.#send(1)
  }

  /** Sends all that is queued and closes the exporter. */
  async close(): Promise<void> {
    await this.flush()
    try {
      await this.#exporter.close?.()
    } catch (error) {
      this.#ledger.closeFailed(messageOf(error))
    }
  }

  /** The record as the backend takes it, or why not. */
  #encode(record: TelemetryRecord): Encoded | string {
    try {
      const encoded = this.#exporter.encode(record)
      if (isRejected(encoded)) return encoded.rejected
      const most = Math.min(this.#exporter.limits.recordBytes, this.#exporter.limits.bytes)
      return encoded.bytes.byteLength > most ? `larger than ${most} bytes` : encoded
    } catch (error) {
      return `the encoder failed: ${messageOf(error)}`
    }
  }

  #isBatchFull(): boolean {
    const { records, bytes } = this.#exporter.limits
    return this.#queue.length >= records || this.#queuedBytes >= bytes
  }

  /** Sends while full batches are there, or at least `least` of any size. */
  #send(least = 0): Promise<void> {
    this.#sending ??= this.#sendBatches(least).finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #sendBatches(least: number): Promise<void> {
    for (let sent = 0; this.#queue.length > 0 && (sent < least || this.#isBatchFull()); sent++) await this.#deliver(this.#takeBatch())
  }

  #takeBatch(): readonly Encoded[] {
    const { records, bytes } = this.#exporter.limits
    let count = 0
    let size = 0
    while (count < this.#queue.length && count < records) {
      const next = this.#queue[count]!.bytes.byteLength
      if (count > 0 && size + next > bytes) break
      size += next
      count++
    }
    const batch = this.#queue.slice(0, count)
    this.#queue = this.#queue.slice(count)
    this.#queuedBytes -= size
    return batch
  }

  async #deliver(batch: readonly Encoded[]): Promise<void> {
    const fates = new Map<number, () => void>()
    try {
      const { rejected, retry, halve } = await this.#exporter.send(batch, this.#aborter.signal)
      if (halve)
        for (const index of batch.keys()) fates.set(index, () => this.#ledger.countDropped(batch[index]!.kind, 'the request was too large'))
      for (const { index, reason } of rejected) fates.set(index, () => this.#ledger.countRejected(batch[index]!.kind, reason))
      for (const index of retry) fates.set(index, () => this.#ledger.countDropped(batch[index]!.kind, 'the backend was busy'))
    } catch (error) {
      for (const { kind } of batch) this.#ledger.countDropped(kind, `the request failed: ${messageOf(error)}`)
      return
    }
    batch.forEach(({ kind }, index) => {
      const fate = fates.size === 0 ? undefined : fates.get(index)
      if (fate === undefined) this.#ledger.countDelivered(kind)
      else fate()
    })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
