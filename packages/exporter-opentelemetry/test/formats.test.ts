import { readFileSync } from 'node:fs'
import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleToldRecord, testFormat } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import { otlpLogsFormat, otlpMetricsFormat } from '../src/index.ts'
import { VERSION } from '../src/version.ts'
import { example, traffic } from './records.ts'

interface Request {
  readonly resourceMetrics?: readonly unknown[]
  readonly resourceLogs?: readonly unknown[]
}

/** How many records are in bodies that follow each other, one request in a line. */
function recordsIn(body: Uint8Array): number {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(body).split('\n').slice(0, -1)
  return lines.flatMap((line) => {
    const { resourceMetrics, resourceLogs } = JSON.parse(line) as Request
    return resourceMetrics ?? resourceLogs ?? []
  }).length
}

const metrics = await otlpMetricsFormat({ vendors: [example] })
const logs = await otlpLogsFormat({ vendors: [example] })
testFormat(() => metrics, { parse: recordsIn, records: [traffic, { ...traffic, id: '0a1b-traffic-11' }, sampleToldRecord()] }, test)
testFormat(() => logs, { parse: recordsIn }, test)

test('a metric record keeps its times, its names and its sums from interval to interval', () => {
  const encoded = metrics.encode(traffic)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const [resource] = JSON.parse(new TextDecoder().decode(metrics.body([encoded]))).resourceMetrics
  const [packets] = resource.scopeMetrics[0].metrics
  expect(packets).toMatchObject({ name: 'geneve.traffic.packets', unit: '{packet}', sum: { aggregationTemporality: 1, isMonotonic: true } })
  expect(packets.sum.dataPoints[0]).toMatchObject({
    startTimeUnixNano: '1795428000000000005',
    timeUnixNano: '1795428060000000000',
    asInt: 18,
  })
  expect(packets.sum.dataPoints[0].attributes).toContainEqual({ key: 'example.endpoint.id', value: { stringValue: 'endpoint-7' } })
})

test('a sum above 2^53 is rounded to a double', () => {
  const encoded = metrics.encode({ ...traffic, points: { bytes: { type: 'sum', value: 2n ** 53n + 1n } } })
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  expect(new TextDecoder().decode(metrics.body([encoded]))).toMatch(/"asInt":"?9007199254740992\b/)
})

test('a flow is a log event at its end', () => {
  const flow = sampleFlowRecord()
  const encoded = logs.encode(flow)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const [log] = JSON.parse(new TextDecoder().decode(logs.body([encoded]))).resourceLogs[0].scopeLogs[0].logRecords
  expect(log).toMatchObject({ eventName: 'geneve.flow', timeUnixNano: '1795428060000000000', severityNumber: 9 })
  for (const [key, value] of [
    ['source.address', { stringValue: flow.source }],
    ['destination.port', { intValue: flow.destinationPort }],
    ['geneve.flow.forward.packets', { intValue: flow.forward.packets }],
    ['example.endpoint.id', { stringValue: 'endpoint-0123456789abcdef' }],
  ] as const) {
    expect(log.attributes).toContainEqual({ key, value })
  }
})

test('what cannot be said is rejected with the reason', () => {
  const rejected = (changes: Partial<typeof traffic>) => metrics.encode({ ...traffic, ...changes })
  for (const value of [2n ** 63n - 1n, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(rejected({ points: { packets: { type: 'sum', value } } })).toEqual({
      rejected: `geneve.traffic.packets is ${value}: a sum is a whole number from 0 and below 2^63`,
    })
  }
  expect(rejected({ points: {} })).toEqual({ rejected: 'there are no figures' })
  expect(rejected({ attributes: { vni: Number.NaN } })).toEqual({ rejected: 'an attribute is not a finite number' })
  expect(rejected({ attributes: { observer: 'x' } })).toEqual({ rejected: 'two attributes are called geneve.observer' })
  expect(rejected({ start: { seconds: -1, nanos: 0 } })).toEqual({ rejected: 'the time is not within the years 1970 to 2262' })
})

test('options that cannot be are refused by name', async () => {
  await expect(otlpMetricsFormat({ resource: { rack: Number.NaN } })).rejects.toThrow('resource: "rack" is NaN')
  const [option] = example.options
  const taken = { ...option!, fields: [{ ...option!.fields[0]!, otel: 'geneve.origin' }] }
  await expect(otlpMetricsFormat({ vendors: [{ name: 'Example', options: [taken] }] })).rejects.toThrow('which is taken')
})

test('the version is the manifest’s', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
})
