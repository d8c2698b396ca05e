import type { Exporter, Wiring } from '@geneve-telemetry/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import wire from '../src/index.ts'
import openSearchWire from '../src/opensearch.ts'

const signal = new AbortController().signal
const elastic = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
const OPENSEARCH = '{"version":{"distribution":"opensearch"}}'

let server: LoopbackServer
beforeEach(async () => {
  server = await LoopbackServer.start(() => ({ status: 200, headers: elastic, body: '{}' }))
})
afterEach(() => server.close())

function wiring(url: string | undefined, environment: Wiring['environment'] = {}, live = false): Wiring {
  const readFile = async (path: string): Promise<Uint8Array> => {
    if (path === 'ca.pem') return new TextEncoder().encode('-----BEGIN CERTIFICATE-----\n')
    if (path === 'key.pem') return new TextEncoder().encode('no certificate')
    throw new Error('no such file')
  }
  return { ...(url === undefined ? {} : { url: new URL(url) }), environment, readFile, vendors: [], flows: false, live }
}

async function start(make: typeof wire, url: string, environment: Wiring['environment'] = {}): Promise<void> {
  const exporter = (await make(wiring(url, environment))) as Exporter
  try {
    await exporter.start?.(signal)
  } finally {
    await exporter.close?.()
  }
}

test('without an address it is a format for files', async () => {
  expect(await wire(wiring(undefined))).not.toHaveProperty('send')
  expect(await openSearchWire(wiring(undefined))).toMatchObject({ name: 'opensearch', fileName: 'bulk.ndjson' })
})

test('credentials come from the URL or the environment', async () => {
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
  const at = server.url.replace('http://', 'http://us%40er:p%23w@')
  const variables = { ELASTICSEARCH_USERNAME: 'a', ELASTICSEARCH_PASSWORD: 'b' }
  for (const [url, environment, expected] of [
    [at, {}, basic('us@er:p#w')],
    [server.url, variables, basic('a:b')],
    [server.url, { ...variables, ELASTICSEARCH_API_KEY: 'key' }, 'ApiKey key'],
    [at, { ELASTICSEARCH_API_KEY: 'key' }, basic('us@er:p#w')],
    [server.url, { ELASTICSEARCH_PASSWORD: '' }, undefined],
  ] as const) {
    server.received.length = 0
    await start(wire, `${url}?setup=off`, environment)
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual([expected])
  }
})

test('a path before the own ones is kept, and templates are put at the start', async () => {
  await start(wire, `${server.url}/search/?namespace=prod`)
  const [ping, ...puts] = server.received
  expect(ping?.path).toBe('/search/')
  expect(puts.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /search/_component_template/geneve-mappings@package',
    'PUT /search/_component_template/geneve-metrics@package',
    'PUT /search/_component_template/geneve-settings@package',
    'PUT /search/_index_template/logs-geneve.flow',
    'PUT /search/_index_template/logs-geneve.packet',
    'PUT /search/_index_template/logs-geneve.telemetry',
    'PUT /search/_index_template/metrics-geneve.history',
    'PUT /search/_index_template/metrics-geneve.rollup',
  ])
})

test.each([
  ['no answer', 'hang-up', /: no answer from Elasticsearch: /],
  ['a wrong password', { status: 401, body: '{}' }, /refuses the user name and password, or the API key \(401\)$/],
  ['a server without this path', { status: 404, body: '404 page not found' }, /answers 404: there is no Elasticsearch at this address$/],
  ['not ready', { status: 503, body: '{"error":"starting"}' }, /answers 503 starting$/],
  ['another server', { status: 200, body: '{"hello":"world"}' }, /is not Elasticsearch; if it is OpenSearch, write opensearch=URL$/],
  ['OpenSearch', { status: 200, body: OPENSEARCH }, /opensearch=URL$/],
] as const)('at the start is told: %s', async (_, answer, message) => {
  server.play(answer)
  const at = server.url.replace('http://', 'http://user:secret@')
  const error: Error = await start(wire, at).then(
    () => new Error('started'),
    (reason) => reason,
  )
  expect(error.message).toMatch(message)
  expect(error.message.startsWith(`${server.url}: `)).toBe(true)
  expect(error.message).not.toContain('secret')
})

test('a key that may only write starts, and is told that it may not install', async () => {
  server.play({ status: 403, headers: elastic, body: '{}' })
  await start(wire, `${server.url}?setup=off`)
  server.play({ status: 403, headers: elastic, body: '{}' }, { status: 403, headers: elastic, body: '{"error":"no"}' })
  await expect(start(wire, server.url)).rejects.toThrow(/component template geneve-mappings@package cannot be installed: 403 no$/)
})

test('OpenSearch is known, Elasticsearch told apart, a hook of the operator left as it is', async () => {
  await expect(start(openSearchWire, server.url)).rejects.toThrow(/is Elasticsearch: write elasticsearch=URL$/)
  server.play({ status: 200, body: '{}' })
  await expect(start(openSearchWire, server.url)).rejects.toThrow(/is not OpenSearch$/)
  server.received.length = 0
  server.play({ status: 200, body: OPENSEARCH })
  await start(openSearchWire, server.url)
  const custom = server.received.filter(({ path }) => path === '/_component_template/geneve@custom')
  expect(custom.map(({ method }) => method)).toEqual(['GET'])
})

test.each([
  ['http://h:9200?index=x', {}, 'there is no parameter "index"; allowed are namespace, setup, ca, cloud_id, retention'],
  ['http://h:9200?setup=on', {}, 'setup=on is not one of install, off'],
  ['http://h:9200?setup=off&setup=off', {}, 'the parameter "setup" is there twice'],
  ['http://h:9200?ca=none.pem', {}, 'ca=none.pem cannot be read: no such file'],
  ['http://h:9200', { ELASTICSEARCH_CA_FILE: 'key.pem' }, 'ELASTICSEARCH_CA_FILE=key.pem is no certificate in PEM'],
  ['http://user@h:9200', {}, 'a user name and no password: set ELASTICSEARCH_PASSWORD'],
  ['http://h:9200', { ELASTICSEARCH_PASSWORD: 'secret' }, 'a password and no user name: set ELASTICSEARCH_USERNAME'],
  ['ftp://u:secret@h', {}, 'ftp://h: an address begins with http:// or https://'],
  ['http://u:secret@h/#x', {}, 'an address has no # part'],
  ['http://h:9200?namespace=A', {}, 'namespace: "A"'],
  ['http://h:9200?retention=x', {}, 'retention: "x"'],
  ['http://h:9200?cloud_id=x', {}, 'Cloud ID'],
])('%s with %o is refused', async (url, environment, message) => {
  const error: Error = await Promise.resolve(wire(wiring(url, environment))).then(
    () => new Error('made'),
    (reason) => reason,
  )
  expect(error.message).toContain(message)
  expect(error.message).not.toContain('secret')
})

test('a cloud id, and a certificate, are taken', async () => {
  const id = `demo:${Buffer.from('cloud.invalid$abc$def').toString('base64')}`
  const exporter = (await wire(wiring(`http://h:9200?cloud_id=${encodeURIComponent(id)}`, {}, true))) as Exporter
  await expect(exporter.start?.(signal)).rejects.toThrow(/^the cloud id: no answer from Elasticsearch: /)
  await exporter.close?.()
})
