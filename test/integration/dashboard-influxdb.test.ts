import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queriesOf } from './dashboard.ts'
import { demonstration } from './demonstration.ts'

// Whether each panel of the dashboard for InfluxDB has an answer, from a real one, after the demonstration's program has run.

const { INFLUXDB2_URL, INFLUXDB2_ORG = '', INFLUXDB2_TOKEN = '' } = process.env
const bucket = `dashboard-${process.pid}`

async function call(method: string, path: string, type: string, body?: string): Promise<string> {
  const headers = { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': type, accept: 'application/csv, application/json' }
  const response = await fetch(`${INFLUXDB2_URL}${path}`, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text
}

/** What Grafana's data source puts before a query. */
const PRELUDE = `option v = {defaultBucket: "${bucket}", timeRangeStart: -5m, timeRangeStop: now(), windowPeriod: 10s}
`

/** Rows by column. No value of ours holds a comma or quote. */
function rows(csv: string): readonly Readonly<Record<string, string>>[] {
  return csv.split(/\r?\n\r?\n/).flatMap((table) => {
    const [header = '', ...lines] = table.split(/\r?\n/).filter((line) => line !== '')
    const keys = header.split(',')
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [keys[index] ?? '', value])))
  })
}

/** Three of the program's intervals, and flows that have ended. */
const RUN_MS = 32_000

describe.skipIf(INFLUXDB2_URL === undefined)('the dashboard for InfluxDB (skipped: INFLUXDB2_URL not set)', () => {
  let bucketId = ''

  beforeAll(async () => {
    const orgs = JSON.parse(await call('GET', `/api/v2/orgs?org=${INFLUXDB2_ORG}`, 'application/json')) as { orgs: { id: string }[] }
    const made = await call('POST', '/api/v2/buckets', 'application/json', JSON.stringify({ orgID: orgs.orgs[0]?.id, name: bucket }))
    bucketId = (JSON.parse(made) as { id: string }).id
    const environment = { INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: bucket, INFLUX_TOKEN: INFLUXDB2_TOKEN }
    await demonstration('program-influx', INFLUXDB2_URL ?? '', RUN_MS, environment)
  })
  afterAll(async () => {
    await call('DELETE', `/api/v2/buckets/${bucketId}`, 'application/json')
  })

  test.each(queriesOf('influxdb'))('$panel', async ({ text }) => {
    const found = rows(await call('POST', `/api/v2/query?org=${INFLUXDB2_ORG}`, 'application/vnd.flux', PRELUDE + text))
    const figures = found.map((row) => Number(row['_value'] ?? row['bytes'] ?? row['flow']))
    expect(figures.filter((figure) => figure > 0).length, text).toBeGreaterThan(0)
    expect(figures.filter(Number.isNaN)).toEqual([])
  })
})
