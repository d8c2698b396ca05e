import type { MetricRecord, Quantity } from '@geneve-telemetry/core'
import { isRejected, MEASURES, originOf } from '@geneve-telemetry/core'
import { ValueType } from '@opentelemetry/api'
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import opentelemetry from '../src/index.ts'
import { VERSION } from '../src/version.ts'
import { anyRecord, traffic } from './records.ts'

/** The same data as the SDK holds it. Its numbers are doubles, so only those come here. */
function toSdk(record: MetricRecord): ResourceMetrics {
  const attributes = {
    'geneve.observer': record.observer,
    'geneve.origin': originOf(record.id),
    ...Object.fromEntries(Object.entries(record.attributes).map(([name, value]) => [OTEL[name] ?? `geneve.${name}`, value])),
  }
  const metrics = Object.entries(record.points).map(([figure, point]): MetricData => {
    const name = MEASURES[record.measurement]?.find((measure) => measure.name === figure)
    const sum = point.type === 'sum'
    const common = {
      descriptor: {
        name: name?.otel ?? `geneve.${record.measurement}.${figure}`,
        description: name?.doc ?? '',
        unit: name?.unit ?? '',
        valueType: sum ? ValueType.INT : ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.DELTA,
      dataPoints: [
        {
          startTime: [record.start.seconds, record.start.nanos] as [number, number],
          endTime: [record.end.seconds, record.end.nanos] as [number, number],
          attributes,
          value: Number(point.value),
        },
      ],
    }
    return sum ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true } : { ...common, dataPointType: DataPointType.GAUGE }
  })
  return {
    // The serializer reads the attributes only.
    resource: { attributes: { 'service.name': 'geneve-telemetry' } } as unknown as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: '@geneve-telemetry/exporter-opentelemetry', version: VERSION }, metrics }],
  }
}

const OTEL: Record<string, string> = { vni: 'geneve.vni', transport: 'network.transport', vendor: 'geneve.option.vendor' }

/**
 * The official serializer writes 64-bit integers as JSON numbers, where the protocol's JSON says text, and a count of dropped attributes even when it is 0,
 * the default. Readers take both.
 */
function asTheProtocolSays(json: string): unknown {
  return JSON.parse(json, (key, value) => {
    if (key === 'intValue' || key === 'asInt') return String(value)
    return key === 'droppedAttributesCount' && value === 0 ? undefined : value
  })
}

const format = opentelemetry()

function expectTheSame(record: MetricRecord): void {
  const encoded = format.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const official = JsonMetricsSerializer.serializeRequest(toSdk(record))
  if (official === undefined) throw new Error('the official serializer says nothing')
  const decoder = new TextDecoder()
  expect(JSON.parse(decoder.decode(format.body([encoded])))).toEqual(asTheProtocolSays(decoder.decode(official)))
}

const isDouble = (value: Quantity): boolean => typeof value === 'number'

test('the official serializer says the same', () => {
  expectTheSame({ ...traffic, points: { ...traffic.points, bytes: { type: 'sum', value: Number.MAX_SAFE_INTEGER } } })
})

test('the official serializer says the same of any record that it can say', () => {
  fc.assert(
    fc.property(
      anyRecord.filter(
        ({ points, attributes }) =>
          Object.values(points).every(({ value }) => isDouble(value)) &&
          // Above 2^53 it writes a rounded integer, we a double.
          Object.values(attributes).every((value) => typeof value === 'string' || Number.isSafeInteger(value) || !Number.isInteger(value)),
      ),
      expectTheSame,
    ),
  )
})
