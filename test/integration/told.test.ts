import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Exporter, Sink, ToldRecord, ToldValue, Wire, Wiring } from '@geneve-telemetry/core'
import { isRejected, valueTypeOf } from '@geneve-telemetry/core'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import elasticWire from '@geneve-telemetry/exporter-elasticsearch'
import openSearchWire from '@geneve-telemetry/exporter-elasticsearch/opensearch'
import influxWire from '@geneve-telemetry/exporter-influxdb'
import otlpWire from '@geneve-telemetry/exporter-opentelemetry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIELDS, quantity, toldRecord, wholeValues, written } from './told-record.ts'

// A record with every field goes to real servers and comes back with the same values, numbers of 64 bits too where the server has room for them.

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '', OPENSEARCH_URL } = process.env
const { INFLUXDB2_URL = '', INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = process.env
const { INFLUXDB1_URL = '', VICTORIAMETRICS_URL = '', OTLP_HTTP_URL, OTELCOL_OUT } = process.env

const signal = new AbortController().signal
const run = `told${process.pid}x${Math.floor(Date.now() / 1000)}`
const DELIVERED = { retry: [], rejected: [] }

const JUST_UNSAFE = 2n ** 53n + 1n
const MOST_SIGNED = 2n ** 63n - 1n
const MOST = 2n ** 64n - 1n

const wiring = (url: string, environment: Wiring['environment'] = process.env): Wiring => ({
  url: new URL(url),
  environment,
  readFile,
  vendors: builtInVendors,
  flows: false,
  live: false,
})

const exporterAt = async (wire: Wire, url: string, environment?: Wiring['environment']): Promise<Exporter> =>
  (await wire(wiring(url, environment))) as Exporter

async function send(exporter: Exporter, record: ToldRecord) {
  const encoded = exporter.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  return exporter.send([encoded], signal)
}

/** Values by the name of their field, numbers in full. */
const texts = (values: Readonly<Record<string, ToldValue>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)]))

test('the record has every field, and is the same behind the encoder, packets, decoder and merging', () => {
  for (const most of [0n, JUST_UNSAFE, MOST]) {
    const values = wholeValues(most)
    expect(Object.keys(values)).toHaveLength(FIELDS.length)
    const record = toldRecord(values, run)
    expect(record).toMatchObject({ subject: { type: 'nat_gateway_id', id: values['nat_gateway_id'] }, reason: 'new' })
    expect(texts(record.values)).toEqual(texts(values))
  }
})

describe.each([
  // Stands in `long` for `unsigned_long`, so 2^63 - 1 is the most that it can show.
  { name: 'Elasticsearch', server: ELASTICSEARCH_URL, wire: elasticWire, sizes: [JUST_UNSAFE, MOST_SIGNED], beyond: MOST },
  { name: 'OpenSearch', server: OPENSEARCH_URL, wire: openSearchWire, sizes: [JUST_UNSAFE, MOST_SIGNED, MOST], beyond: undefined },
])('a real $name (skipped: its URL is not set)', ({ server = '', wire, sizes, beyond }) => {
  const only = test.skipIf(server === '')
  const namespace = `${run}${wire === elasticWire ? 'e' : 'o'}`
  const stream = `logs-geneve.telemetry-${namespace}`
  const unsigned = FIELDS.filter((field) => valueTypeOf(field) === 'unsigned64')

  async function call(path: string, method: string, body?: string): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json' }
    const response = await fetch(`${server}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text
  }

  /** Numbers as the server wrote them. */
  const exact = (text: string): unknown =>
    JSON.parse(text, (_, value, context?: { source?: string }) => (typeof value === 'number' ? (context?.source ?? value) : value))

  interface Hit {
    readonly _source: Readonly<Record<string, unknown>>
    readonly fields: Readonly<Record<string, readonly string[]>>
  }

  async function hits(query: string, fields: readonly string[] = []): Promise<readonly Hit[]> {
    const found = await call(`/${stream}/_search`, 'POST', `{"query":${query},"docvalue_fields":${JSON.stringify(fields)}}`)
    return (exact(found) as { hits: { hits: readonly Hit[] } }).hits.hits
  }

  /** The only document of an observer; the server gives 100 fields of the index at most in one answer. */
  async function documentOf(observer: string): Promise<Hit> {
    const names = FIELDS.map(({ ecs }) => ecs)
    const parts = await Promise.all(
      [names.slice(0, 100), names.slice(100)].map((some) => hits(`{"term":{"observer.name":"${observer}"}}`, some)),
    )
    expect(parts.map(({ length }) => length)).toEqual([1, 1])
    const [[one], [other]] = parts as unknown as readonly [[Hit], [Hit]]
    return { _source: one._source, fields: { ...one.fields, ...other.fields } }
  }

  const inSource = (source: unknown, path: string): unknown =>
    path.split('.').reduce((object, key) => (object as Record<string, unknown> | undefined)?.[key], source)

  only(
    'gives every field back, in the document and in its index',
    async () => {
      const exporter = await exporterAt(wire, `${server}?namespace=${namespace}`)
      try {
        await exporter.start?.(signal)
        for (const most of sizes) {
          const record = toldRecord(wholeValues(most), `${run}-${most}`)
          expect(await send(exporter, record)).toEqual(DELIVERED)
          await call(`/${stream}/_refresh`, 'POST')
          const { _source, fields } = await documentOf(`${run}-${most}`)
          for (const { name, ecs, list } of FIELDS) {
            const told = record.values[name] as ToldValue
            expect([name, written(inSource(_source, ecs) as ToldValue)]).toEqual([
              name,
              written(typeof told === 'number' ? String(told) : told),
            ])
            // The index has a list's texts sorted; an address as text, a float in the server's own digits.
            const indexed = fields[ecs] ?? []
            if (list) expect(indexed).toEqual([...(told as readonly string[])].sort())
            else if (typeof told === 'number') expect([name, indexed.map(Number)]).toEqual([name, [told]])
            else expect([name, indexed.map(String)]).toEqual([name, [String(told)]])
          }
          // And is found by exactly this number.
          for (const { ecs } of unsigned) {
            const of = (value: bigint) =>
              hits(`{"bool":{"filter":[{"term":{"observer.name":"${run}-${most}"}},{"term":{"${ecs}":${value}}}]}}`)
            expect(await of(most)).toHaveLength(1)
            expect(await of(most - 1n)).toHaveLength(0)
          }
        }
        if (beyond !== undefined) {
          const { rejected } = await send(exporter, toldRecord(wholeValues(beyond), `${run}-${beyond}`))
          expect(rejected).toEqual([
            {
              index: 0,
              reason: expect.stringMatching(/^400 document_parsing_exception: failed to parse field \[[\w.]+\] of type \[long\]$/),
            },
          ])
        }
      } finally {
        await exporter.close?.()
        await call(`/_data_stream/*-geneve.*-${namespace}`, 'DELETE')
      }
    },
    60_000,
  )
})

describe.skipIf(INFLUXDB2_URL === '')('a real InfluxDB 2 (skipped: INFLUXDB2_URL not set)', () => {
  const environment = { INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: INFLUXDB2_BUCKET, INFLUX_TOKEN: INFLUXDB2_TOKEN }

  /** The rows of CSV, with quotes. */
  function rowsOf(csv: string): readonly (readonly string[])[] {
    return csv
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) =>
        Array.from(
          line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
          ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
        ),
      )
  }

  async function point(observer: string): Promise<ReadonlyMap<string, string>> {
    const query = `from(bucket: "${INFLUXDB2_BUCKET}") |> range(start: 0)
      |> filter(fn: (r) => r._measurement == "geneve_telemetry_nat_gateway_id" and r.observer == "${observer}")
      |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`
    const response = await fetch(`${INFLUXDB2_URL}/api/v2/query?org=${INFLUXDB2_ORG}`, {
      method: 'POST',
      headers: { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': 'application/json', accept: 'application/csv' },
      body: JSON.stringify({ query, type: 'flux' }),
    })
    const [keys = [], values = [], ...more] = rowsOf(await response.text())
    expect(more).toEqual([])
    return new Map(keys.map((key, index) => [key, values[index] ?? '']))
  }

  test('gives every field back, in tags and fields, exact up to 2^64 - 1', async () => {
    const exporter = await exporterAt(influxWire, INFLUXDB2_URL, environment)
    for (const most of [JUST_UNSAFE, MOST]) {
      const record = toldRecord(wholeValues(most), `${run}-${most}`)
      expect(await send(exporter, record)).toEqual(DELIVERED)
      const row = await point(`${run}-${most}`)
      for (const { name, influx, type } of FIELDS) {
        const told = record.values[name] as ToldValue
        const back = row.get(influx)
        if (type === 'float') expect([name, Number(back)]).toEqual([name, told])
        else expect([name, back]).toEqual([name, typeof told === 'object' ? JSON.stringify(told) : String(told)])
      }
      expect(row.get('subject')).toBe(record.subject.id)
      expect(row.get('told_packets')).toBe(String(record.packets))
    }
  })

  test('has two subjects of the same nanosecond both', async () => {
    const exporter = await exporterAt(influxWire, INFLUXDB2_URL, environment)
    const record = toldRecord(wholeValues(1n), `${run}-two`)
    for (const id of ['one', 'two']) {
      expect(await send(exporter, { ...record, id: `${run}-${id}`, subject: { type: 'told_pair', id } })).toEqual(DELIVERED)
    }
    const query = `from(bucket: "${INFLUXDB2_BUCKET}") |> range(start: 0)
      |> filter(fn: (r) => r._measurement == "geneve_telemetry_told_pair" and r.observer == "${run}-two" and r._field == "told_packets") |> group() |> count()`
    const response = await fetch(`${INFLUXDB2_URL}/api/v2/query?org=${INFLUXDB2_ORG}`, {
      method: 'POST',
      headers: { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': 'application/json', accept: 'application/csv' },
      body: JSON.stringify({ query, type: 'flux' }),
    })
    expect(
      rowsOf(await response.text())
        .at(-1)
        ?.at(-1),
    ).toBe('2')
  })
})

describe.skipIf(INFLUXDB1_URL === '')('a real InfluxDB 1 (skipped: INFLUXDB1_URL not set)', () => {
  const database = `${run}_v1`
  const query = async (q: string): Promise<string> =>
    (await fetch(`${INFLUXDB1_URL}/query`, { method: 'POST', body: new URLSearchParams({ q, db: database }) })).text()
  beforeAll(() => query(`CREATE DATABASE ${database}`))
  afterAll(() => query(`DROP DATABASE ${database}`))

  test('has no unsigned integers: exact up to 2^63 - 1, and above it a record is rejected with the reason', async () => {
    const exporter = await exporterAt(influxWire, `${INFLUXDB1_URL}?dialect=v1&database=${database}`)
    for (const most of [JUST_UNSAFE, MOST_SIGNED]) {
      expect(await send(exporter, toldRecord(wholeValues(most), `v1-${most}`))).toEqual(DELIVERED)
      const answer = await query(`SELECT packets, connection_errors FROM geneve_telemetry_nat_gateway_id WHERE observer = 'v1-${most}'`)
      expect(answer).toContain(`,${most},${most}]`)
    }
    const rejected = { rejected: expect.stringMatching(/^\w+ is 18446744073709551615: an integer is a whole number below 2\^63$/) }
    expect(exporter.encode(toldRecord(wholeValues(MOST), 'v1'))).toEqual(rejected)
  })
})

describe.skipIf(VICTORIAMETRICS_URL === '')('a real VictoriaMetrics (skipped: VICTORIAMETRICS_URL not set)', () => {
  test('takes unsigned integers, and has about 15 digits of them', async () => {
    const exporter = await exporterAt(influxWire, `${VICTORIAMETRICS_URL}?dialect=victoriametrics`, {})
    const whole = toldRecord(wholeValues(MOST), run)
    // With every field it would have more labels than the server keeps, and is rejected with that reason.
    expect(exporter.encode(whole)).toEqual({ rejected: 'there are more than 39 tags' })
    const { nat_gateway_id = '', packets = 0, packet_loss = 0, cross_zone = false, rule_action = '' } = whole.values
    const record = {
      ...whole,
      time: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
      values: { nat_gateway_id, packets, packet_loss, cross_zone, rule_action },
    }
    expect(await send(exporter, record)).toEqual(DELIVERED)
    await fetch(`${VICTORIAMETRICS_URL}/internal/force_flush`)
    const match = `{__name__=~"geneve_telemetry_nat_gateway_id_.*",observer="${run}"}`
    const response = await fetch(`${VICTORIAMETRICS_URL}/api/v1/export?${new URLSearchParams({ 'match[]': match })}`)
    const series = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { metric: Record<string, string>; values: readonly number[] })
    const values = Object.fromEntries(series.map(({ metric, values: [value] }) => [metric['__name__'] ?? '', value]))
    expect(values).toEqual({
      geneve_telemetry_nat_gateway_id_told_packets: record.packets,
      geneve_telemetry_nat_gateway_id_packets: expect.closeTo(2 ** 64, -5),
      geneve_telemetry_nat_gateway_id_packet_loss: 0.1,
      geneve_telemetry_nat_gateway_id_cross_zone: 0,
    })
    for (const { metric } of series) expect(metric).toMatchObject({ subject: record.subject.id, nat_gateway_id })
  })
})

describe.skipIf(OTLP_HTTP_URL === undefined || OTELCOL_OUT === undefined)(
  'a real OpenTelemetry Collector (skipped: OTLP_HTTP_URL not set)',
  () => {
    interface AnyValue {
      readonly stringValue?: string
      readonly intValue?: string
      readonly doubleValue?: number
      readonly boolValue?: boolean
      readonly arrayValue?: { readonly values: readonly AnyValue[] }
    }
    interface Attribute {
      readonly key: string
      readonly value: AnyValue
    }
    interface DataPoint {
      readonly asInt?: string
      readonly asDouble?: number
      readonly attributes: readonly Attribute[]
    }

    const valueIn = ({ stringValue, intValue, doubleValue, boolValue, arrayValue }: AnyValue): unknown =>
      arrayValue?.values.map(valueIn) ?? stringValue ?? boolValue ?? doubleValue ?? Number(intValue)

    /** What the collector wrote of an observer: a little later than it answers. */
    async function received(file: string, observer: string): Promise<unknown> {
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await delay(100)) {
        const line = (await readFile(join(OTELCOL_OUT ?? '', file), 'utf8')).split('\n').find((one) => one.includes(observer))
        if (line !== undefined) return JSON.parse(line)
      }
      throw new Error(`nothing of ${observer} in ${file}`)
    }

    async function deliver(record: ToldRecord) {
      const sinks = (await otlpWire(wiring(OTLP_HTTP_URL ?? ''))) as readonly Sink[]
      const answers: unknown[] = []
      for (const sink of sinks) {
        await sink.start?.(signal)
        answers.push(sink.take(record) ?? (await sink.push(signal)))
        await sink.close?.()
      }
      return answers
    }
    const delivered = [{ kind: 'telemetry', records: 1, fate: 'delivered' }]

    async function event(observer: string): Promise<ReadonlyMap<string, unknown>> {
      const { resourceLogs } = (await received('logs.jsonl', observer)) as {
        resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: string; attributes: readonly Attribute[] }] }] }]
      }
      const [log] = resourceLogs[0].scopeLogs[0].logRecords
      expect(log.eventName).toBe('geneve.telemetry')
      return new Map(log.attributes.map(({ key, value }) => [key, valueIn(value)]))
    }

    test('gives every number back as metric, and every field in the event', async () => {
      const observer = `${run}-safe`
      const record = toldRecord(wholeValues(BigInt(Number.MAX_SAFE_INTEGER)), observer)
      expect(await deliver(record)).toEqual([delivered, delivered])
      const { resourceMetrics } = (await received('metrics.jsonl', observer)) as {
        resourceMetrics: [
          {
            scopeMetrics: [{ metrics: readonly { name: string; sum?: { dataPoints: [DataPoint] }; gauge?: { dataPoints: [DataPoint] } }[] }]
          },
        ]
      }
      const metrics = new Map(resourceMetrics[0].scopeMetrics[0].metrics.map((metric) => [metric.name, metric]))
      const numbers = FIELDS.filter(({ instrument }) => instrument === 'gauge' || instrument === 'counter')
      expect(metrics.size).toBe(numbers.length)
      for (const { name, otel, instrument } of numbers) {
        const { sum, gauge } = metrics.get(otel)!
        const [point] = (instrument === 'counter' ? sum : gauge)!.dataPoints
        expect([name, Number(point.asInt ?? point.asDouble)]).toEqual([name, record.values[name]])
      }
      const attributes = await event(observer)
      for (const { name, otel } of FIELDS) expect([name, attributes.get(otel)]).toEqual([name, record.values[name]])
    })

    test('a number above 2^53 - 1 is no metric, which is counted with the reason, and in the event its digits', async () => {
      for (const most of [JUST_UNSAFE, MOST]) {
        const observer = `${run}-${most}`
        const record = toldRecord(wholeValues(most), observer)
        const rejected = {
          rejected: expect.stringMatching(`is ${most}: the metrics of OpenTelemetry for JavaScript are exact up to 2\\^53 - 1 only$`),
        }
        expect(await deliver(record)).toEqual([rejected, delivered])
        const attributes = await event(observer)
        for (const { name, otel } of FIELDS) {
          const told = record.values[name]
          expect([name, attributes.get(otel)]).toEqual([name, typeof told === 'bigint' ? String(told) : told])
        }
        expect(quantity(most)).toBe(most)
      }
    })
  },
)
