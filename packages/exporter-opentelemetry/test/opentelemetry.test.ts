import { readFileSync } from 'node:fs'
import type { Encoded, MetricRecord } from '@geneve-telemetry/core'
import { ATTRIBUTES, isRejected, MEASURES, originOf } from '@geneve-telemetry/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import opentelemetry from '../src/index.ts'
import { VERSION } from '../src/version.ts'
import { anyRecord, example, traffic } from './records.ts'

const format = opentelemetry({ vendors: [example] })

function encode(record: MetricRecord): Encoded {
  const encoded = format.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  return encoded
}

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

interface DataPoint {
  attributes: { key: string; value: Record<string, unknown> }[]
  startTimeUnixNano: string
  timeUnixNano: string
  asInt?: string
  asDouble?: number
}
interface Metric {
  name: string
  description: string
  unit: string
  sum?: { aggregationTemporality: number; isMonotonic: boolean; dataPoints: DataPoint[] }
  gauge?: { dataPoints: DataPoint[] }
}

function metricsOf(batch: readonly Encoded[]): Metric[] {
  const body = text(format.body(batch))
  expect(body.endsWith('}\n')).toBe(true)
  expect(body.trimEnd()).not.toContain('\n')
  return JSON.parse(body).resourceMetrics[0].scopeMetrics[0].metrics
}

test('a record becomes one request', () => {
  const point = {
    attributes: [
      { key: 'geneve.observer', value: { stringValue: 'tap-1' } },
      { key: 'geneve.origin', value: { stringValue: '0a1b' } },
      { key: 'geneve.vni', value: { intValue: '10' } },
      { key: 'network.transport', value: { stringValue: 'tcp' } },
      { key: 'example.endpoint.id', value: { stringValue: 'endpoint-7' } },
    ],
    startTimeUnixNano: '1795428000000000005',
    timeUnixNano: '1795428060000000000',
  }
  const sum = (dataPoint: object) => ({ aggregationTemporality: 1, isMonotonic: true, dataPoints: [dataPoint] })
  expect(JSON.parse(text(format.body([encode(traffic)])))).toEqual({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'geneve-telemetry' } }] },
        scopeMetrics: [
          {
            scope: { name: '@geneve-telemetry/exporter-opentelemetry', version: VERSION },
            metrics: [
              {
                name: 'geneve.traffic.packets',
                unit: '{packet}',
                description: MEASURES['traffic']?.[0]?.doc,
                sum: sum({ ...point, asInt: '18' }),
              },
              {
                name: 'geneve.traffic.io',
                unit: 'By',
                description: MEASURES['traffic']?.[1]?.doc,
                sum: sum({ ...point, asInt: '9007199254740993' }),
              },
              { name: 'geneve.traffic.load', unit: '', description: '', gauge: { dataPoints: [{ ...point, asDouble: 0.5 }] } },
            ],
          },
        ],
      },
    ],
  })
})

test('points of one metric come under one entry, in the order of their records', () => {
  const batch = [traffic, { ...traffic, observer: 'tap-2' }, { ...traffic, id: 'ffff-traffic-10' }].map(encode)
  const metrics = metricsOf(batch)
  expect(metrics.map(({ name }) => name)).toEqual(['geneve.traffic.packets', 'geneve.traffic.io', 'geneve.traffic.load'])
  for (const { sum, gauge } of metrics) {
    const points = (sum ?? gauge)?.dataPoints ?? []
    expect(points.map(({ attributes }) => attributes.slice(0, 2).map(({ value }) => value['stringValue']))).toEqual([
      ['tap-1', '0a1b'],
      ['tap-2', '0a1b'],
      ['tap-1', 'ffff'],
    ])
  }
})

test('every measure has its name, unit and description', () => {
  for (const [measurement, names] of Object.entries(MEASURES)) {
    const points = Object.fromEntries(names.map(({ name }, index) => [name, { type: 'sum' as const, value: index }]))
    const metrics = metricsOf([encode({ ...traffic, measurement, points })])
    expect(metrics.map(({ name, unit, description }) => ({ otel: name, unit, doc: description }))).toEqual(
      names.map(({ otel, unit, doc }) => ({ otel, unit, doc })),
    )
  }
})

test('every attribute has its OpenTelemetry name', () => {
  const attributes = Object.fromEntries(ATTRIBUTES.map(({ name }) => [name, name]))
  const [metric] = metricsOf([encode({ ...traffic, attributes })])
  expect(metric?.sum?.dataPoints[0]?.attributes.slice(2).map(({ key }) => key)).toEqual(ATTRIBUTES.map(({ otel }) => otel))
})

test('whatever can be said comes back, hostile text and 64 bits too', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const points = metricsOf([encode(record)]).flatMap(({ sum, gauge }) => (sum ?? gauge)?.dataPoints ?? [])
      const values = points.map(({ asInt, asDouble }) => (asInt === undefined ? asDouble : BigInt(asInt)))
      const expected = Object.values(record.points)
      expect(values).toHaveLength(expected.length)
      for (const { type, value } of expected) {
        // JSON has no -0.
        expect(values).toContainEqual(type === 'sum' ? BigInt(value) : Number(value) + 0)
      }
      const attributes = Object.fromEntries(points[0]?.attributes.map(({ key, value }) => [key, value]) ?? [])
      expect(attributes['geneve.observer']).toEqual({ stringValue: record.observer.toWellFormed() })
      expect(attributes['geneve.origin']).toEqual({ stringValue: originOf(record.id).toWellFormed() })
      expect(Object.keys(attributes)).toHaveLength(2 + Object.keys(record.attributes).length)
    }),
  )
})

test('any batch has all its points, merged by metric', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 8 }), (records) => {
      const metrics = metricsOf(records.map(encode))
      const expected = new Map<string, number>()
      for (const { measurement, points } of records) {
        for (const [figure, { type }] of Object.entries(points)) {
          const key = `${type} ${MEASURES[measurement]?.find(({ name }) => name === figure)?.otel ?? `geneve.${measurement}.${figure}`}`
          expected.set(key, (expected.get(key) ?? 0) + 1)
        }
      }
      const found = metrics.map(({ name, sum, gauge }) => [`${sum ? 'sum' : 'gauge'} ${name}`, (sum ?? gauge)?.dataPoints.length])
      expect(found).toHaveLength(expected.size)
      expect(new Map(found as [string, number][])).toEqual(expected)
    }),
  )
})

test('a sum above 2^63 - 1, and what is no number, is rejected with the reason', () => {
  const rejected = (changes: Partial<MetricRecord>) => format.encode({ ...traffic, ...changes })
  const sum = (value: number | bigint) => rejected({ points: { packets: { type: 'sum', value } } })
  expect(isRejected(sum(2n ** 63n - 1n))).toBe(false)
  const reason = 'a sum is a whole number from 0 to 2^63 - 1'
  for (const value of [2n ** 63n, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(sum(value)).toEqual({ rejected: `geneve.traffic.packets is ${value}: ${reason}` })
  }
  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    expect(rejected({ points: { load: { type: 'gauge', value } } })).toEqual({
      rejected: `geneve.traffic.load is ${value}: a gauge is a finite number`,
    })
  }
  expect(rejected({ points: {} })).toEqual({ rejected: 'there are no figures' })
  expect(rejected({ attributes: { vni: Number.NaN } })).toEqual({ rejected: 'an attribute is not a finite number' })
  expect(rejected({ attributes: { observer: 'x' } })).toEqual({ rejected: 'two attributes are called geneve.observer' })
  expect(rejected({ start: { seconds: -1, nanos: 0 } })).toEqual({ rejected: 'the time is not within the years 1970 to 2262' })
  expect(rejected({ end: { seconds: 1e10, nanos: 0 } })).toEqual({ rejected: 'the time is not within the years 1970 to 2262' })
  expect(rejected({ observer: 'x'.repeat(500_000) })).toEqual({ rejected: 'larger than 1000000 bytes' })
})

test('the resource is the operator’s', () => {
  const made = opentelemetry({ resource: { 'service.name': 'tap', 'host.name': 'node-1', rack: 7, ratio: 0.5, live: true } })
  const encoded = made.encode(traffic)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  expect(JSON.parse(text(made.body([encoded]))).resourceMetrics[0].resource.attributes).toEqual([
    { key: 'service.name', value: { stringValue: 'tap' } },
    { key: 'host.name', value: { stringValue: 'node-1' } },
    { key: 'rack', value: { intValue: '7' } },
    { key: 'ratio', value: { doubleValue: 0.5 } },
    { key: 'live', value: { boolValue: true } },
  ])
})

test('options that cannot be are refused by name', () => {
  expect(() => opentelemetry({ resource: { rack: Number.NaN } })).toThrow('resource: "rack" is NaN')
  expect(() => opentelemetry({ resource: { '': 'x' } })).toThrow('resource: ""')
  const [option] = example.options
  const taken = { ...option!, fields: [{ ...option!.fields[0]!, otel: 'geneve.origin' }] }
  expect(() => opentelemetry({ vendors: [{ name: 'Example', options: [taken] }] })).toThrow(
    'vendors: the field "endpoint_id" has the otel name geneve.origin, which is taken',
  )
})

test('the version is the manifest’s', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
})
