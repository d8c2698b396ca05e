import type { MetricRecord, Receipt, Rejected, Sink, ToldRecord } from '@geneve-telemetry/core'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { EXPORTS_AT_ONCE, type ExportOutcome, OtlpClient, type OtlpConnection } from './client.ts'
import type { Said } from './figure.ts'
import { metricData } from './metric-data.ts'
import { needed } from './needed.ts'
import { type Resource, type ResourceAttributes, resourceOf, SCOPE } from './resource.ts'
import type { Series } from './series.ts'
import type { SeriesOptions } from './series-options.ts'
import { SeriesTable } from './series-table.ts'
import type { ToldSeries } from './told-series.ts'
import { ToldTable } from './told-table.ts'

export interface OtlpMetricsSinkOptions extends OtlpConnection, SeriesOptions {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
}

/** Data points of one request, about; a series is not cut. */
const REQUEST_POINTS = 10_000
/** How long a series says nothing, by its records' time, until its totals are said again: backends take a silent series for one that ended. */
const IDLE_SECONDS = 60

const NOTHING_TO_SEND: ExportOutcome = { fate: 'delivered', rejected: 0, reason: '' }

/**
 * Sends metric records, and the numbers of telemetry records, by `@opentelemetry/exporter-metrics-otlp-http`, which repeats by itself. With cumulative sums
 * nothing is lost by a push that fails: the next one has the same points again, and later ones that count all before them.
 *
 * Rejects without that package, and with TypeError or RangeError for an option that cannot be.
 */
export async function otlpMetricsSink(options: OtlpMetricsSinkOptions): Promise<Sink<MetricRecord | ToldRecord>> {
  const name = '@opentelemetry/exporter-metrics-otlp-http'
  const { OTLPMetricExporter } = await needed(name, import('@opentelemetry/exporter-metrics-otlp-http'))
  const client = new OtlpClient<ResourceMetrics>(options, '/v1/metrics', (config) => new OTLPMetricExporter(config))
  return new MetricsSink(client, options)
}

/** What goes into one request. */
interface Portion {
  readonly series: Series[]
  readonly told: ToldSeries[]
  readonly said: Said
  points: number
}

class MetricsSink implements Sink<MetricRecord | ToldRecord> {
  readonly name: string = 'otlp-metrics'
  readonly accepts: readonly ['metric', 'telemetry'] = ['metric', 'telemetry']
  readonly repeat: 'harmless' | 'counts-twice'
  readonly #client: OtlpClient<ResourceMetrics>
  readonly #table: SeriesTable
  readonly #told: ToldTable
  readonly #resource: Resource

  constructor(client: OtlpClient<ResourceMetrics>, options: OtlpMetricsSinkOptions) {
    this.#client = client
    this.#table = new SeriesTable(options)
    this.#told = new ToldTable(options)
    this.#resource = resourceOf(options.resource)
    this.repeat = this.#table.isCumulative ? 'harmless' : 'counts-twice'
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#client.start(this.#request(new Map()), signal)
  }

  take(record: MetricRecord | ToldRecord): Rejected | undefined {
    return record.kind === 'metric' ? this.#table.add(record) : this.#told.add(record)
  }

  async push(signal: AbortSignal): Promise<readonly Receipt[]> {
    const portions = this.#portions()
    const receipts: Receipt[] = []
    let isCut = false
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < portions.length) {
        const portion = portions[next++]!
        if (isCut) {
          putBack(portion)
          continue
        }
        // Records that told no number have nothing to be sent.
        const outcome = portion.points === 0 ? NOTHING_TO_SEND : await this.#client.export(this.#request(portion.said), signal)
        receipts.push(...this.#receipts(portion, outcome))
        // What was refused for reasons of its own says nothing about the rest.
        isCut ||= outcome.fate === 'again'
      }
    }
    await Promise.all(Array.from({ length: EXPORTS_AT_ONCE }, lane))
    this.#table.expire()
    this.#told.expire()
    return receipts
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** All that is to be said, in portions for a request each. */
  #portions(): readonly Portion[] {
    const portions: Portion[] = []
    const next = (): Portion => {
      const last = portions.at(-1)
      if (last !== undefined && last.points < REQUEST_POINTS) return last
      const portion = { series: [], told: [], said: new Map(), points: 0 }
      portions.push(portion)
      return portion
    }
    let portion = next()
    for (const series of this.#table.all) {
      const points = this.#table.take(series, portion.said, IDLE_SECONDS)
      if (points === 0) continue
      portion.series.push(series)
      portion.points += points
      portion = next()
    }
    for (const series of this.#told.all) {
      if (series.records === 0) continue
      portion.points += series.take(portion.said)
      portion.told.push(series)
      portion = next()
    }
    return portions
  }

  #receipts(portion: Portion, outcome: ExportOutcome): readonly Receipt[] {
    if (outcome.fate === 'again' && this.#table.isCumulative) {
      putBack(portion)
      return []
    }
    let metrics = 0
    let telemetry = 0
    for (const one of portion.series) metrics += this.#table.settle(one)
    for (const one of portion.told) telemetry += this.#told.settle(one)
    return [receipt('metric', metrics, portion, outcome), receipt('telemetry', telemetry, portion, outcome)].filter(
      ({ records }) => records > 0,
    )
  }

  #request(said: Said): ResourceMetrics {
    const metrics = metricData(said, this.#table.isCumulative)
    return { resource: this.#resource, scopeMetrics: metrics.length === 0 ? [] : [{ scope: SCOPE, metrics }] }
  }
}

function putBack({ series, told }: Portion): void {
  for (const one of series) one.putBack()
  for (const one of told) one.putBack()
}

function receipt(kind: Receipt['kind'], records: number, { points }: Portion, outcome: ExportOutcome): Receipt {
  switch (outcome.fate) {
    case 'delivered': {
      // Which records a part of the points was of, no backend says.
      const { rejected, reason } = outcome
      return rejected === 0 || rejected < points ? { kind, records, fate: 'delivered' } : { kind, records, fate: 'rejected', reason }
    }
    case 'rejected':
      return { kind, records, fate: 'rejected', reason: outcome.reason }
    case 'again':
      return { kind, records, fate: 'dropped', reason: `delta sums are not sent twice: ${outcome.reason}` }
  }
}
