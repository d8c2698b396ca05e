import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import { ExporterOutlet } from '@geneve-telemetry/pipeline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../loopback-server.ts'
import { exporterTo } from './influxdb-points.ts'

const RECORDS = 16
const BAD: readonly number[] = [3, 11]

let server: LoopbackServer
beforeAll(async () => {
  server = await LoopbackServer.start(({ body }) => {
    const lines = new TextDecoder().decode(body).split('\n')
    const dropped = lines.filter((line) => BAD.some((vni) => line.includes(`,vni=${vni} `))).length
    return dropped === 0 ? { status: 204 } : { status: 400, body: `partial write: field type conflict dropped=${dropped}` }
  })
})
afterAll(() => server.close())

test.each<[string, readonly Answer[]]>([
  ['nothing else is wrong', []],
  ['the server is busy', [{ status: 429 }, { status: 503, headers: { 'retry-after': '0' } }]],
  ['the batch is too large', [{ status: 413 }]],
  ['the connection is lost', ['hang-up', 'close-after-headers', 'half-a-response']],
  ['the server hangs', ['hang']],
  ['another server answers', [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' }]],
])('bad points are rejected and all others delivered when %s', async (_, answers) => {
  const exporter = await exporterTo(`${server.url}?dialect=v1&database=d`, {})
  const outlet = new ExporterOutlet(exporter, { retryLeastMs: 1, timeoutMs: 300 })
  await outlet.start()
  server.play(...answers)
  for (let vni = 0; vni < RECORDS; vni++) {
    outlet.offer({ ...sampleMetricRecord(), attributes: { vni }, points: { packets: { type: 'sum', value: 1 } } })
  }
  await outlet.close()
  expect(outlet.account().kinds.metric).toMatchObject({
    offered: RECORDS,
    delivered: RECORDS - BAD.length,
    rejected: { 'HTTP 400: partial write: field type conflict': BAD.length },
    dropped: {},
    queued: 0,
  })
})
