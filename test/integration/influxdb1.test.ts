import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliver, encodedBy, expectOnce, exporterTo, never, type Row, recordsOf, storedBy } from './influxdb-points.ts'
import { CAPTURES } from './written.ts'

const { INFLUXDB1_URL = '' } = process.env
const database = `test_${process.pid}`
const url = `${INFLUXDB1_URL}?dialect=v1&database=${database}`

interface Answer {
  readonly results: readonly {
    readonly series?: readonly { readonly columns: readonly string[]; readonly values: readonly (readonly unknown[])[] }[]
  }[]
}

async function query(q: string): Promise<readonly Row[]> {
  const body = new URLSearchParams({ q, db: database })
  const response = await fetch(`${INFLUXDB1_URL}/query`, { method: 'POST', body })
  const { results } = (await response.json()) as Answer
  return results.flatMap(({ series = [] }) =>
    series.flatMap(({ columns, values }) =>
      values.map((row) => Object.fromEntries(row.flatMap((value, index) => (value === null ? [] : [[columns[index], String(value)]])))),
    ),
  )
}

const points = (measurement: string, observer: string): Promise<readonly Row[]> =>
  query(`SELECT * FROM "${measurement}" WHERE "observer" = '${observer}'`)
const stored = (observer: string): Promise<readonly Row[]> => storedBy(points, observer)

describe.skipIf(INFLUXDB1_URL === '')('a real InfluxDB 1 (skipped: INFLUXDB1_URL not set)', () => {
  beforeAll(() => query(`CREATE DATABASE ${database}`))
  afterAll(() => query(`DROP DATABASE ${database}`))

  test.each(CAPTURES)('has per flow and per series what is in %s, once, however often it is written', async (capture) => {
    const observer = `test-${CAPTURES.indexOf(capture)}`
    await expectOnce(await exporterTo(url, {}), capture, observer, points)
  })

  test('has two captures of the same time both', async () => {
    const exporter = await exporterTo(url, {}, false)
    const records = (await recordsOf(CAPTURES[1]!, 'two')).filter(({ kind }) => kind === 'metric')
    await deliver(exporter, records)
    await deliver(
      exporter,
      records.map((record) => ({ ...record, id: `other-${record.id}` })),
    )
    expect((await stored('two')).length).toBe(2 * records.length)
  })

  test('takes 64 bits whole', async () => {
    const exporter = await exporterTo(url, {})
    const largest = 2n ** 63n - 1n
    await deliver(exporter, [{ ...sampleMetricRecord(), observer: 'largest', points: { bytes: { type: 'sum', value: largest } } }])
    const body = new URLSearchParams({ q: `SELECT bytes FROM geneve_traffic WHERE observer = 'largest'`, db: database })
    expect(await (await fetch(`${INFLUXDB1_URL}/query`, { method: 'POST', body })).text()).toContain(String(largest))
  })

  test('says in one line what does not fit', async () => {
    const start = async (to: string) => (await exporterTo(to, { INFLUX_TOKEN: 'x', INFLUX_ORG: 'x', INFLUX_BUCKET: 'x' })).start?.(never)
    await expect(start(`${INFLUXDB1_URL}?dialect=v1&database=missing`)).rejects.toThrow(
      new Error('HTTP 404: database not found: "missing"'),
    )
    await expect(start(INFLUXDB1_URL)).rejects.toThrow(/^HTTP 404: page not found; the server is InfluxDB 1\.\S+: its dialect is v1$/)
    await expect(start(`${INFLUXDB1_URL}?dialect=victoriametrics`)).rejects.toThrow(
      /^HTTP 400: database is required; the server is InfluxDB 1\.\S+: its dialect is v1$/,
    )
  })

  test('says which points are of another type, and which are too old', async () => {
    await query(`CREATE DATABASE ${database}_short WITH DURATION 1h`)
    try {
      const exporter = await exporterTo(`${INFLUXDB1_URL}?dialect=v1&database=${database}_short`, {})
      const now = { seconds: Math.floor(Date.now() / 1000), nanos: 0 }
      const record = { ...sampleMetricRecord(), start: now }
      const [good, bad, old] = encodedBy(exporter, [
        { ...record, points: { load: { type: 'gauge', value: 0.5 } } },
        { ...record, observer: 'bad', points: { load: { type: 'sum', value: 1 } } },
        { ...record, observer: 'old', start: { seconds: 1, nanos: 0 }, points: { load: { type: 'gauge', value: 0.5 } } },
      ])
      const reason =
        'HTTP 400: partial write: field type conflict: input field "geneve_traffic_load" on measurement "geneve_traffic" is type integer, already exists as type float'
      expect(await exporter.send([good!], never)).toEqual({ retry: [], rejected: [] })
      expect(await exporter.send([good!, bad!], never)).toEqual({ retry: [], rejected: [], halve: true })
      expect(await exporter.send([bad!], never)).toEqual({ retry: [], rejected: [{ index: 0, reason }] })
      expect(await exporter.send([old!, old!], never)).toEqual({
        retry: [],
        rejected: [0, 1].map((index) => ({ index, reason: 'HTTP 400: partial write: points beyond retention policy' })),
      })
    } finally {
      await query(`DROP DATABASE ${database}_short`)
    }
  })
})
