import { Client } from '@elastic/elasticsearch'
import type { Encoded, Exporter } from '@geneve-telemetry/core'
import { DELIVERED, isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import { Client as OpenSearchClient } from '@opensearch-project/opensearch'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import { type BulkTransport, elasticsearchExporter, elasticTransport, fetchTransport, openSearchTransport } from '../src/index.ts'
import { bulkAnswer, recordsIn } from './backend.ts'

const signal = new AbortController().signal
const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
const TIMEOUT_MS = 300

let server: LoopbackServer
beforeEach(async () => {
  server = await LoopbackServer.start(({ path, body }) =>
    path.startsWith('/_bulk')
      ? { status: 200, headers, body: bulkAnswer(Array.from({ length: recordsIn(body) }, () => 201)) }
      : { status: 200, headers, body: '{"version":{"number":"9.5.3"}}' },
  )
})
afterEach(() => server.close())

const TRANSPORTS: readonly (readonly [string, (url: string) => BulkTransport])[] = [
  ['@elastic/elasticsearch', (node) => elasticTransport(new Client({ node }), { timeoutMs: TIMEOUT_MS })],
  ['@elastic/elasticsearch with gzip', (node) => elasticTransport(new Client({ node, compression: true }), { timeoutMs: TIMEOUT_MS })],
  ['@opensearch-project/opensearch', (node) => openSearchTransport(new OpenSearchClient({ node }), { timeoutMs: TIMEOUT_MS })],
  ['fetch', (url) => fetchTransport({ url, timeoutMs: TIMEOUT_MS })],
]

describe.each(TRANSPORTS)('%s', (_, make) => {
  let exporter: Exporter
  let batch: readonly Encoded[]
  beforeEach(() => {
    exporter = elasticsearchExporter({ transport: make(server.url), setup: 'off' })
    batch = ['a', 'b', 'c'].map((id) => {
      const encoded = exporter.encode({ ...sampleFlowRecord(), id })
      if (isRejected(encoded)) throw new Error(encoded.rejected)
      return encoded
    })
  })
  afterEach(() => exporter.close?.())

  /** What comes of one request that is answered so; that it was one is looked at too. */
  async function sent(answer: Answer): Promise<unknown> {
    server.play(answer)
    try {
      return await exporter.send(batch, signal)
    } finally {
      expect(server.received).toHaveLength(1)
    }
  }

  test('sends the lines as they are, and asks for no more than it needs', async () => {
    expect(await exporter.send(batch, signal)).toEqual(DELIVERED)
    const [request] = server.received
    expect(request?.method).toBe('POST')
    expect(decodeURIComponent(request?.path ?? '')).toBe('/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason')
    expect(request?.headers['content-type']).toBe('application/x-ndjson')
    expect(new Uint8Array(request?.body ?? [])).toEqual(exporter.body(batch))
  })

  test('starts', async () => {
    await exporter.start?.(signal)
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /'])
  })

  test('items: 201 and 409 are delivered, 429 and 5xx to be sent again, other 4xx rejected', async () => {
    const cases = [
      [[201, 409, 201], DELIVERED],
      [[429, 201, 503], { retry: [0, 2], rejected: [] }],
      [[400, 201, 429], { retry: [2], rejected: [{ index: 0, reason: '400 document_parsing_exception: failed to parse field [a].' }] }],
    ] as const
    for (const [statuses, outcome] of cases) {
      server.play({ status: 200, headers, body: bulkAnswer(statuses) })
      expect(await exporter.send(batch, signal)).toEqual(outcome)
    }
  })

  test('a reason is the same for all documents that have it: it names none of them, nor its time', async () => {
    const late = (time: string): object => ({
      create: { status: 400, error: { type: 'timestamp_error', reason: `the document timestamp [${time}] is outside of ranges` } },
    })
    const items = [late('2025-01-01T00:00:00.000Z'), late('2025-01-01T00:01:00.000Z'), { create: { status: 201 } }]
    const reason = "400 timestamp_error: the document's timestamp is outside of ranges"
    expect(await sent({ status: 200, headers, body: JSON.stringify({ errors: true, items }) })).toEqual({
      retry: [],
      rejected: [0, 1].map((index) => ({ index, reason })),
    })
  })

  const all = [0, 1, 2]
  test.each([429, 500, 502, 503, 504])('%d for all: to be sent again, once it is time', async (status) => {
    expect(await sent({ status, headers })).toEqual({ retry: all, rejected: [] })
    server.play({ status, headers: { ...headers, 'retry-after': '7' } })
    expect(await exporter.send(batch, signal)).toEqual({ retry: all, rejected: [], retryAfterMs: 7000 })
    server.play({ status, headers: { ...headers, 'retry-after': new Date(Date.now() + 60_000).toUTCString() } })
    const { retryAfterMs } = await exporter.send(batch, signal)
    expect(retryAfterMs).toBeGreaterThan(50_000)
    expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('413: in halves', async () => {
    expect(await sent({ status: 413, headers })).toEqual({ retry: all, rejected: [], halve: true })
  })

  test.each([400, 401, 403, 404, 415])('%d for all: rejected, with the reason', async (status) => {
    const body = '{"error":{"type":"some_exception","reason":"so it is"}}'
    const reason = `${status} some_exception: so it is`
    expect(await sent({ status, headers, body })).toEqual({ retry: [], rejected: all.map((index) => ({ index, reason })) })
  })

  test.each(['hang', 'hang-up', 'close-after-headers', 'half-a-response'] as const)(
    '%s: nothing is known, and nothing sent twice',
    async (answer) => {
      await expect(sent(answer)).rejects.toThrow()
    },
  )

  test.each(['close-after-headers', 'half-a-response'] as const)('%s at the start is an error like any other', async (answer) => {
    server.play(answer)
    await expect(exporter.start?.(signal)).rejects.toThrow()
  })

  test.each([
    ['a page of a proxy', { status: 200, headers: { ...headers, 'content-type': 'text/html' }, body: '<html>Log in</html>' }],
    ['too few items', { status: 200, headers, body: bulkAnswer([201, 201]) }],
    ['too many items', { status: 200, headers, body: bulkAnswer([201, 201, 201, 201]) }],
    ['no JSON', { status: 200, headers, body: bulkAnswer([201, 201, 201]).slice(0, -1) }],
    ['nothing', { status: 200, headers, body: '' }],
  ])('%s: nothing is known', async (_, answer) => {
    await expect(sent(answer)).rejects.toThrow(/^the answer to _bulk is not understood/)
  })

  test('a signal ends it', async () => {
    const aborter = new AbortController()
    server.play('hang')
    const sending = expect(exporter.send(batch, aborter.signal)).rejects.toThrow()
    await expect.poll(() => server.received.length).toBe(1)
    aborter.abort()
    await sending
    await expect(exporter.send(batch, aborter.signal)).rejects.toThrow()
    expect(server.received).toHaveLength(1)
  })
})

test('times that cannot be are refused', () => {
  for (const timeoutMs of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
    expect(() => fetchTransport({ url: 'http://localhost:9200', timeoutMs })).toThrow(/^timeoutMs: /)
  }
  expect(() => fetchTransport({ url: 'ftp://localhost' })).toThrow('url: "ftp:" is not one of http:, https:')
  expect(() => fetchTransport({ url: 'http://user:secret@localhost' })).toThrow(/^(?!.*secret)url: user and password/)
})
