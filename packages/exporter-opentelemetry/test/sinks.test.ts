import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import { afterEach, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import { otlpLogsSink, otlpMetricsSink } from '../src/index.ts'
import { traffic } from './records.ts'

const OK: Answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
const servers: LoopbackServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function backend(...answers: readonly Answer[]): Promise<LoopbackServer> {
  const server = await LoopbackServer.start(() => OK)
  servers.push(server)
  server.play(...answers)
  return server
}

const signal = new AbortController().signal
const DELIVERED = [{ kind: 'metric', records: 1, fate: 'delivered' }]
/** Shorter than the exporter's first pause, so that it does not repeat by itself. */
const timeoutMs = 300

test.each<[string, Answer]>([
  ['429', { status: 429 }],
  ['503', { status: 503, headers: { 'retry-after': '60' } }],
  ['401', { status: 401 }],
  ['500', { status: 500 }],
  ['no answer', 'hang'],
  ['a closed connection', 'hang-up'],
  ['a page of 200', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>welcome</html>' }],
])('after %s nothing is said, and the next push carries all', async (_, answer) => {
  const server = await backend(answer)
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
  expect(sink.take(traffic)).toBeUndefined()
  expect(await sink.push(signal)).toEqual([])
  expect(await sink.push(signal)).toEqual(DELIVERED)
  expect(new TextDecoder().decode(server.received[1]!.body)).toBe(new TextDecoder().decode(server.received[0]!.body))
  expect(server.received[1]!.path).toBe('/v1/metrics')
  await sink.close?.()
})

test('what 400 refuses is rejected with the reason, once', async () => {
  const server = await backend({ status: 400, body: '{"code":3,"message":"too old"}' })
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
  sink.take(traffic)
  expect(await sink.push(signal)).toEqual([{ kind: 'metric', records: 1, fate: 'rejected', reason: 'HTTP 400: too old' }])
  expect(await sink.push(signal)).toEqual([])
})

const partial = (name: string, count: number): string => `{"partialSuccess":{"${name}":"${count}","errorMessage":"no \u00e9"}}`

test.each<[string, Answer]>([
  ['half a response', 'half-a-response'],
  ['headers alone', 'close-after-headers'],
  ['an empty body without a type, as Prometheus has it,', { status: 200 }],
  ['a protobuf', { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: '' }],
  ['a partial success, of which nobody says whose points they were,', { status: 200, body: partial('rejectedDataPoints', 2) }],
  ['a warning', { status: 200, body: partial('rejectedDataPoints', 0) }],
])('%s of 200 counts as delivered', async (_, answer) => {
  const server = await backend(answer)
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
  sink.take(traffic)
  expect(await sink.push(signal)).toEqual(DELIVERED)
})

test('what 200 says that it took nothing of is rejected', async () => {
  const server = await backend({ status: 200, body: partial('rejectedDataPoints', 3) })
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
  sink.take(traffic)
  expect(await sink.push(signal)).toEqual([{ kind: 'metric', records: 1, fate: 'rejected', reason: 'no é' }])
})

test('flows that 200 says it did not take are rejected, the others are delivered', async () => {
  const server = await backend({ status: 200, headers: { 'content-type': 'application/json' }, body: partial('rejectedLogRecords', 2) })
  const sink = await otlpLogsSink({ url: server.url, timeoutMs })
  for (let flow = 0; flow < 5; flow++) sink.take(sampleFlowRecord())
  expect(await sink.push(signal)).toEqual([
    { kind: 'flow', records: 3, fate: 'delivered' },
    { kind: 'flow', records: 2, fate: 'rejected', reason: 'no é' },
  ])
  sink.take(sampleFlowRecord())
  expect(await sink.push(signal)).toEqual([{ kind: 'flow', records: 1, fate: 'delivered' }])
})

test('requests of one push keep their own answers', async () => {
  const server = await LoopbackServer.start(({ body }) =>
    new TextDecoder().decode(body).includes('"odd"') ? { status: 400, body: 'odd' } : OK,
  )
  servers.push(server)
  const sink = await otlpMetricsSink({ url: server.url, gzip: false, cardinalityLimit: 100_000 })
  // Four requests of 10,000 points each; the third has the odd one.
  for (let vni = 0; vni < 13_333; vni++) sink.take({ ...traffic, attributes: { vni, parity: vni === 8000 ? 'odd' : 'even' } })
  const receipts = await sink.push(signal)
  expect(receipts.filter(({ fate }) => fate === 'rejected')).toEqual([
    { kind: 'metric', records: 3334, fate: 'rejected', reason: 'HTTP 400: odd' },
  ])
  expect(receipts.reduce((sum, { records }) => sum + records, 0)).toBe(13_333)
  expect(server.received).toHaveLength(4)
})

test('deltas of a push that failed are dropped', async () => {
  const server = await backend({ status: 503 })
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs, temporality: 'delta' })
  sink.take(traffic)
  expect(await sink.push(signal)).toMatchObject([{ records: 1, fate: 'dropped' }])
  expect(await sink.push(signal)).toEqual([])
})

test('a push that is ended soon says nothing', async () => {
  const server = await backend('hang')
  const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
  sink.take(traffic)
  expect(await sink.push(AbortSignal.timeout(20))).toEqual([])
  expect(await sink.push(signal)).toEqual(DELIVERED)
})

test('flows wait until they arrive', async () => {
  const server = await backend({ status: 503 })
  const sink = await otlpLogsSink({ url: `${server.url}/base/`, timeoutMs, headers: { authorization: 'Bearer x' } })
  sink.take(sampleFlowRecord())
  expect(await sink.push(signal)).toEqual([])
  expect(await sink.push(signal)).toEqual([{ kind: 'flow', records: 1, fate: 'delivered' }])
  expect(server.received[1]).toMatchObject({ path: '/base/v1/logs', headers: { authorization: 'Bearer x', 'content-encoding': 'gzip' } })
})

test('what is wrong at the start is one clear line', async () => {
  for (const [answer, line] of [
    [{ status: 401 }, 'answers 401: the credentials are missing or wrong'],
    [{ status: 404 }, 'answers 404: there is no OTLP endpoint'],
    [
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>welcome</html>' },
      'answers 200 with a page (text/html): there is no OTLP endpoint; the URL is a base',
    ],
  ] as const) {
    const server = await backend(answer)
    const sink = await otlpMetricsSink({ url: server.url, timeoutMs })
    await expect(sink.start?.(signal)).rejects.toThrow(`${server.url}/v1/metrics ${line}`)
  }
  const gone = await otlpMetricsSink({ url: 'http://127.0.0.1:1', timeoutMs })
  await expect(gone.start?.(signal)).rejects.toThrow('http://127.0.0.1:1/v1/metrics cannot be reached: connect ECONNREFUSED')
  await expect(otlpMetricsSink({ url: 'ftp://x' })).rejects.toThrow('url:')
})
