import type { Instant } from '@geneve-telemetry/core'
import type { ValueType } from '@opentelemetry/api'
import type {
  AggregationTemporality,
  DataPoint,
  DataPointType,
  MetricData,
  ExponentialHistogram as SdkHistogram,
} from '@opentelemetry/sdk-metrics'
import type { TimedValue } from './figure.ts'
import type { Said } from './series.ts'

// The SDK's enumerations by their numbers, which are the same in its versions 2 and 3: nothing of it is loaded for them.
const DELTA: AggregationTemporality.DELTA = 0
const CUMULATIVE: AggregationTemporality.CUMULATIVE = 1
const HISTOGRAM: DataPointType.EXPONENTIAL_HISTOGRAM = 1
const GAUGE: DataPointType.GAUGE = 2
const SUM: DataPointType.SUM = 3
const INT: ValueType.INT = 0
const DOUBLE: ValueType.DOUBLE = 1

/** What series said, as the SDK has it: points of one metric under one entry. */
export function metricData(parts: Iterable<Said>, isCumulative: boolean): MetricData[] {
  const metrics = new Map<string, { readonly of: Said; readonly points: DataPoint<unknown>[] }>()
  for (const part of parts) {
    const key = `${part.type} ${part.name.otel}`
    let metric = metrics.get(key)
    if (metric === undefined) {
      metric = { of: part, points: [] }
      metrics.set(key, metric)
    }
    for (const value of part.values) metric.points.push(dataPoint(part, value))
  }
  return Array.from(metrics.values(), ({ of, points }) => metric(of, points, isCumulative ? CUMULATIVE : DELTA))
}

function metric({ name, type }: Said, dataPoints: DataPoint<unknown>[], aggregationTemporality: AggregationTemporality): MetricData {
  const descriptor = { name: name.otel, description: name.doc, unit: name.unit, valueType: type === 'sum' ? INT : DOUBLE }
  switch (type) {
    case 'sum':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: SUM,
        isMonotonic: true,
        dataPoints: dataPoints as DataPoint<number>[],
      }
    case 'gauge':
      return { descriptor, aggregationTemporality, dataPointType: GAUGE, dataPoints: dataPoints as DataPoint<number>[] }
    case 'histogram':
      return { descriptor, aggregationTemporality, dataPointType: HISTOGRAM, dataPoints: dataPoints as DataPoint<SdkHistogram>[] }
  }
}

function dataPoint({ attributes }: Said, { start, end, value }: TimedValue): DataPoint<unknown> {
  return { startTime: hrTime(start), endTime: hrTime(end), attributes, value: typeof value === 'object' ? histogram(value) : Number(value) }
}

function histogram({ type, positive, ...rest }: Extract<TimedValue['value'], object>): SdkHistogram {
  return {
    ...rest,
    positive: { offset: positive.offset, bucketCounts: [...positive.bucketCounts] },
    negative: { offset: 0, bucketCounts: [] },
  }
}

export function hrTime({ seconds, nanos }: Instant): [seconds: number, nanos: number] {
  return [seconds, nanos]
}
