import { describe, expect, test } from 'vitest'
import { CAPTURES, flowsOf, linesOf, sum, writtenFor } from './written.ts'

const { INFLUXDB2_URL, INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = process.env
const authorization = `Token ${INFLUXDB2_TOKEN}`

async function write(lines: string): Promise<number> {
  const query = new URLSearchParams({ org: INFLUXDB2_ORG, bucket: INFLUXDB2_BUCKET, precision: 'ns' })
  const response = await fetch(`${INFLUXDB2_URL}/api/v2/write?${query}`, { method: 'POST', headers: { authorization }, body: lines })
  if (response.status !== 204) throw new Error(`write: ${response.status} ${await response.text()}`)
  return response.status
}

/** Rows of a Flux query as objects. Its CSV has no quoted commas here: all values are numbers, addresses or names of ours. */
async function flux(query: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const response = await fetch(`${INFLUXDB2_URL}/api/v2/query?org=${INFLUXDB2_ORG}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/vnd.flux', accept: 'application/csv' },
    body: query,
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`query: ${response.status} ${text}`)
  return text.split(/\r?\n\r?\n/).flatMap((part) => {
    const [header = '', ...rows] = part.split(/\r?\n/).filter((line) => line !== '')
    const keys = header.split(',')
    return rows.map((row) => Object.fromEntries(row.split(',').map((value, index) => [keys[index] ?? '', value])))
  })
}

const points = (measurement: string, observer: string) =>
  flux(`from(bucket: "${INFLUXDB2_BUCKET}") |> range(start: 0) |> filter(fn: (r) => r._measurement == "${measurement}" and r.observer == "${observer}")
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`)

describe.skipIf(INFLUXDB2_URL === undefined)('a real InfluxDB 2 (skipped: INFLUXDB2_URL not set)', () => {
  test.each(CAPTURES)('takes the points of %s and overwrites none', async (capture) => {
    const observer = `test-${process.pid}-${CAPTURES.indexOf(capture)}`
    const lines = await writtenFor('influxdb', 'points.lp', capture, '--flows', '--observer', observer)
    const flows = await flowsOf(capture)
    // Twice: the same capture again must change nothing.
    await write(lines)
    await write(lines)

    const flowPoints = await points('geneve_flow', observer)
    expect(flowPoints.length).toBe(flows.length)
    const packetsOf = (rows: readonly Readonly<Record<string, string>>[]) =>
      rows.map((row) => Number(row['packets'])).toSorted((a, b) => a - b)
    expect(packetsOf(flowPoints)).toEqual(flows.map((flow) => flow.network.packets).toSorted((a, b) => a - b))

    const traffic = await points('geneve_traffic', observer)
    const total = (field: string) => traffic.reduce((value, row) => value + Number(row[field] ?? 0), 0)
    expect(total('packets')).toBe(sum(flows, (flow) => flow.network.packets))
    expect(total('bytes')).toBe(sum(flows, (flow) => flow.network.bytes))
    expect(total('flows')).toBe(flows.length)
    const stored = await Promise.all(
      ['geneve_flow', 'geneve_traffic', 'geneve_option', 'geneve_decoder'].map((name) => points(name, observer)),
    )
    expect(stored.flat().length).toBe(linesOf(lines).length)
  })
})
