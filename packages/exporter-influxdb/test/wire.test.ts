import type { Exporter, Way, Wiring } from '@geneve-telemetry/core'
import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import wire, { influxdb } from '../src/index.ts'
import { never } from './servers.ts'

let server: LoopbackServer
beforeAll(async () => {
  server = await LoopbackServer.start(() => ({ status: 204 }))
})
afterAll(() => server.close())

const SECRET = 'secret-of-the-operator'
const environment = { INFLUX_TOKEN: SECRET, INFLUX_ORG: 'our org', INFLUX_BUCKET: 'our bucket' }

function wired(url?: string, changes: Partial<Wiring> = {}): Promise<Way> {
  const wiring = {
    ...(url === undefined ? {} : { url: new URL(url) }),
    environment,
    readFile: async (path: string) => {
      throw new Error(`${path}: no such file`)
    },
    vendors: [],
    flows: false,
    live: false,
    ...changes,
  }
  return Promise.resolve(wire(wiring)) as Promise<Way>
}

/** What the server is asked by an exporter of that URL as it starts. */
async function request(query: string, changes: Partial<Wiring> = {}): Promise<{ readonly path: string; readonly authorization: unknown }> {
  const exporter = (await wired(`${server.url}${query}`, changes)) as Exporter
  await exporter.start?.(never)
  const { path, headers } = server.received.at(-1)!
  return { path, authorization: headers['authorization'] }
}

test('without a URL it is the format', async () => {
  const format = await wired()
  expect(format).not.toHaveProperty('send')
  expect(format.accepts).toEqual(influxdb().accepts)
  expect((await wired(undefined, { flows: true })).accepts).toEqual(['metric', 'telemetry', 'flow'])
})

test('flows are written if wanted', async () => {
  const without = (await wired(server.url)) as Exporter
  expect(without.encode(sampleFlowRecord())).toHaveProperty('rejected')
  const wanted = (await wired(server.url, { flows: true })) as Exporter
  expect(wanted.encode(sampleFlowRecord())).toHaveProperty('bytes')
})

test('version 2 is the default, with its names from the environment', async () => {
  const authorization = `Token ${SECRET}`
  expect(await request('')).toEqual({ path: '/api/v2/write?org=our+org&bucket=our+bucket&precision=ns', authorization })
  expect(await request('/below/?org=a&bucket=b', { environment: { INFLUX_TOKEN: SECRET } })).toEqual({
    path: '/below/api/v2/write?org=a&bucket=b&precision=ns',
    authorization,
  })
})

test('the other dialects have their own ways of saying who asks', async () => {
  const path = '/write?db=d&precision=ns'
  const basic = { INFLUX_USERNAME: 'me', INFLUX_PASSWORD: 'pä:ss' }
  const authorization = `Basic ${Buffer.from('me:pä:ss').toString('base64')}`
  expect(await request('?dialect=v1&database=d', { environment: basic })).toEqual({ path, authorization })
  expect(await request('?dialect=v1&database=d', { environment: {} })).toEqual({ path, authorization: undefined })
  expect(await request('?dialect=v1&database=d')).toEqual({ path, authorization: `Token ${SECRET}` })
  expect(await request('?dialect=victoriametrics', { environment: basic })).toEqual({ path: '/write?precision=ns', authorization })
  expect(await request('?dialect=v3&database=d')).toMatchObject({ authorization: `Bearer ${SECRET}` })
  expect(await request('?dialect=v3&database=d', { environment: { INFLUX_TOKEN: '' } })).toMatchObject({ authorization: undefined })
})

test('gzip can be off', async () => {
  for (const [query, encoding] of [
    ['', 'gzip'],
    ['?gzip=on', 'gzip'],
    ['?gzip=off', undefined],
  ] as const) {
    const exporter = (await wired(`${server.url}${query}`)) as Exporter
    await exporter.send([{ id: 'x', kind: 'metric', bytes: new TextEncoder().encode('m x=1i 1\n') }], never)
    expect(server.received.at(-1)?.headers['content-encoding']).toBe(encoding)
  }
})

test.each<[string, string, Partial<Wiring>]>([
  ['http://h?databse=x', 'databse: no parameter of an InfluxDB URL of dialect v2; those are dialect, org, bucket, gzip, ca', {}],
  ['http://h?dialect=v1&bucket=x', 'bucket: no parameter of an InfluxDB URL of dialect v1; those are dialect, database, gzip, ca', {}],
  ['http://h?dialect=v4', "dialect: 'v4' is none of v1, v2, v3, victoriametrics", {}],
  ['http://h?dialect=v1', 'database: dialect v1 needs database=NAME in the URL', {}],
  ['http://h?dialect=v3', 'database: dialect v3 needs database=NAME in the URL', {}],
  ['http://h?org=', 'org: has no value', {}],
  ['http://h?org=a&org=b', 'org: stands twice in the URL', {}],
  ['http://h?gzip=no', "gzip: 'no' is neither on nor off", {}],
  ['http://h?ca=x.pem', 'ca: only https:// has certificates', {}],
  ['https://h?ca=x.pem', 'x.pem: no such file', {}],
  ['ftp://h', 'ftp://: InfluxDB is reached by http:// or https://', {}],
  [`http://me:${SECRET}@h`, 'a URL is no place for a password: set INFLUX_TOKEN, or INFLUX_USERNAME and INFLUX_PASSWORD', {}],
  ['http://h', 'INFLUX_TOKEN: dialect v2 needs it', { environment: { ...environment, INFLUX_TOKEN: '' } }],
  ['http://h', 'INFLUX_ORG: dialect v2 needs it, or org=NAME in the URL', { environment: { INFLUX_TOKEN: SECRET } }],
  ['http://h?org=a', 'INFLUX_BUCKET: dialect v2 needs it, or bucket=NAME in the URL', { environment: { INFLUX_TOKEN: SECRET } }],
  ['http://h', 'INFLUX_TOKEN: holds a character that no token has', { environment: { ...environment, INFLUX_TOKEN: `${SECRET}\n` } }],
  ['http://h?dialect=v1&database=d', 'INFLUX_USERNAME, INFLUX_PASSWORD: one needs the other', { environment: { INFLUX_PASSWORD: SECRET } }],
])('%s: %s', async (url, message, changes) => {
  const error = await wired(url, changes).then(
    () => undefined,
    (reason: Error) => reason,
  )
  expect(error?.message).toContain(message)
  expect(error?.message).not.toContain(SECRET)
})
