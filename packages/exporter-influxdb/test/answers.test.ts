import type { Encoded, Exporter } from '@geneve-telemetry/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import type { Dialect } from '../src/index.ts'
import { batchOf, exporterTo, never, WAY_NAMES } from './servers.ts'

let server: LoopbackServer
beforeAll(async () => {
  server = await LoopbackServer.start(() => ({ status: 204 }))
})
afterAll(() => server.close())

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const conflict = 'field type conflict: input field "x" on measurement "m" is type float, already exists as type integer'
const line = (number: number) => ({ original_line: 'm x=1 1', line_number: number, error_message: `no fields in line` })
const partial3 = (...numbers: number[]) => ({ error: 'partial write of line protocol occurred', data: numbers.map(line) })

const all = (reason: string) => ({ retry: [], rejected: [0, 1, 2].map((index) => ({ index, reason })) })
const later = (more = {}) => ({ retry: [0, 1, 2], rejected: [], ...more })
const halve = { retry: [], rejected: [], halve: true }

/**
 * What servers say to three lines, and what that means. The bodies of 401, 404, 422 and of 400 with `dropped` or a line that cannot be read are those of
 * InfluxDB 1.6.7, 2.7.12 and VictoriaMetrics 1.150, those of version 3 its documentation's; the others only have the right form.
 */
const ANSWERS: readonly (readonly [string, Dialect, Answer, object])[] = [
  ['all taken', 'v2', { status: 204 }, { retry: [], rejected: [] }],
  ['busy without a time', 'v2', { status: 429 }, later()],
  ['busy for seconds', 'v2', { status: 429, headers: { 'retry-after': '30' } }, later({ retryAfterMs: 30_000 })],
  ['busy without sense', 'v2', { status: 429, headers: { 'retry-after': 'soon' } }, later()],
  [
    'busy until a time that is over',
    'v1',
    { status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } },
    later({ retryAfterMs: 0 }),
  ],
  ['not ready', 'victoriametrics', { status: 503, body: 'disk full' }, later()],
  ['broken', 'v1', json(500, { error: 'timeout' }), later()],
  ['too slow', 'v3', { status: 408 }, later()],
  ['too large', 'v2', json(413, { code: 'request too large', message: 'unable to read data: points batch is too large' }), halve],
  ['too large for version 1', 'v1', { status: 413 }, halve],
  ['wrong token', 'v2', json(401, { code: 'unauthorized', message: 'unauthorized access' }), all('HTTP 401: unauthorized access')],
  ['wrong password', 'v1', json(401, { error: 'authorization failed' }), all('HTTP 401: authorization failed')],
  [
    'no right',
    'v2',
    json(403, { code: 'forbidden', message: 'insufficient permissions for write' }),
    all('HTTP 403: insufficient permissions for write'),
  ],
  ['no bucket', 'v2', json(404, { code: 'not found', message: 'bucket "b" not found' }), all('HTTP 404: bucket "b" not found')],
  ['no database', 'v1', json(404, { error: 'database not found: "d"' }), all('HTTP 404: database not found: "d"')],
  [
    'no such path',
    'v2',
    { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' },
    all('HTTP 404: page not found'),
  ],
  ['elsewhere', 'v2', { status: 302, headers: { location: 'https://b/' } }, all('HTTP 302: moved to https://b/')],
  ['nothing said', 'v2', { status: 405 }, all('HTTP 405')],
  ['much said', 'v2', { status: 418, body: 'x'.repeat(900) }, all(`HTTP 418: ${'x'.repeat(200)}…`)],

  ['version 1 dropped one', 'v1', json(400, { error: `partial write: ${conflict} dropped=1` }), halve],
  [
    'version 1 dropped all',
    'v1',
    json(400, { error: `partial write: ${conflict} dropped=3` }),
    all(`HTTP 400: partial write: ${conflict}`),
  ],
  [
    'version 1 dropped all as too old',
    'v1',
    json(400, { error: 'partial write: points beyond retention policy dropped=3' }),
    all('HTTP 400: partial write: points beyond retention policy'),
  ],
  [
    'version 1 reads no line',
    'v1',
    json(400, { error: "unable to parse 'a': missing fields\nunable to parse 'b': missing fields" }),
    halve,
  ],
  ['version 1 reads one line less', 'v1', json(400, { error: "partial write: unable to parse 'a b': missing fields dropped=0" }), halve],
  [
    'version 2 dropped one',
    'v2',
    json(422, { code: 'unprocessable entity', message: `failure writing points to database: partial write: ${conflict} dropped=1` }),
    halve,
  ],
  [
    'version 2 dropped all as too old',
    'v2',
    json(422, {
      message:
        'failure writing points to database: partial write: dropped 3 points outside retention policy of duration 1h0m0s - oldest point m at 2023-11-14T22:13:20Z dropped because it violates a Retention Policy Lower Bound at 2026-11-24T18:22:44.425786578Z, newest point m at 2023-11-14T22:13:20Z dropped because it violates a Retention Policy Lower Bound at 2026-11-24T18:22:44.425786578Z dropped=3 for database: 7199c7fa6c07a538 for retention policy: autogen',
    }),
    all('HTTP 422: failure writing points to database: partial write: points outside retention policy of duration 1h0m0s'),
  ],
  ['version 2 reads a line not', 'v2', json(400, { code: 'invalid', message: "unable to parse 'a b': invalid field format" }), halve],
  [
    'VictoriaMetrics reads a line not',
    'victoriametrics',
    { status: 400, body: 'cannot process influx line protocol data: incorrect influx line "a b": missing field value' },
    halve,
  ],

  ['version 3 names lines', 'v3', json(400, partial3(2)), { retry: [], rejected: [{ index: 1, reason: 'HTTP 400: no fields in line' }] }],
  [
    'version 3 names lines in success',
    'v3',
    json(201, partial3(1, 3)),
    { retry: [], rejected: [0, 2].map((index) => ({ index, reason: 'HTTP 201: no fields in line' })) },
  ],
  [
    'version 3 names a line twice',
    'v3',
    json(400, partial3(2, 2)),
    { retry: [], rejected: [{ index: 1, reason: 'HTTP 400: no fields in line' }] },
  ],
  ['version 3 names a line that is not there', 'v3', json(400, partial3(2, 4)), halve],
  ['version 3 names no line', 'v3', json(400, partial3()), halve],
  ['version 3 wrote nothing', 'v3', json(400, { error: 'parsing failed for write_lp endpoint', data: line(2) }), halve],
  ['version 3 says something else', 'v3', json(400, { error: 'partial write of line protocol occurred', data: ['x'] }), halve],
  ['part of it, without more', 'v2', { status: 201 }, halve],
]

describe.each(WAY_NAMES)('by %s', (way) => {
  test.each(ANSWERS)('%s (%s)', async (_, dialect, answer, outcome) => {
    const exporter = exporterTo(server.url, dialect, way)
    server.play(answer)
    expect(await exporter.send(batchOf(exporter, 3), never)).toEqual(outcome)
  })

  test('a time to come back at is a distance', async () => {
    const exporter = exporterTo(server.url, 'v2', way)
    server.play({ status: 429, headers: { 'retry-after': new Date(Date.now() + 100_000).toUTCString() } })
    const { retryAfterMs = 0 } = await exporter.send(batchOf(exporter, 1), never)
    expect(retryAfterMs).toBeGreaterThan(90_000)
    expect(retryAfterMs).toBeLessThanOrEqual(100_000)
  })

  test.each<[string, Answer]>([
    ['a connection that is lost', 'hang-up'],
    ['a connection that is lost after the headers', 'close-after-headers'],
    ['half a response', 'half-a-response'],
    ['another server', { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' }],
    ['an answer that says it is JSON and is not', { status: 200, headers: { 'content-type': 'application/json' }, body: '{' }],
  ])('nothing is known after %s', async (_, answer) => {
    const exporter = exporterTo(server.url, 'v2', way)
    server.play(answer)
    await expect(exporter.send(batchOf(exporter, 3), never)).rejects.toThrow()
    expect(await exporter.send(batchOf(exporter, 3), never)).toEqual({ retry: [], rejected: [] })
  })

  test('a server that hangs is left when the signal says so', async () => {
    const exporter = exporterTo(server.url, 'v2', way)
    server.play('hang')
    await expect(exporter.send(batchOf(exporter, 3), AbortSignal.timeout(50))).rejects.toThrow()
  })

  test('a single line is given the reason', async () => {
    const exporter = exporterTo(server.url, 'v2', way)
    const one = batchOf(exporter, 1)
    const rejected = (reason: string) => ({ retry: [], rejected: [{ index: 0, reason }] })
    server.play({ status: 413 }, json(400, { message: "unable to parse 'a b': invalid field format" }))
    expect(await exporter.send(one, never)).toEqual(rejected('HTTP 413'))
    expect(await exporter.send(one, never)).toEqual(rejected('HTTP 400: unable to parse: invalid field format'))
    server.play({ status: 400, body: 'incorrect influx line "a \\"b\\"\\n": missing field' })
    expect(await exporter.send(one, never)).toEqual(rejected('HTTP 400: incorrect influx line: missing field'))
    server.play(
      json(400, { error: 'partial write: max-values-per-tag limit exceeded (5/5): measurement="m" tag="flow" value="f" dropped=1' }),
    )
    expect(await exporter.send(one, never)).toEqual(rejected('HTTP 400: partial write: max-values-per-tag limit exceeded: measurement="m"'))
  })
})

/** Halves as delivery does, and gathers what became of each record. */
async function narrowed(exporter: Exporter, batch: readonly Encoded[]): Promise<readonly string[]> {
  const { halve, rejected } = await exporter.send(batch, never)
  if (halve === true) {
    const middle = batch.length >> 1
    return [...(await narrowed(exporter, batch.slice(0, middle))), ...(await narrowed(exporter, batch.slice(middle)))]
  }
  const reasons = new Map(rejected.map(({ index, reason }) => [index, reason]))
  return batch.map((_, index) => reasons.get(index) ?? 'delivered')
}

test.each<Dialect>(['v1', 'v2'])('halves lead to the lines that are bad, and only these are blamed (%s)', async (dialect) => {
  const bad = new Set(['vni=3', 'vni=11'])
  const strict = await LoopbackServer.start(({ body }) => {
    const dropped = new TextDecoder()
      .decode(body)
      .split('\n')
      .filter((text) => [...bad].some((tag) => text.includes(`${tag} `))).length
    return dropped === 0 ? { status: 204 } : json(dialect === 'v1' ? 400 : 422, { error: `partial write: ${conflict} dropped=${dropped}` })
  })
  try {
    const exporter = exporterTo(strict.url, dialect)
    const fates = await narrowed(exporter, batchOf(exporter, 16))
    expect(fates.flatMap((fate, index) => (fate === 'delivered' ? [] : [index]))).toEqual([3, 11])
    expect(new Set(fates)).toEqual(new Set(['delivered', `HTTP ${dialect === 'v1' ? 400 : 422}: partial write: ${conflict}`]))
  } finally {
    await strict.close()
  }
})
