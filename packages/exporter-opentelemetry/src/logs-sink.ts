import type { FlowRecord, Receipt, Rejected, Sink, ToldRecord, Vendor } from '@geneve-telemetry/core'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { OtlpClient, type OtlpConnection } from './client.ts'
import { isNoEndpoint } from './failure.ts'
import { logEncoder } from './log-record.ts'
import { needed } from './needed.ts'
import { type ResourceAttributes, resourceOf } from './resource.ts'

export interface OtlpLogsSinkOptions extends OtlpConnection {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
  /** Whether flows are sent too. Default: true. Without, a backend that takes no logs at all is no error at the start: telemetry records are rejected then. */
  readonly flows?: boolean
}

const REQUEST_RECORDS = 1_000

/** The records that are log events. */
export type LogsRecord = FlowRecord | ToldRecord

/**
 * Sends flows and telemetry records as log events by `@opentelemetry/exporter-logs-otlp-http`, which repeats by itself. What did not arrive waits for the next
 * push; how much may wait is for the caller to say.
 *
 * Rejects without that package, and with TypeError or RangeError for an option that cannot be.
 */
export async function otlpLogsSink(options: OtlpLogsSinkOptions): Promise<Sink<LogsRecord>> {
  const name = '@opentelemetry/exporter-logs-otlp-http'
  const { OTLPLogExporter } = await needed(name, import('@opentelemetry/exporter-logs-otlp-http'))
  const client = new OtlpClient<ReadableLogRecord[]>(options, '/v1/logs', (config) => new OTLPLogExporter(config))
  return new LogsSink(client, options)
}

class LogsSink implements Sink<LogsRecord> {
  readonly name: string = 'otlp-logs'
  readonly accepts: readonly LogsRecord['kind'][]
  readonly repeat: 'duplicates' = 'duplicates'
  readonly #client: OtlpClient<ReadableLogRecord[]>
  readonly #encode: (record: LogsRecord) => ReadableLogRecord | Rejected
  /** A request has one kind of records: a backend says how many of it it did not take, and not which. */
  readonly #waiting: Record<LogsRecord['kind'], ReadableLogRecord[]> = { telemetry: [], flow: [] }
  /** Why nothing can be sent: known since the start. */
  #absent: Rejected | undefined

  constructor(client: OtlpClient<ReadableLogRecord[]>, options: OtlpLogsSinkOptions) {
    const { vendors = [], flows = true, resource } = options
    this.accepts = flows ? ['telemetry', 'flow'] : ['telemetry']
    this.#client = client
    this.#encode = logEncoder(vendors, resourceOf(resource))
  }

  async start(signal: AbortSignal): Promise<void> {
    try {
      await this.#client.start([], signal)
    } catch (error) {
      const { message, cause } = error as Error
      if (this.accepts.includes('flow') || !isNoEndpoint(cause)) throw error
      this.#absent = { rejected: message }
    }
  }

  take(record: LogsRecord): Rejected | undefined {
    if (this.#absent !== undefined) return this.#absent
    const log = this.#encode(record)
    if ('rejected' in log) return log
    this.#waiting[record.kind].push(log)
    return undefined
  }

  async push(signal: AbortSignal): Promise<readonly Receipt[]> {
    const receipts: Receipt[] = []
    for (const kind of this.accepts) if (!(await this.#pushKind(kind, receipts, signal))) break
    return receipts
  }

  /** Whether all of it has an answer. */
  async #pushKind(kind: LogsRecord['kind'], receipts: Receipt[], signal: AbortSignal): Promise<boolean> {
    const all = this.#waiting[kind]
    this.#waiting[kind] = []
    for (let at = 0; at < all.length; at += REQUEST_RECORDS) {
      const portion = all.slice(at, at + REQUEST_RECORDS)
      const outcome = await this.#client.export(portion, signal)
      if (outcome.fate === 'again') {
        this.#waiting[kind] = [...all.slice(at), ...this.#waiting[kind]]
        return false
      }
      const rejected = outcome.fate === 'delivered' ? Math.min(outcome.rejected, portion.length) : portion.length
      const delivered = portion.length - rejected
      if (delivered > 0) receipts.push({ kind, records: delivered, fate: 'delivered' })
      if (rejected > 0) receipts.push({ kind, records: rejected, fate: 'rejected', reason: outcome.reason })
    }
    return true
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}
