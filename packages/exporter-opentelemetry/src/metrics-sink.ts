import type { MetricRecord, Receipt, Sink } from '@geneve-telemetry/core'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { EXPORTS_AT_ONCE, type ExportOutcome, OtlpClient, type OtlpConnection } from './client.ts'
import type { Said } from './figure.ts'
import { metricData } from './metric-data.ts'
import { needed } from './needed.ts'
import { type Resource, type ResourceAttributes, resourceOf, SCOPE } from './resource.ts'
import type { Series } from './series.ts'
import { type SeriesOptions, SeriesTable } from './series-table.ts'

export interface OtlpMetricsSinkOptions extends OtlpConnection, SeriesOptions {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
}

/** Data points of one request, about; a series is not cut. */
const REQUEST_POINTS = 10_000
/** How long a series says nothing, by its records' time, until its totals are said again: backends take a silent series for one that ended. */
const IDLE_SECONDS = 60

/**
 * Sends metric records by `@opentelemetry/exporter-metrics-otlp-http`, which repeats by itself. With cumulative sums nothing is lost by a push that fails: the
 * next one has the same points again, and later ones that count all before them.
 *
 * Rejects without that package, and with TypeError or RangeError for an option that cannot be.
 */
export async function otlpMetricsSink(options: OtlpMetricsSinkOptions): Promise<Sink<MetricRecord>> {
  const name = '@opentelemetry/exporter-metrics-otlp-http'
  const { OTLPMetricExporter } = await needed(name, import('@opentelemetry/exporter-metrics-otlp-http'))
  const client = new OtlpClient<ResourceMetrics>(options, '/v1/metrics', (config) => new OTLPMetricExporter(config))
  return new MetricsSink(client, new SeriesTable(options), resourceOf(options.resource))
}

/** What goes into one request. */
interface Portion {
  readonly series: Series[]
  readonly said: Said
  points: number
}

class MetricsSink implements Sink<MetricRecord> {
  readonly name: string = 'otlp-metrics'
  readonly accepts: readonly ['metric'] = ['metric']
  readonly repeat: 'harmless' | 'counts-twice'
  readonly #client: OtlpClient<ResourceMetrics>
  readonly #table: SeriesTable
  readonly #resource: Resource

  constructor(client: OtlpClient<ResourceMetrics>, table: SeriesTable, resource: Resource) {
    this.#client = client
    this.#table = table
    this.#resource = resource
    this.repeat = table.isCumulative ? 'harmless' : 'counts-twice'
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#client.start(this.#request(new Map()), signal)
  }

  take(record: MetricRecord): ReturnType<SeriesTable['add']> {
    return this.#table.add(record)
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
          for (const series of portion.series) series.putBack()
          continue
        }
        const outcome = await this.#client.export(this.#request(portion.said), signal)
        receipts.push(...this.#receipts(portion, outcome))
        // What was refused for reasons of its own says nothing about the rest.
        isCut ||= outcome.fate === 'again'
      }
    }
    await Promise.all(Array.from({ length: EXPORTS_AT_ONCE }, lane))
    this.#table.expire()
    return receipts
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** All that is to be said, in portions for a request each. */
  #portions(): readonly Portion[] {
    const portions: Portion[] = []
    let last: Portion | undefined
    for (const series of this.#table.all) {
      const portion: Portion = last === undefined || last.points >= REQUEST_POINTS ? { series: [], said: new Map(), points: 0 } : last
      const points = this.#table.take(series, portion.said, IDLE_SECONDS)
      if (points === 0) continue
      portion.series.push(series)
      portion.points += points
      if (portion !== last) portions.push(portion)
      last = portion
    }
    return portions
  }

  #receipts({ series, points }: Portion, outcome: ExportOutcome): readonly Receipt[] {
    if (outcome.fate === 'again' && this.#table.isCumulative) {
      for (const one of series) one.putBack()
      return []
    }
    let records = 0
    for (const one of series) records += this.#table.settle(one)
    if (records === 0) return []
    const common = { kind: 'metric' as const, records }
    switch (outcome.fate) {
      case 'delivered':
        // Which records a part of the points was of, no backend says.
        return [outcome.rejected < points ? { ...common, fate: 'delivered' } : { ...common, fate: 'rejected', reason: outcome.reason }]
      case 'rejected':
        return [{ ...common, fate: 'rejected', reason: outcome.reason }]
      case 'again':
        return [{ ...common, fate: 'dropped', reason: `delta sums are not sent twice: ${outcome.reason}` }]
    }
  }

  #request(said: Said): ResourceMetrics {
    const metrics = metricData(said, this.#table.isCumulative)
    return { resource: this.#resource, scopeMetrics: metrics.length === 0 ? [] : [{ scope: SCOPE, metrics }] }
  }
}
