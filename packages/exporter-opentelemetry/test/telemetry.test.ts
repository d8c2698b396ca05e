import type { Instant, ToldRecord, ToldValues } from '@geneve-telemetry/core'
import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import type { MetricData } from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { anyTold, gateway, told, WHOLE } from '../../../test/example-gateway.ts'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import { GeneveMetricProducer, otlpLogsFormat, otlpLogsSink, otlpMetricsFormat, otlpMetricsSink, ToldEvents } from '../src/index.ts'

/** What metrics of OpenTelemetry can say: no whole number is above 2^53 - 1. */
const SAYABLE: ToldValues = { ...WHOLE, rate: 2 ** 53 - 1, octets: 1000 }
const vendors = [gateway]
const signal = new AbortController().signal

const at = (seconds: number): Instant => ({ seconds: 1_795_428_000 + seconds, nanos: 5 })
const tell = (values: ToldValues, seconds: number): ToldRecord => told(values, { time: at(seconds) })

async function collected(producer: GeneveMetricProducer): Promise<readonly MetricData[]> {
  const { resourceMetrics, errors } = await producer.collect()
  expect(errors).toEqual([])
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
}

/** Points of one metric: start and end in seconds after the first, and the value. */
const pointsOf = (metrics: readonly MetricData[], name: string): readonly (readonly [start: number, end: number, value: unknown])[] =>
  metrics
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) =>
      dataPoints.map(({ startTime, endTime, value }) => [startTime[0] - at(0).seconds, endTime[0] - at(0).seconds, value] as const),
    )

describe('metrics', () => {
  test('numbers are gauges and sums by their instrument, with the unit of their field; texts are none', async () => {
    const producer = new GeneveMetricProducer({ vendors })
    expect(producer.add(told(SAYABLE))).toBeUndefined()
    const metrics = await collected(producer)
    const kinds = { 2: 'gauge', 3: 'sum', 1: 'histogram', 0: 'histogram' } as const
    expect(
      metrics.map(({ descriptor: { name, unit }, dataPointType, dataPoints }) => [name, kinds[dataPointType], unit, dataPoints[0]?.value]),
    ).toEqual([
      ['example.gateway.connections', 'gauge', '{connection}', 55],
      ['example.gateway.level', 'gauge', 'dBm', -12],
      ['example.gateway.load', 'gauge', '%', 0.1],
      ['example.gateway.rate', 'gauge', 'bit/s', 2 ** 53 - 1],
      ['example.gateway.drops', 'sum', '{packet}', 0],
      ['example.gateway.octets', 'sum', 'By', 1000],
    ])
    for (const { dataPoints } of metrics) {
      expect(dataPoints[0]?.attributes).toEqual({
        'geneve.observer': 'tap-1',
        'geneve.origin': '0a1b',
        'geneve.option.vendor': 'Example',
        'geneve.subject.type': 'gateway_id',
        'geneve.subject.id': 'gateway-0123456789abcdef',
        'example.gateway.zone': 'a',
        'example.gateway.region': 'eu-1',
        'example.gateway.vlan': 7,
      })
    }
  })

  test('a counter is what its sender says, from its first point on, and begins again when it falls', async () => {
    const producer = new GeneveMetricProducer({ vendors })
    const octets = [100, 160, 40, 40, 90]
    for (const [index, value] of octets.entries()) expect(producer.add(tell({ octets: value }, index * 60))).toBeUndefined()
    const metrics = await collected(producer)
    expect(metrics).toMatchObject([{ isMonotonic: true, aggregationTemporality: 1 }])
    expect(pointsOf(metrics, 'example.gateway.octets')).toEqual([
      [0, 0, 100],
      [0, 60, 160],
      [60, 120, 40],
      [60, 180, 40],
      [60, 240, 90],
    ])
    producer.add(tell({ octets: 91 }, 300))
    expect(pointsOf(await collected(producer), 'example.gateway.octets')).toEqual([[60, 300, 91]])
    expect(await collected(producer)).toEqual([])
  })

  test('as deltas it is what was added between two records', async () => {
    const producer = new GeneveMetricProducer({ vendors, temporality: 'delta' })
    for (const [index, octets] of [100, 160, 40, 90].entries()) producer.add(tell({ octets, connections: octets }, index * 60))
    const metrics = await collected(producer)
    expect(pointsOf(metrics, 'example.gateway.octets')).toEqual([
      [0, 60, 60],
      [60, 120, 40],
      [120, 180, 50],
    ])
    expect(pointsOf(metrics, 'example.gateway.connections').map(([, , value]) => value)).toEqual([100, 160, 40, 90])
    const joined = new GeneveMetricProducer({ vendors, temporality: 'delta', history: false })
    for (const [index, octets] of [100, 160, 40, 90].entries()) joined.add(tell({ octets }, index * 60))
    expect(pointsOf(await collected(joined), 'example.gateway.octets')).toEqual([[0, 180, 150]])
  })

  test('without history only the latest value waits', async () => {
    const producer = new GeneveMetricProducer({ vendors, history: false })
    for (const [index, octets] of [100, 160, 40].entries()) producer.add(tell({ octets, load: octets }, index * 60))
    const metrics = await collected(producer)
    expect(pointsOf(metrics, 'example.gateway.octets')).toEqual([[60, 120, 40]])
    expect(pointsOf(metrics, 'example.gateway.load')).toEqual([[120, 120, 40]])
  })

  test('two subjects are two series, and what is told again at the same time is said once', async () => {
    const producer = new GeneveMetricProducer({ vendors })
    const other = { subject: { type: 'gateway_id', id: 'gateway-2' } }
    producer.add(told({ octets: 1 }))
    producer.add(told({ octets: 2 }, other))
    producer.add(told({ octets: 1 }, { reason: 'end', packets: 0 }))
    expect(pointsOf(await collected(producer), 'example.gateway.octets').map(([, , value]) => value)).toEqual([1, 2])
  })

  test('a state that changes begins no new series', async () => {
    const producer = new GeneveMetricProducer({ vendors })
    producer.add(tell({ status: 'available', groups: ['x'], octets: 1 }, 0))
    producer.add(tell({ status: 'failed', groups: ['y'], peer: '192.0.2.1', octets: 2 }, 60))
    expect(pointsOf(await collected(producer), 'example.gateway.octets')).toEqual([
      [0, 0, 1],
      [0, 60, 2],
    ])
  })

  test('what metrics cannot say is rejected with the reason, and changes nothing', async () => {
    const producer = new GeneveMetricProducer({ vendors })
    for (const value of [2n ** 53n, 2n ** 64n - 1n]) {
      expect(producer.add(told({ connections: 1, octets: value }))).toEqual({
        rejected: `example.gateway.octets is ${value}: the metrics of OpenTelemetry for JavaScript are exact up to 2^53 - 1 only`,
      })
    }
    expect(producer.add(told({ load: Number.NaN }))).toEqual({ rejected: 'example.gateway.load is NaN: a metric is a finite number' })
    expect(producer.add(told({ drops: -1 }))).toEqual({ rejected: 'example.gateway.drops is -1: a counter is never below 0' })
    expect(producer.add(told({ drops: 0.5 }))).toEqual({ rejected: 'example.gateway.drops is 0.5: it is no whole number' })
    expect(producer.add(told({}, { time: { seconds: -1, nanos: 0 } }))).toEqual({
      rejected: 'the time is not within the years 1970 to 2262',
    })
    expect(await collected(producer)).toEqual([])
  })

  test('subjects beyond the limit are rejected, until others are forgotten', async () => {
    const producer = new GeneveMetricProducer({ vendors, cardinalityLimit: 2, expiryMs: 60_000 })
    const add = (id: string, seconds: number) => producer.add({ ...tell({ octets: 1 }, seconds), subject: { type: 'flow', id } })
    expect([add('a', 0), add('b', 90), add('c', 90)]).toEqual([
      undefined,
      undefined,
      { rejected: 'there are more than 2 series of told subjects' },
    ])
    await collected(producer)
    expect([add('c', 100), add('d', 100)]).toEqual([undefined, { rejected: 'there are more than 2 series of told subjects' }])
  })
})

describe('log events', () => {
  const events = new ToldEvents({ vendors })

  test('an event has all that was told; a number that no double holds is its digits', () => {
    const event = events.event(told(WHOLE))
    expect(event).toEqual({
      eventName: 'geneve.telemetry',
      timestamp: [1_795_428_000, 123_456_789],
      severityNumber: 9,
      attributes: {
        'geneve.observer': 'tap-1',
        'geneve.origin': '0a1b',
        'geneve.option.vendor': 'Example',
        'geneve.subject.type': 'gateway_id',
        'geneve.subject.id': 'gateway-0123456789abcdef',
        'geneve.told.reason': 'new',
        'geneve.told.packets': 1200,
        ...Object.fromEntries(Object.entries(WHOLE).map(([name, value]) => [`example.gateway.${name}`, value])),
        'example.gateway.rate': '18446744073709551615',
        'example.gateway.octets': '9007199254740993',
      },
    })
  })

  test('any record is an event, and nothing of it is missing', () => {
    fc.assert(
      fc.property(anyTold, (record) => {
        const event = events.event(record)
        if ('rejected' in event) throw new Error(event.rejected)
        for (const [name, value] of Object.entries(record.values)) {
          const isDigits = typeof value === 'bigint' || (Number.isInteger(value) && !Number.isSafeInteger(value))
          expect(event.attributes[`example.gateway.${name}`]).toEqual(isDigits ? String(value) : value)
        }
        expect(Object.keys(event.attributes)).toHaveLength(7 + Object.keys(record.values).length)
      }),
    )
  })

  test('what cannot be said is rejected with the reason', () => {
    expect(events.event(told({ load: Number.NaN }))).toEqual({ rejected: 'example.gateway.load is NaN' })
    expect(events.event(told({}, { time: { seconds: -1, nanos: 0 } }))).toEqual({
      rejected: 'the time is not within the years 1970 to 2262',
    })
    expect(new ToldEvents().event(told({ observer: 'x' }))).toEqual({ rejected: 'two attributes are called geneve.observer' })
    expect(() => new ToldEvents({ eventName: '' })).toThrow('eventName: an event has a name')
  })

  test('a field cannot have a name that events have', () => {
    const [field] = gateway.record!.fields
    for (const otel of ['geneve.subject.id', 'geneve.told.packets', 'geneve.origin']) {
      const taken = { ...gateway, record: { ...gateway.record!, fields: [{ ...field!, otel }] } }
      expect(() => new ToldEvents({ vendors: [taken] })).toThrow(`the otel name ${otel}, which is taken`)
    }
  })
})

test('in files a counter has no start, and a record without numbers has no metrics', async () => {
  const metrics = await otlpMetricsFormat({ vendors })
  const entry = (values: ToldValues) => {
    const encoded = metrics.encode(told(values))
    if ('rejected' in encoded) throw new Error(encoded.rejected)
    return JSON.parse(new TextDecoder().decode(encoded.bytes)).scopeMetrics[0].metrics
  }
  expect(entry({ octets: 7, load: 0.5 })).toMatchObject([
    {
      name: 'example.gateway.octets',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ asInt: 7, startTimeUnixNano: '0' }] },
    },
    { name: 'example.gateway.load', gauge: { dataPoints: [{ asDouble: 0.5, timeUnixNano: '1795428000123456789' }] } },
  ])
  expect(entry({ status: 'available' })).toEqual([])
  expect(metrics.encode(told(WHOLE))).toEqual({ rejected: expect.stringContaining('exact up to 2^53 - 1 only') })

  const logs = await otlpLogsFormat({ vendors, flows: false })
  const encoded = logs.encode(told(WHOLE))
  if ('rejected' in encoded) throw new Error(encoded.rejected)
  const [log] = JSON.parse(new TextDecoder().decode(encoded.bytes)).scopeLogs[0].logRecords
  expect(log).toMatchObject({ eventName: 'geneve.telemetry', timeUnixNano: '1795428000123456789' })
  expect(log.attributes).toContainEqual({ key: 'example.gateway.octets', value: { stringValue: '9007199254740993' } })
  expect(log.attributes).toContainEqual({
    key: 'example.gateway.groups',
    value: { arrayValue: { values: [{ stringValue: 'group-2' }, { stringValue: 'group-1' }] } },
  })
})

describe('sinks', () => {
  const OK: Answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
  const servers: LoopbackServer[] = []
  afterAll(async () => {
    for (const server of servers) await server.close()
  })
  async function backend(...answers: readonly Answer[]): Promise<LoopbackServer> {
    const server = await LoopbackServer.start(() => OK)
    servers.push(server)
    server.play(...answers)
    return server
  }
  const delivered = { kind: 'telemetry', fate: 'delivered' }
  const timeoutMs = 300

  test('numbers wait until they arrive; a record without any has nothing to wait for', async () => {
    const server = await backend({ status: 503 })
    const sink = await otlpMetricsSink({ url: server.url, timeoutMs, vendors })
    sink.take(tell({ status: 'available' }, 0))
    expect(await sink.push(signal)).toEqual([{ ...delivered, records: 1 }])
    expect(server.received).toHaveLength(0)
    sink.take(tell({ octets: 1 }, 1))
    sink.take(tell({ octets: 2 }, 2))
    expect(await sink.push(signal)).toEqual([])
    sink.take(tell({ octets: 3 }, 3))
    expect(await sink.push(signal)).toEqual([{ ...delivered, records: 3 }])
    const { resourceMetrics } = JSON.parse(new TextDecoder().decode(server.received.at(-1)?.body))
    const [metric] = resourceMetrics[0].scopeMetrics[0].metrics
    expect(metric.sum.dataPoints.map(({ asInt }: { asInt: number }) => asInt)).toEqual([1, 2, 3])
  })

  test('deltas of a push that failed are dropped', async () => {
    const server = await backend({ status: 503 })
    const sink = await otlpMetricsSink({ url: server.url, timeoutMs, vendors, temporality: 'delta' })
    sink.take(tell({ octets: 1 }, 1))
    sink.take(tell({ octets: 2 }, 2))
    expect(await sink.push(signal)).toMatchObject([{ kind: 'telemetry', records: 2, fate: 'dropped' }])
  })

  test('a backend without logs is no error at the start unless flows are wanted; what it does not get is counted', async () => {
    for (const status of [404, 405]) {
      const server = await backend({ status }, { status })
      const sink = await otlpLogsSink({ url: server.url, timeoutMs, vendors, flows: false })
      await sink.start?.(signal)
      expect(sink.take(told(WHOLE))).toEqual({ rejected: expect.stringMatching(`/v1/logs answers ${status}: there is no OTLP endpoint`) })
      const withFlows = await otlpLogsSink({ url: server.url, timeoutMs, vendors })
      await expect(withFlows.start?.(signal)).rejects.toThrow(`answers ${status}`)
    }
    const closed = await otlpLogsSink({ url: 'http://127.0.0.1:1', timeoutMs, flows: false })
    await expect(closed.start?.(signal)).rejects.toThrow('cannot be reached')
  })

  test('events and flows are told apart in what is said of them', async () => {
    const server = await backend({ status: 400, body: '{"message":"no"}' })
    const sink = await otlpLogsSink({ url: server.url, timeoutMs, vendors })
    sink.take(sampleFlowRecord())
    sink.take(told(WHOLE))
    expect(await sink.push(signal)).toEqual([
      { kind: 'telemetry', records: 1, fate: 'rejected', reason: 'HTTP 400: no' },
      { kind: 'flow', records: 1, fate: 'delivered' },
    ])
  })
})
