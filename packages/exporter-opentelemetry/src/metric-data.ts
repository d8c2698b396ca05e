import type { ValueType } from '@opentelemetry/api'
import type {
  AggregationTemporality,
  DataPoint,
  DataPointType,
  MetricData,
  ExponentialHistogram as SdkHistogram,
} from '@opentelemetry/sdk-metrics'
import type { Metric, Said, TimedPoint } from './figure.ts'

// The SDK's enumerations by their numbers, which are the same in its versions 2 and 3: nothing of it is loaded for them.
const DELTA: AggregationTemporality.DELTA = 0
const CUMULATIVE: AggregationTemporality.CUMULATIVE = 1
const HISTOGRAM: DataPointType.EXPONENTIAL_HISTOGRAM = 1
const GAUGE: DataPointType.GAUGE = 2
const SUM: DataPointType.SUM = 3
const INT: ValueType.INT = 0
const DOUBLE: ValueType.DOUBLE = 1

/** What series said, as the SDK has it. */
export function metricData(said: Said, isCumulative: boolean): MetricData[] {
  return Array.from(said, ([of, points]) => metric(of, points, isCumulative ? CUMULATIVE : DELTA))
}

function metric({ name, type }: Metric, dataPoints: TimedPoint[], aggregationTemporality: AggregationTemporality): MetricData {
  const descriptor = {
    name: name.otel,
    description: name.doc,
    unit: name.unit,
    valueType: type === 'sum' && name.type !== 'float' ? INT : DOUBLE,
  }
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
