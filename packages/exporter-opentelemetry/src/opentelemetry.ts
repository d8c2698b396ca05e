import type { Encoded, Format, MetricRecord, Vendor } from '@geneve-telemetry/core'
import { vocabulary } from '@geneve-telemetry/core'
import { type AttributeValue, attributesJson } from './attributes.ts'
import { metricLines, OBSERVER, ORIGIN } from './metric.ts'
import { request } from './request.ts'
import { VERSION } from './version.ts'

export interface OpenTelemetryOptions {
  /** Attributes of the resource, beside `service.name`, which is `geneve-telemetry` if none is given here. */
  readonly resource?: Readonly<Record<string, AttributeValue>>
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

const SCOPE = `{"name":"@geneve-telemetry/exporter-opentelemetry","version":"${VERSION}"}`
/** A collector takes 4 MiB by gRPC and more by HTTP. */
const LIMITS = { records: 1_000, bytes: 4_000_000, recordBytes: 1_000_000 }

/**
 * Metric records as OTLP/JSON: a body is one `ExportMetricsServiceRequest` in one line. Sums are monotonic deltas over their record's interval.
 *
 * @throws TypeError for an option that cannot be
 */
export function opentelemetry(options: OpenTelemetryOptions = {}): Format<MetricRecord> {
  const names = vocabulary(options.vendors ?? [])
  for (const { name, otel } of names.values()) {
    if (otel === OBSERVER || otel === ORIGIN) throw new TypeError(`vendors: the field "${name}" has the otel name ${otel}, which is taken`)
  }
  const resource = resourceJson({ 'service.name': 'geneve-telemetry', ...options.resource })
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()

  return {
    name: 'opentelemetry',
    accepts: ['metric'],
    limits: LIMITS,
    fileName: 'metrics.jsonl',
    encode(record) {
      const lines = metricLines(record, names)
      if (typeof lines !== 'string') return lines
      const bytes = encoder.encode(lines)
      if (bytes.byteLength > LIMITS.recordBytes) return { rejected: `larger than ${LIMITS.recordBytes} bytes` }
      return { id: record.id, kind: 'metric', bytes }
    },
    body(batch: readonly Encoded[]) {
      const lines = batch.flatMap(({ bytes }) => decoder.decode(bytes).split('\n'))
      return encoder.encode(request(lines, resource, SCOPE))
    },
  }
}

function resourceJson(resource: Readonly<Record<string, AttributeValue>>): string {
  const entries = Object.entries(resource)
  for (const [key, value] of entries) {
    const allowed = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    if (key === '' || !allowed) {
      throw new TypeError(`resource: "${key}" is ${String(value)}; a resource has attributes of text, true, false and finite numbers`)
    }
  }
  return attributesJson(entries) ?? '[]'
}
