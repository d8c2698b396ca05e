import type { FlowRecord, Format, MetricRecord, Vendor } from '@geneve-telemetry/core'
import type { Said } from './figure.ts'
import { FlowEvents } from './flow-events.ts'
import { lines } from './lines.ts'
import { logRecord } from './log-record.ts'
import { metricData } from './metric-data.ts'
import { needed } from './needed.ts'
import { type ResourceAttributes, resourceOf, SCOPE } from './resource.ts'
import { SeriesTable } from './series-table.ts'

export interface OtlpFormatOptions {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

/**
 * Metric records as OTLP/JSON, in requests of one line each. Sums are monotonic deltas over their record's interval.
 *
 * Rejects without `@opentelemetry/otlp-transformer`, and with TypeError for an option that cannot be.
 */
export async function otlpMetricsFormat(options: OtlpFormatOptions = {}): Promise<Format<MetricRecord>> {
  const { JsonMetricsSerializer } = await needed('@opentelemetry/otlp-transformer', import('@opentelemetry/otlp-transformer'))
  const resource = resourceOf(options.resource)
  const table = new SeriesTable({ temporality: 'delta', vendors: options.vendors ?? [] })
  return lines<MetricRecord>({
    name: 'otlp-metrics',
    fileName: 'metrics.jsonl',
    kind: 'metric',
    list: 'resourceMetrics',
    serialize(record) {
      table.clear()
      const rejected = table.add(record)
      if (rejected !== undefined) return rejected
      const said: Said = new Map()
      for (const series of table.all) table.take(series, said, 0)
      return (
        JsonMetricsSerializer.serializeRequest({ resource, scopeMetrics: [{ scope: SCOPE, metrics: metricData(said, false) }] }) ?? NOTHING
      )
    },
  })
}

/** Flows as log events in OTLP/JSON. Rejects as `otlpMetricsFormat` does. */
export async function otlpLogsFormat(options: OtlpFormatOptions = {}): Promise<Format<FlowRecord>> {
  const { JsonLogsSerializer } = await needed('@opentelemetry/otlp-transformer', import('@opentelemetry/otlp-transformer'))
  const resource = resourceOf(options.resource)
  const events = new FlowEvents({ vendors: options.vendors ?? [] })
  return lines<FlowRecord>({
    name: 'otlp-logs',
    fileName: 'logs.jsonl',
    kind: 'flow',
    list: 'resourceLogs',
    serialize(record) {
      const event = events.event(record)
      if (!('attributes' in event)) return event
      return JsonLogsSerializer.serializeRequest([logRecord(event, resource)]) ?? NOTHING
    },
  })
}

const NOTHING = { rejected: 'the serializer says nothing' }
