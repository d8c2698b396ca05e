import type { Way, Wiring } from '@geneve-telemetry/core'
import { afterAll, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import wire from '../src/index.ts'
import { traffic } from './records.ts'

const server = await LoopbackServer.start(() => ({ status: 200, body: '{}' }))
afterAll(() => server.close())

const wiring = (changes: Partial<Wiring>): Wiring => ({
  environment: {},
  readFile: () => Promise.reject(new Error('there is no file')),
  vendors: [],
  flows: false,
  live: false,
  ...changes,
})
const waysOf = async (changes: Partial<Wiring>): Promise<readonly Way[]> => [await wire(wiring(changes))].flat()
const namesOf = async (changes: Partial<Wiring>): Promise<readonly string[]> => (await waysOf(changes)).map(({ name }) => name)

test('files without a URL, else sinks; flows if they are wanted', async () => {
  const acceptsOf = async (changes: Partial<Wiring>) => (await waysOf(changes)).map(({ accepts }) => accepts)
  expect(await namesOf({})).toEqual(['otlp-metrics', 'otlp-logs'])
  const [metrics, logs] = await waysOf({})
  expect(metrics).toHaveProperty('fileName', 'metrics.jsonl')
  expect(logs).toHaveProperty('fileName', 'logs.jsonl')
  for (const url of [{}, { url: new URL(server.url) }]) {
    expect(await acceptsOf(url)).toEqual([['metric', 'telemetry'], ['telemetry']])
    expect(await acceptsOf({ ...url, flows: true })).toEqual([
      ['metric', 'telemetry'],
      ['telemetry', 'flow'],
    ])
  }
  for (const sink of await waysOf({ url: new URL(server.url) })) expect(sink).toHaveProperty('push')
})

test('log events can be left out, but not the flows that are wanted', async () => {
  const environment = { OTEL_LOGS_EXPORTER: 'none' }
  expect(await namesOf({ environment })).toEqual(['otlp-metrics'])
  expect(await namesOf({ environment, url: new URL(server.url) })).toEqual(['otlp-metrics'])
  await expect(waysOf({ environment, flows: true })).rejects.toThrow('OTEL_LOGS_EXPORTER: none leaves out the flows that are wanted')
})

test('the environment says the rest', async () => {
  const environment = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc,x-a=1',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-a=2',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_SERVICE_NAME: 'tap',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
  }
  const [sink] = await waysOf({ url: new URL(`${server.url}/base`), environment })
  if (sink === undefined || !('push' in sink)) throw new Error('that is no sink')
  expect(sink.repeat).toBe('counts-twice')
  sink.take(traffic)
  await sink.push(new AbortController().signal)
  const { path, headers, body } = server.received.at(-1)!
  expect(path).toBe('/base/v1/metrics')
  expect(headers).toMatchObject({ authorization: 'Basic abc', 'x-a': '2' })
  expect(headers['content-encoding']).toBeUndefined()
  const { resource } = JSON.parse(new TextDecoder().decode(body)).resourceMetrics[0]
  expect(resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'tap' } }])
})

test.each([
  ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
  ['OTEL_EXPORTER_OTLP_METRICS_COMPRESSION', 'zip'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a b=secret'],
  ['OTEL_EXPORTER_OTLP_CERTIFICATE', 'ca.pem'],
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'never'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%'],
])('%s=%s is refused by name, and no secret is shown', async (name, value) => {
  const failure = await waysOf({ url: new URL(server.url), environment: { [name]: value } }).catch((error: unknown) => String(error))
  expect(failure).toContain(`${name}: `)
  expect(failure).not.toContain('secret')
})

test('a certificate that is none is said at once, by its variable', async () => {
  const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.der' }
  await expect(waysOf({ url: new URL(server.url), environment, readFile: async () => new Uint8Array([0x30, 0x82]) })).rejects.toThrow(
    'OTEL_EXPORTER_OTLP_CERTIFICATE: ca.der holds nothing in PEM',
  )
})

test.each(['http://user:secret@localhost:4318', 'ftp://localhost', 'http://localhost:4318?x=1'])('%s is no place', async (url) => {
  const failure = await waysOf({ url: new URL(url) }).catch((error: unknown) => String(error))
  expect(failure).toMatch(/URL|url/)
  expect(failure).not.toContain('secret')
})
