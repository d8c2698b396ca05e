import { isRejected } from '@geneve-telemetry/core'
import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { deliver, expectOnce, exporterTo, never, type Row, recordsOf, storedBy } from './influxdb-points.ts'
import { CAPTURES } from './written.ts'

const { INFLUXDB2_URL = '', INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = process.env
const authorization = `Token ${INFLUXDB2_TOKEN}`
const environment = { INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: INFLUXDB2_BUCKET, INFLUX_TOKEN: INFLUXDB2_TOKEN }

async function api(method: string, path: string, body: unknown): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json', accept: 'application/json, application/csv' }
  const response = await fetch(`${INFLUXDB2_URL}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response
}

/** Columns that say something about the query. */
const QUERY = new Set(['', 'result', 'table', '_start', '_stop'])

/** Rows of a Flux query as objects. Its CSV has no quoted commas here: all values are numbers, addresses or names of ours. */
async function flux(query: string): Promise<readonly Row[]> {
  const answer = await api('POST', `/api/v2/query?org=${INFLUXDB2_ORG}`, { query, type: 'flux' })
  const text = await answer.text()
  return text.split(/\r?\n\r?\n/).flatMap((part) => {
    const [header = '', ...rows] = part.split(/\r?\n/).filter((line) => line !== '')
    const keys = header.split(',')
    return rows.map((row) =>
      Object.fromEntries(row.split(',').flatMap((value, index) => (QUERY.has(keys[index]!) ? [] : [[keys[index], value]]))),
    )
  })
}

const points = (measurement: string, observer: string, bucket = INFLUXDB2_BUCKET): Promise<readonly Row[]> =>
  flux(`from(bucket: "${bucket}") |> range(start: 0) |> filter(fn: (r) => r._measurement == "${measurement}" and r.observer == "${observer}")
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`)

const stored = (observer: string): Promise<readonly Row[]> => storedBy(points, observer)

const sample = (observer: string, points: ReturnType<typeof sampleMetricRecord>['points']) => ({
  ...sampleMetricRecord(),
  observer,
  points,
})

describe.skipIf(INFLUXDB2_URL === '')('a real InfluxDB 2 (skipped: INFLUXDB2_URL not set)', () => {
  test.each(CAPTURES)('has per flow and per series what is in %s, once, however often it is written', async (capture) => {
    const observer = `test-${process.pid}-${CAPTURES.indexOf(capture)}`
    await expectOnce(await exporterTo(INFLUXDB2_URL, environment), capture, observer, points)
  })

  test('has two captures of the same time both', async () => {
    const observer = `test-${process.pid}-two`
    const exporter = await exporterTo(INFLUXDB2_URL, environment)
    const records = await recordsOf(CAPTURES[1]!, observer)
    await deliver(exporter, records)
    const other = records.map((record) => ({
      ...record,
      id: `other-${record.id}`,
      ...(record.kind === 'flow' ? { flow: `other-${record.flow}` } : {}),
    }))
    await deliver(exporter, other)
    expect((await stored(observer)).length).toBe(2 * records.length)
  })

  test('says in one line what does not fit', async () => {
    const start = async (url: string, changes = {}) => (await exporterTo(url, { ...environment, ...changes })).start?.(never)
    await expect(start(INFLUXDB2_URL, { INFLUX_TOKEN: 'wrong' })).rejects.toThrow(
      new Error('the token, or the user name and password, are wrong or missing; HTTP 401: unauthorized access'),
    )
    await expect(start(`${INFLUXDB2_URL}?bucket=missing`)).rejects.toThrow(new Error('HTTP 404: bucket "missing" not found'))
    await expect(start(`${INFLUXDB2_URL}?org=missing`)).rejects.toThrow(new Error('HTTP 404: organization name "missing" not found'))
    await expect(start(`${INFLUXDB2_URL}?dialect=v3&database=x`)).rejects.toThrow(
      /^HTTP 404: page not found; the server is InfluxDB 2\.\S+: its dialect is v2$/,
    )
  })

  test('says which points are of another type, and which are too old', async () => {
    const [{ orgID } = { orgID: '' }] = (
      (await (await api('GET', `/api/v2/buckets?name=${INFLUXDB2_BUCKET}`, undefined)).json()) as { buckets: { orgID: string }[] }
    ).buckets
    const name = `test-${process.pid}`
    const retentionRules = [{ type: 'expire', everySeconds: 3600 * 24 * 365 * 5 }]
    const { id } = (await (await api('POST', '/api/v2/buckets', { orgID, name, retentionRules })).json()) as { id: string }
    try {
      const exporter = await exporterTo(`${INFLUXDB2_URL}?bucket=${name}`, environment)
      const encode = (record: ReturnType<typeof sample>) => {
        const encoded = exporter.encode(record)
        if (isRejected(encoded)) throw new Error(encoded.rejected)
        return encoded
      }
      const good = encode(sample('good', { load: { type: 'gauge', value: 0.5 } }))
      const bad = encode(sample('bad', { load: { type: 'sum', value: 1 } }))
      const old = encode({ ...sample('old', { load: { type: 'gauge', value: 1 } }), start: { seconds: 1, nanos: 0 } })
      expect(await exporter.send([good], never)).toEqual({ retry: [], rejected: [] })
      expect(await exporter.send([good, bad], never)).toEqual({ retry: [], rejected: [], halve: true })
      const reason =
        'HTTP 422: failure writing points to database: partial write: field type conflict: input field "geneve_traffic_load" on measurement "geneve_traffic" is type integer, already exists as type float'
      expect(await exporter.send([bad], never)).toEqual({ retry: [], rejected: [{ index: 0, reason }] })
      expect(await exporter.send([bad, bad], never)).toEqual({
        retry: [],
        rejected: [0, 1].map((index) => ({ index, reason })),
      })
      expect(await exporter.send([old], never)).toEqual({
        retry: [],
        rejected: [
          {
            index: 0,
            reason: 'HTTP 422: failure writing points to database: partial write: points outside retention policy of duration 43800h0m0s',
          },
        ],
      })
      // What stood beside a bad point is there.
      expect((await points('geneve_traffic', 'good', name)).length).toBe(1)
    } finally {
      await api('DELETE', `/api/v2/buckets/${id}`, undefined)
    }
  })
})
