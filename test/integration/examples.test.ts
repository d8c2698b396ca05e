import { afterAll, describe, expect, test } from 'vitest'
import { Example } from '../examples/example.ts'

const { ELASTICSEARCH_URL = '', ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '' } = process.env
const { INFLUXDB2_URL = '', INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = process.env

describe.skipIf(ELASTICSEARCH_URL === '')('elasticsearch-index with a real Elasticsearch (skipped: ELASTICSEARCH_URL not set)', () => {
  const NAMESPACE = `example${process.pid}`

  afterAll(async () => {
    const authorization = `Basic ${btoa(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`)}`
    await fetch(`${ELASTICSEARCH_URL}/_data_stream/logs-geneve.flow-${NAMESPACE}`, { method: 'DELETE', headers: { authorization } })
  })

  test.each(['once', 'twice'])('finds what its README says, if it runs %s', async () => {
    const example = new Example('elasticsearch-index')
    expect(await example.start({ NAMESPACE })).toBe(example.file('expected.txt'))
  })
})

interface Series {
  readonly tags: { readonly transport: string }
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

/** The points of traffic in line protocol, as a query gives them. */
function series(lines: string): readonly Series[] {
  const points = [
    ...lines.matchAll(/^geneve_traffic,\S*transport=([^,]+)\S* packets=(\d+)i,bytes=(\d+)i,tunnel_bytes=(\d+)i\S* (\d{13})/gm),
  ]
  return points
    .map(([, transport = '', ...figures]) => {
      const [packets, bytes, tunnelBytes, time] = figures.map(Number)
      return { tags: { transport }, columns: ['time', 'packets', 'bytes', 'tunnel_bytes'], values: [[time, packets, bytes, tunnelBytes]] }
    })
    .toSorted((a, b) => (a.tags.transport < b.tags.transport ? -1 : 1))
}

describe.skipIf(INFLUXDB2_URL === '')('influx-writer with a real InfluxDB 2 (skipped: INFLUXDB2_URL not set)', () => {
  test.each(['once', 'twice'])('has written its points, if it runs %s', async () => {
    const example = new Example('influx-writer')
    const OBSERVER = `example${process.pid}`
    const server = { INFLUX_URL: INFLUXDB2_URL, INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: INFLUXDB2_BUCKET, INFLUX_TOKEN: INFLUXDB2_TOKEN }
    expect(await example.start({ ...server, OBSERVER })).toBe(example.file('expected.txt'))

    const query = `SELECT packets, bytes, tunnel_bytes FROM geneve_traffic WHERE observer = '${OBSERVER}' GROUP BY transport`
    const path = `/query?${new URLSearchParams({ db: INFLUXDB2_BUCKET, epoch: 'ms', q: query })}`
    const answer = await fetch(`${INFLUXDB2_URL}${path}`, { headers: { authorization: `Token ${INFLUXDB2_TOKEN}` } })
    const { results } = (await answer.json()) as { results: readonly { series: readonly (Series & { name: string })[] }[] }
    const found = (results[0]?.series ?? []).map(({ tags, columns, values }) => ({ tags, columns, values }))
    expect(found).toEqual(series(example.file('expected.lp')))
    expect(found).toHaveLength(4)
  })
})
