import type { Format, MetricRecord, Rejected, ToldRecord, Vendor } from '@geneve-telemetry/core'
import type { Said, Time } from './figure.ts'
import { lines } from './lines.ts'
import { logEncoder } from './log-record.ts'
import type { LogsRecord } from './logs-sink.ts'
import { metricData } from './metric-data.ts'
import { needed } from './needed.ts'
import { type ResourceAttributes, resourceOf, SCOPE } from './resource.ts'
import { SeriesTable } from './series-table.ts'
import { ToldTable } from './told-table.ts'

export interface OtlpFormatOptions {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: ResourceAttributes
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

export interface OtlpLogsFormatOptions extends OtlpFormatOptions {
  /** Whether flows are written too. Default: true. */
  readonly flows?: boolean
}

/**
 * Metric records, and the numbers of telemetry records, as OTLP/JSON, in requests of one line each. Sums of metric records are monotonic deltas over their record's
 * interval; told ones are cumulative from an unknown start, since a format remembers nothing.
 *
 * Rejects without `@opentelemetry/otlp-transformer`, and with TypeError for an option that cannot be.
 */
export async function otlpMetricsFormat(options: OtlpFormatOptions = {}): Promise<Format<MetricRecord | ToldRecord>> {
  const { JsonMetricsSerializer } = await needed('@opentelemetry/otlp-transformer', import('@opentelemetry/otlp-transformer'))
  const resource = resourceOf(options.resource)
  const table = new SeriesTable({ temporality: 'delta', vendors: options.vendors ?? [] })
  const told = new ToldTable({ vendors: options.vendors ?? [] })
  return lines<MetricRecord | ToldRecord>({
    name: 'otlp-metrics',
    fileName: 'metrics.jsonl',
    kinds: ['metric', 'telemetry'],
    list: 'resourceMetrics',
    serialize(record) {
      const said: Said = new Map()
      const rejected = record.kind === 'metric' ? tellMetric(record, table, said) : tellTold(record, told, said)
      if (rejected !== undefined) return rejected
      const metrics = metricData(said, record.kind === 'telemetry')
      return JsonMetricsSerializer.serializeRequest({ resource, scopeMetrics: [{ scope: SCOPE, metrics }] }) ?? NOTHING
    },
  })
}

function tellMetric(record: MetricRecord, table: SeriesTable, said: Said): Rejected | undefined {
  table.clear()
  const rejected = table.add(record)
  for (const series of table.all) table.take(series, said, 0)
  return rejected
}

function tellTold(record: ToldRecord, table: ToldTable, said: Said): Rejected | undefined {
  table.clear()
  const rejected = table.add(record)
  for (const series of table.all) series.take(said)
  for (const [metric, points] of said) {
    if (metric.type !== 'sum') continue
    said.set(
      metric,
      points.map((point) => ({ ...point, startTime: UNKNOWN })),
    )
  }
  return rejected
}

/** As OTLP has it for a start that nobody knows. */
const UNKNOWN: Time = [0, 0]

/** Flows and telemetry records as log events in OTLP/JSON. Rejects as `otlpMetricsFormat` does. */
export async function otlpLogsFormat(options: OtlpLogsFormatOptions = {}): Promise<Format<LogsRecord>> {
  const { JsonLogsSerializer } = await needed('@opentelemetry/otlp-transformer', import('@opentelemetry/otlp-transformer'))
  const { vendors = [], flows = true } = options
  const encode = logEncoder(vendors, resourceOf(options.resource))
  return lines<LogsRecord>({
    name: 'otlp-logs',
    fileName: 'logs.jsonl',
    kinds: flows ? ['telemetry', 'flow'] : ['telemetry'],
    list: 'resourceLogs',
    serialize(record) {
      if (record.kind === 'flow' && !flows) return { rejected: 'flows are not wanted: see the option flows' }
      const log = encode(record)
      return 'rejected' in log ? log : (JsonLogsSerializer.serializeRequest([log]) ?? NOTHING)
    },
  })
}

const NOTHING = { rejected: 'the serializer says nothing' }
