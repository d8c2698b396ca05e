import type { Encoded, Exporter, MetricRecord } from '@geneve-telemetry/core'
import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, sampleToldRecord } from '@geneve-telemetry/core/testing'
import { InfluxDB } from '@influxdata/influxdb-client'
import { type Dialect, fetchTransport, type InfluxdbExporterOptions, type InfluxdbRecord, influxdbExporter } from '../src/index.ts'

export const never: AbortSignal = new AbortController().signal

export const metric: MetricRecord = { ...sampleMetricRecord(), points: { packets: { type: 'sum', value: 18 } } }
export const samples: readonly InfluxdbRecord[] = [metric, sampleFlowRecord(), sampleToldRecord()]

export const PLACES: Readonly<Record<Dialect, Partial<InfluxdbExporterOptions>>> = {
  v1: { dialect: 'v1', database: 'my db' },
  v2: { dialect: 'v2', org: 'my org', bucket: 'flows&more' },
  v3: { dialect: 'v3', database: 'my db' },
  victoriametrics: { dialect: 'victoriametrics' },
}

const authorization = 'Token secret'

/** The ways to a server that come with the package. */
export const WAYS = {
  client: (url: string) => ({ client: new InfluxDB({ url, timeout: 0, headers: { authorization } }) }),
  fetch: (url: string) => ({ transport: fetchTransport(url, { authorization }) }),
} as const
export type WayName = keyof typeof WAYS
export const WAY_NAMES: readonly WayName[] = ['client', 'fetch']

export function exporterTo(url: string, dialect: Dialect, way: WayName = 'client', more: Partial<InfluxdbExporterOptions> = {}): Exporter {
  return influxdbExporter({ ...WAYS[way](url), ...PLACES[dialect], flows: true, ...more }) as Exporter
}

/** Points of as many series. */
export function batchOf(exporter: Exporter, count: number): readonly Encoded[] {
  return Array.from({ length: count }, (_, index) => {
    const encoded = exporter.encode({ ...metric, attributes: { ...metric.attributes, vni: index } })
    if (isRejected(encoded)) throw new Error(encoded.rejected)
    return encoded
  })
}
