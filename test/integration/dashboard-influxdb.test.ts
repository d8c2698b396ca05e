import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO, queriesOf } from './dashboard.ts'
import { writtenFor } from './written.ts'

// Whether each panel of the dashboard for InfluxDB has an answer, from a real one, after a replay of the demonstration's capture.

const { INFLUXDB2_URL, INFLUXDB2_ORG = '', INFLUXDB2_TOKEN = '' } = process.env
const bucket = `dashboard-${process.pid}`

async function call(method: string, path: string, type: string, body?: string): Promise<string> {
  const headers = { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': type, accept: 'application/csv, application/json' }
  const response = await fetch(`${INFLUXDB2_URL}${path}`, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text
}

/** What Grafana's data source puts before a query. The capture's times are those of its file. */
const PRELUDE = `option v = {defaultBucket: "${bucket}", timeRangeStart: 2025-12-31T23:59:00Z, timeRangeStop: 2026-01-01T00:02:00Z, windowPeriod: 10s}
`

/** Rows by column. No value of ours holds a comma or quote. */
function rows(csv: string): readonly Readonly<Record<string, string>>[] {
  return csv.split(/\r?\n\r?\n/).flatMap((table) => {
    const [header = '', ...lines] = table.split(/\r?\n/).filter((line) => line !== '')
    const keys = header.split(',')
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [keys[index] ?? '', value])))
  })
}

describe.skipIf(INFLUXDB2_URL === undefined)('the dashboard for InfluxDB (skipped: INFLUXDB2_URL not set)', () => {
  let bucketId = ''

  beforeAll(async () => {
    const orgs = JSON.parse(await call('GET', `/api/v2/orgs?org=${INFLUXDB2_ORG}`, 'application/json')) as { orgs: { id: string }[] }
    const made = await call('POST', '/api/v2/buckets', 'application/json', JSON.stringify({ orgID: orgs.orgs[0]?.id, name: bucket }))
    bucketId = (JSON.parse(made) as { id: string }).id
    const lines = await writtenFor('influxdb', 'points.lp', DEMO, '--flows', '--interval', '10')
    await call('POST', `/api/v2/write?org=${INFLUXDB2_ORG}&bucket=${bucket}&precision=ns`, 'text/plain', lines)
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
