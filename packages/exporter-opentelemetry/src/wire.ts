import type { Way, Wire } from '@geneve-telemetry/core'
import { connectionOf, isLogging, resourceAttributesOf, temporalityOf } from './environment.ts'
import { otlpLogsFormat, otlpMetricsFormat } from './formats.ts'
import { otlpLogsSink } from './logs-sink.ts'
import { otlpMetricsSink } from './metrics-sink.ts'

/** More than the series that a program counts in: none goes into the overflow there, unless taps and captures come together. */
const CARDINALITY_LIMIT = 20_000

/**
 * Without a URL, OTLP/JSON for files. With one, a base like `http://localhost:4318`, metrics and the numbers of telemetry records for it, and telemetry records as
 * log events, with them flows if they are wanted; `OTEL_EXPORTER_OTLP_*`, `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` of the environment say the rest.
 * `OTEL_LOGS_EXPORTER=none` leaves the log events out.
 */
export const wire: Wire = async (wiring): Promise<Way | readonly Way[]> => {
  const { url, vendors, flows, environment = {} } = wiring
  const common = { vendors, resource: resourceAttributesOf(environment) }
  const logs = isLogging(environment)
  if (flows && !logs) throw new TypeError('OTEL_LOGS_EXPORTER: none leaves out the flows that are wanted')
  if (url === undefined)
    return logs ? Promise.all([otlpMetricsFormat(common), otlpLogsFormat({ ...common, flows })]) : otlpMetricsFormat(common)
  const metrics = await otlpMetricsSink({
    ...common,
    ...(await connectionOf(wiring, url, 'METRICS')),
    temporality: temporalityOf(environment),
    cardinalityLimit: CARDINALITY_LIMIT,
  })
  return logs ? [metrics, await otlpLogsSink({ ...common, ...(await connectionOf(wiring, url, 'LOGS')), flows })] : metrics
}
