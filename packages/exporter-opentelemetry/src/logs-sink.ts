import type { FlowRecord, Receipt, Rejected, Sink, Vendor } from '@geneve-telemetry/core'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { OtlpClient, type OtlpConnection } from './client.ts'
import { FlowEvents } from './flow-events.ts'
import { logRecord } from './log-record.ts'
import { needed } from './needed.ts'
import { type Resource, type ResourceAttributes, resourceOf } from './resource.ts'

export interface OtlpLogsSinkOptions extends OtlpConnection {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

const REQUEST_RECORDS = 1_000

/**
 * Sends flows as log events by `@opentelemetry/exporter-logs-otlp-http`, which repeats by itself. What did not arrive waits for the next push; how much may
 * wait is for the caller to say.
 *
 * Rejects without that package, and with TypeError or RangeError for an option that cannot be.
 */
export async function otlpLogsSink(options: OtlpLogsSinkOptions): Promise<Sink<FlowRecord>> {
  const name = '@opentelemetry/exporter-logs-otlp-http'
  const { OTLPLogExporter } = await needed(name, import('@opentelemetry/exporter-logs-otlp-http'))
  const client = new OtlpClient<ReadableLogRecord[]>(options, '/v1/logs', (config) => new OTLPLogExporter(config))
  return new LogsSink(client, new FlowEvents({ vendors: options.vendors ?? [] }), resourceOf(options.resource))
}

class LogsSink implements Sink<FlowRecord> {
  readonly name: string = 'otlp-logs'
  readonly accepts: readonly ['flow'] = ['flow']
  readonly repeat: 'duplicates' = 'duplicates'
  readonly #client: OtlpClient<ReadableLogRecord[]>
  readonly #events: FlowEvents
  readonly #resource: Resource
  #waiting: ReadableLogRecord[] = []

  constructor(client: OtlpClient<ReadableLogRecord[]>, events: FlowEvents, resource: Resource) {
    this.#client = client
    this.#events = events
    this.#resource = resource
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#client.start([], signal)
  }

  take(flow: FlowRecord): Rejected | undefined {
    const event = this.#events.event(flow)
    if (!('attributes' in event)) return event
    this.#waiting.push(logRecord(event, this.#resource))
    return undefined
  }

  async push(signal: AbortSignal): Promise<readonly Receipt[]> {
    const receipts: Receipt[] = []
    const all = this.#waiting
    this.#waiting = []
    for (let at = 0; at < all.length; at += REQUEST_RECORDS) {
      const portion = all.slice(at, at + REQUEST_RECORDS)
      const outcome = await this.#client.export(portion, signal)
      if (outcome.fate === 'again') {
        this.#waiting = [...all.slice(at), ...this.#waiting]
        break
      }
      const rejected = outcome.fate === 'delivered' ? Math.min(outcome.rejected, portion.length) : portion.length
      const delivered = portion.length - rejected
      if (delivered > 0) receipts.push({ kind: 'flow', records: delivered, fate: 'delivered' })
      if (rejected > 0) receipts.push({ kind: 'flow', records: rejected, fate: 'rejected', reason: outcome.reason })
    }
    return receipts
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}
