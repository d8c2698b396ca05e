import type { Rejected } from '@geneve-telemetry/core'
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { Said } from './figure.ts'
import { metricData } from './metric-data.ts'
import { resourceOf, SCOPE } from './resource.ts'
import { type ProducerRecord, type SeriesOptions, SeriesTable } from './series-table.ts'

export type ProducerOptions = SeriesOptions

/**
 * Gives metric records to a reader of the SDK, with the times that they have themselves: `new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] })`.
 * The reader's resource is taken, its views, temporality and cardinality limit are not: those of the producer hold.
 *
 * @throws TypeError, RangeError for an option that cannot be
 */
export class GeneveMetricProducer implements MetricProducer {
  readonly #table: SeriesTable

  constructor(options: ProducerOptions = {}) {
    this.#table = new SeriesTable(options)
  }

  /** Takes a record for the next collection; or says why not. */
  add(record: ProducerRecord): Rejected | undefined {
    return this.#table.add(record)
  }

  /** All that came since the last collection, and the totals so far of cumulative series to which nothing did. Neither rejects nor waits. */
  collect(): Promise<CollectionResult> {
    const errors: unknown[] = []
    const table = this.#table
    let metrics: ReturnType<typeof metricData> = []
    try {
      const said: Said = new Map()
      for (const series of table.all) table.take(series, said, 0)
      metrics = metricData(said, table.isCumulative)
      for (const series of table.all) table.settle(series)
      table.expire()
    } catch (error) {
      errors.push(error)
    }
    return Promise.resolve({ resourceMetrics: { resource: resourceOf(), scopeMetrics: [{ scope: SCOPE, metrics }] }, errors })
  }
}
