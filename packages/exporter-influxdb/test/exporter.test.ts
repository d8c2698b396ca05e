import { isRejected } from '@geneve-telemetry/core'
import { type Mood, sampleFlowRecord, testExporter } from '@geneve-telemetry/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../test/loopback-server.ts'
import { type Dialect, influxdbExporter } from '../src/index.ts'
import { parseLines } from './parser.ts'
import { batchOf, exporterTo, metric, never, PLACES, samples, WAY_NAMES, WAYS } from './servers.ts'

const DIALECTS: readonly Dialect[] = ['v1', 'v2', 'v3', 'victoriametrics']
const taken: Answer = { status: 204 }

/** InfluxDB 3 names the lines that it does not take; the others make their client look for them. */
const refusal: Answer = {
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: 'partial write of line protocol occurred',
    data: [{ original_line: 'x', line_number: 2, error_message: 'invalid column type' }],
  }),
}
const MOODS: Readonly<Record<Mood, Answer>> = {
  'takes-all': taken,
  'refuses-second': refusal,
  busy: { status: 503, headers: { 'retry-after': '1' } },
  'too-large': { status: 413 },
  silent: 'hang',
}

const servers = new Map<Mood, LoopbackServer>()
for (const [mood, answer] of Object.entries(MOODS)) {
  servers.set(mood as Mood, await LoopbackServer.start(({ body }) => (body.byteLength === 0 && mood !== 'busy' ? taken : answer)))
}
afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.close()))
})
const serverOf = (mood: Mood): LoopbackServer => servers.get(mood)!

for (const dialect of DIALECTS) {
  for (const way of WAY_NAMES) {
    describe(`${dialect} by ${way}`, () => {
      const moods: readonly Mood[] = ['takes-all', 'busy', 'too-large', 'silent']
      testExporter(
        (mood) => exporterTo(serverOf(mood).url, dialect, way),
        {
          records: samples,
          parse: (body) => parseLines(new TextDecoder().decode(body), true).length,
          moods: dialect === 'v3' ? [...moods, 'refuses-second'] : moods,
        },
        test,
      )
    })
  }
}

const PATHS: Readonly<Record<Dialect, string>> = {
  v1: '/write?db=my+db&precision=ns',
  v2: '/api/v2/write?org=my+org&bucket=flows%26more&precision=ns',
  v3: '/api/v3/write_lp?db=my+db&precision=nanosecond&accept_partial=true&no_sync=false',
  victoriametrics: '/write?precision=ns',
}

describe.each(DIALECTS.flatMap((dialect) => WAY_NAMES.map((way) => [dialect, way] as const)))('%s by %s', (dialect, way) => {
  test.each([true, false])('a write, gzip %s', async (gzip) => {
    const { received, url } = serverOf('takes-all')
    const exporter = exporterTo(url, dialect, way, { gzip })
    const batch = batchOf(exporter, 3)
    await exporter.send(batch, never)
    const request = received.at(-1)!
    expect(request).toMatchObject({ method: 'POST', path: PATHS[dialect] })
    expect(request.headers).toMatchObject({ authorization: 'Token secret', 'content-type': 'text/plain; charset=utf-8' })
    expect(request.headers['content-encoding']).toBe(gzip ? 'gzip' : undefined)
    expect(new Uint8Array(request.body)).toEqual(exporter.body(batch))
  })
})

test('VictoriaMetrics has no databases: a name is a label', async () => {
  const { received, url } = serverOf('takes-all')
  await exporterTo(url, 'victoriametrics', 'client', { database: 'x' }).start?.(never)
  expect(received.at(-1)?.path).toBe('/write?db=x&precision=ns')
})

test('a server may lie below a path', async () => {
  const { received, url } = serverOf('takes-all')
  for (const way of WAY_NAMES) {
    await exporterTo(`${url}/behind/`, 'v2', way).start?.(never)
    expect(received.at(-1)?.path).toBe(`/behind${PATHS.v2}`)
  }
})

test('VictoriaMetrics gets texts as tags, and no point that it would drop unseen', () => {
  const exporter = exporterTo('http://127.0.0.1:1', 'victoriametrics')
  const encoded = exporter.encode(sampleFlowRecord())
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const [point] = parseLines(new TextDecoder().decode(encoded.bytes), true)
  expect(point?.tags).toMatchObject({ source: '192.0.2.1', destination: '192.0.2.2', initiator: 'syn', end_reason: 'fin' })
  expect(Object.values(point?.fields ?? {}).every((value) => typeof value === 'string')).toBe(true)

  expect(isRejected(exporter.encode({ ...metric, observer: 'é'.repeat(2048) }))).toBe(false)
  expect(exporter.encode({ ...metric, observer: 'é'.repeat(2049) })).toEqual({ rejected: 'observer is longer than 4096 bytes' })
  const tags = (count: number) => ({ ...metric, attributes: Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i])) })
  expect(isRejected(exporter.encode(tags(37)))).toBe(false)
  expect(exporter.encode(tags(38))).toEqual({ rejected: 'there are more than 39 tags' })
  expect(isRejected(exporterTo('http://127.0.0.1:1', 'v2').encode(tags(38)))).toBe(false)
})

test.each<[string, Parameters<typeof influxdbExporter>[0], string]>([
  ['no way', { ...PLACES.v2 }, 'client, transport: one of them says how to reach the server'],
  ['two ways', { ...WAYS.client('http://a'), ...WAYS.fetch('http://a'), ...PLACES.v2 }, 'client, transport: one of them says how'],
  ['no dialect', { ...WAYS.client('http://a'), dialect: 'v4' as Dialect }, "dialect: 'v4' is none of v1, v2, v3, victoriametrics"],
  ['no bucket', { ...WAYS.client('http://a'), org: 'x' }, 'bucket: dialect v2 needs one'],
  ['no organization', { ...WAYS.client('http://a'), bucket: 'x' }, 'org: dialect v2 needs one'],
  ['no database', { ...WAYS.client('http://a'), dialect: 'v3' }, 'database: dialect v3 needs one'],
  [
    'a bucket too many',
    { ...WAYS.client('http://a'), dialect: 'v1', bucket: 'x', database: 'y' },
    'bucket: dialect v1 has none; it takes database',
  ],
  ['an empty name', { ...WAYS.client('http://a'), org: '', bucket: 'x' }, 'org: a name has at least one character'],
  ['gzip', { ...WAYS.client('http://a'), ...PLACES.v2, gzip: 'off' as unknown as boolean }, 'gzip: off is neither true nor false'],
  ['flows', { ...WAYS.client('http://a'), ...PLACES.v2, flows: 1 as unknown as boolean }, 'flows: 1 is neither true nor false'],
])('an option that cannot be is refused: %s', (_, options, message) => {
  expect(() => influxdbExporter(options)).toThrow(message)
})
