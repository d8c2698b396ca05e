import type { Rejected, ToldRecord } from '@geneve-telemetry/core'
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { Said } from './figure.ts'
import { metricData } from './metric-data.ts'
import { resourceOf, SCOPE } from './resource.ts'
import type { SeriesOptions } from './series-options.ts'
import { type ProducerRecord, SeriesTable } from './series-table.ts'
import { ToldTable } from './told-table.ts'

export type ProducerOptions = SeriesOptions

/**
 * Gives metric records, and the numbers of telemetry records, to a reader of the SDK, with the times that they have themselves: `new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] })`.
 * The reader's resource is taken, its views, temporality and cardinality limit are not: those of the producer hold.
 *
 * @throws TypeError, RangeError for an option that cannot be
 */
export class GeneveMetricProducer implements MetricProducer {
  readonly #table: SeriesTable
  readonly #told: ToldTable

  constructor(options: ProducerOptions = {}) {
    this.#table = new SeriesTable(options)
    this.#told = new ToldTable(options)
  }

  /** Takes a record for the next collection; or says why not. */
  add(record: ProducerRecord | ToldRecord): Rejected | undefined {
    return record.kind === 'metric' ? this.#table.add(record) : this.#told.add(record)
  }

  /** All that came since the last collection, and the totals so far of cumulative series to which nothing did. Neither rejects nor waits. */
  collect(): Promise<CollectionResult> {
    const errors: unknown[] = []
    const table = this.#table
    const told = this.#told
    let metrics: ReturnType<typeof metricData> = []
    try {
      const said: Said = new Map()
      for (const series of table.all) table.take(series, said, 0)
      for (const series of told.all) series.take(said)
      metrics = metricData(said, table.isCumulative)
      for (const series of table.all) table.settle(series)
      for (const series of told.all) told.settle(series)
      table.expire()
      told.expire()
    } catch (error) {
      errors.push(error)
    }
    return Promise.resolve({ resourceMetrics: { resource: resourceOf(), scopeMetrics: [{ scope: SCOPE, metrics }] }, errors })
  }
}
