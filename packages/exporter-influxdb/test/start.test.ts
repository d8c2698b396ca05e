import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import type { Dialect } from '../src/index.ts'
import { exporterTo, never, WAY_NAMES } from './servers.ts'

let server: LoopbackServer
beforeAll(async () => {
  server = await LoopbackServer.start(() => ({ status: 204 }))
})
afterAll(() => server.close())

const said = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const one = { 'x-influxdb-version': '1.6.7~rc0' }
const two = { 'x-influxdb-version': 'v2.7.12' }
const three = { 'x-influxdb-version': '3.11.2' }
const metrics = { 'x-influxdb-version': '1.8.0', 'x-server-hostname': 'vm' }
const WRONG = 'the token, or the user name and password, are wrong or missing; HTTP 401: '

describe.each(WAY_NAMES)('by %s', (way) => {
  test('nothing is written', async () => {
    await exporterTo(server.url, 'v2', way).start?.(never)
    expect(server.received.at(-1)?.body.byteLength).toBe(0)
  })

  test.each<[string, Dialect, Answer]>([
    ['a server that is busy', 'v2', { status: 429 }],
    ['a server that is not ready yet', 'v1', { status: 503 }],
    ['a version 2 that wants points', 'v2', said(400, { code: 'invalid', message: 'writing requires points' }, two)],
    ['a version 3 that wants points', 'v3', said(400, { error: 'incoming write was empty' }, three)],
  ])('%s is no reason not to start', async (_, dialect, answer) => {
    server.play(answer)
    await exporterTo(server.url, dialect, way).start?.(never)
  })

  test.each<[string, Dialect, Answer, string]>([
    ['a wrong token', 'v2', said(401, { message: 'unauthorized access' }, two), `${WRONG}unauthorized access`],
    ['a wrong password', 'v1', said(401, { error: 'authorization failed' }, one), `${WRONG}authorization failed`],
    ['no right', 'v3', said(403, { error: 'no' }), 'the token is not allowed to write there; HTTP 403: no'],
    ['a missing bucket', 'v2', said(404, { message: 'bucket "b" not found' }, two), 'HTTP 404: bucket "b" not found'],
    ['a missing database', 'v1', said(404, { error: 'database not found: "d"' }, one), 'HTTP 404: database not found: "d"'],
    [
      'dialect v2 for version 1',
      'v2',
      { status: 404, headers: one, body: '404 page not found\n' },
      'HTTP 404: page not found; the server is InfluxDB 1.6.7~rc0: its dialect is v1',
    ],
    [
      'dialect v1 for version 2',
      'v1',
      said(401, { message: 'unauthorized access' }, two),
      `${WRONG}unauthorized access; the server is InfluxDB 2.7.12: its dialect is v2`,
    ],
    ['dialect v2 for version 3', 'v2', { status: 404, headers: three }, 'HTTP 404; the server is InfluxDB 3.11.2: its dialect is v3'],
    [
      'dialect v3 for VictoriaMetrics',
      'v3',
      { status: 400, headers: metrics, body: 'unsupported path requested: "/api/v3/write_lp"' },
      'HTTP 400: unsupported path requested: "/api/v3/write_lp"; the server is VictoriaMetrics: its dialect is victoriametrics',
    ],
    [
      'dialect victoriametrics for version 1',
      'victoriametrics',
      said(400, { error: 'database is required' }, one),
      'HTTP 400: database is required; the server is InfluxDB 1.6.7~rc0: its dialect is v1',
    ],
    ['another server', 'v2', { status: 200, body: '<h1>Welcome</h1>' }, 'HTTP 200, where InfluxDB says 204: is it InfluxDB that answers?'],
  ])('%s is said in one line', async (_, dialect, answer, message) => {
    server.play(answer)
    await expect(exporterTo(server.url, dialect, way).start?.(never)).rejects.toThrow(new Error(message))
  })

  test('a server that is down, or another kind of server, is said in one line', async () => {
    const gone = await LoopbackServer.start(() => ({ status: 204 }))
    const { url } = gone
    await gone.close()
    const { port } = new URL(url)
    const start = (root: string) => exporterTo(root, 'v2', way).start?.(never)
    await expect(start(url)).rejects.toThrow(new Error(`no answer: connect ECONNREFUSED 127.0.0.1:${port}`))
    await expect(start(`http://localhost:${port}`)).rejects.toThrow(/^no answer: connect ECONNREFUSED \S+$/)
    await expect(start(server.url.replace('http', 'https'))).rejects.toThrow(
      /^no answer: the server does not speak TLS there \(.*wrong version number.*\): is it http:\/\/ and not https:\/\/\?$/s,
    )
  })

  test('a start may be given up', async () => {
    server.play('hang')
    await expect(exporterTo(server.url, 'v2', way).start?.(AbortSignal.timeout(50))).rejects.toThrow(/^no answer: /)
  })
})
