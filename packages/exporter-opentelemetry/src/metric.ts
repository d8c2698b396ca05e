import type { MetricRecord, Name, Point, Rejected } from '@geneve-telemetry/core'
import { instantNanos, int64Text, measureName, originOf, unlistedName } from '@geneve-telemetry/core'
import { type AttributeValue, attributesJson } from './attributes.ts'

/** Who saw it, and in which capture or run: without these two, the figures of two taps or of two captures would be taken for one series. */
export const OBSERVER = 'geneve.observer'
export const ORIGIN = 'geneve.origin'

/** `AggregationTemporality` of the protocol. */
const DELTA = 1

/** A record's points, each a `Metric` of the protocol in JSON with one data point, one in a line; see `request` for why. */
export function metricLines(record: MetricRecord, names: ReadonlyMap<string, Name>): string | Rejected {
  const start = instantNanos(record.start)
  const end = instantNanos(record.end)
  if (start === undefined || end === undefined) return { rejected: 'the time is not within the years 1970 to 2262' }

  const values = new Map<string, AttributeValue>([
    [OBSERVER, record.observer],
    [ORIGIN, originOf(record.id)],
  ])
  for (const [name, value] of Object.entries(record.attributes)) {
    const { otel } = names.get(name) ?? unlistedName(name)
    if (values.has(otel)) return { rejected: `two attributes are called ${otel}` }
    values.set(otel, value)
  }
  const attributes = attributesJson(values)
  if (attributes === undefined) return { rejected: 'an attribute is not a finite number' }

  const head = `{"attributes":${attributes},"startTimeUnixNano":"${start}","timeUnixNano":"${end}",`
  const lines: string[] = []
  for (const [figure, point] of Object.entries(record.points)) {
    const name = measureName(record.measurement, figure)
    const value = pointValue(point)
    if (value === undefined) return { rejected: `${name.otel} is ${point.value}: ${ALLOWED[point.type]}` }
    lines.push(metricJson(name, point.type, `${head}${value}}`))
  }
  return lines.length === 0 ? { rejected: 'there are no figures' } : lines.join('\n')
}

const ALLOWED = { sum: 'a sum is a whole number from 0 to 2^63 - 1', gauge: 'a gauge is a finite number' }

function pointValue(point: Point): string | undefined {
  if (point.type === 'gauge') return Number.isFinite(point.value) ? `"asDouble":${point.value}` : undefined
  const whole = int64Text(point.value)
  return whole === undefined || point.value < 0 ? undefined : `"asInt":"${whole}"`
}

/** One `Metric`, its data points at the end. */
function metricJson(name: Name, type: Point['type'], dataPoint: string): string {
  const title = `"name":${JSON.stringify(name.otel)},"description":${JSON.stringify(name.doc)},"unit":${JSON.stringify(name.unit)}`
  const data = type === 'sum' ? `"sum":{"aggregationTemporality":${DELTA},"isMonotonic":true,` : '"gauge":{'
  return `{${title},${data}"dataPoints":[${dataPoint}]}}`
}
