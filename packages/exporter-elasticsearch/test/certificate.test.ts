import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Exporter, Wire } from '@geneve-telemetry/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import { ownCertificate } from '../../../test/own-certificate.ts'
import wire, { elasticsearchExporter, fetchTransport } from '../src/index.ts'
import openSearchWire from '../src/opensearch.ts'

const signal = new AbortController().signal
const own = await ownCertificate()

const KINDS: readonly (readonly [string, Wire, { headers: Record<string, string>; body: string }])[] = [
  ['elasticsearch', wire, { headers: { 'x-elastic-product': 'Elasticsearch' }, body: '{"version":{"number":"9.5.3"}}' }],
  ['opensearch', openSearchWire, { headers: {}, body: '{"version":{"distribution":"opensearch"}}' }],
]
const NOT_TRUSTED = /^https:\S+: the server's certificate is not trusted \(self-signed certificate.*\): give the file of its CA as ca=FILE$/

describe.skipIf(own === undefined)('a server with a certificate of its own (skipped: there is no openssl to make one)', () => {
  const { folder = '', file: certificate = '' } = own ?? {}
  afterAll(() => rmSync(folder, { recursive: true }))

  describe.each(KINDS)('%s', (_, make, { headers, body }) => {
    let server: LoopbackServer
    beforeAll(async () => {
      server = await LoopbackServer.start(() => ({ status: 200, headers: { ...headers, 'content-type': 'application/json' }, body }), own)
    })
    afterAll(() => server.close())

    async function start(url: string, environment = {}): Promise<void> {
      const exporter = (await make({ url: new URL(url), environment, readFile, vendors: [], flows: false, live: false })) as Exporter
      try {
        await exporter.start?.(signal)
      } finally {
        await exporter.close?.()
      }
    }

    test('is trusted if it is named', async () => {
      const before = server.received.length
      await start(`${server.url}?setup=off&ca=${encodeURIComponent(certificate)}`)
      expect(server.received.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /'])
    })

    test('is for the address that it was made for', async () => {
      const url = server.url.replace('127.0.0.1', 'localhost')
      await expect(start(`${url}?setup=off&ca=${encodeURIComponent(certificate)}`)).rejects.toThrow(
        /^https:\S+: the server's certificate is for another name \(/,
      )
    })

    test('is not trusted else, which is said in one line at the start', async () => {
      await expect(start(`${server.url}?setup=off`)).rejects.toThrow(NOT_TRUSTED)
    })
  })

  test('fetch says so too', async () => {
    const server = await LoopbackServer.start(() => ({ status: 200 }), own)
    const exporter = elasticsearchExporter({ transport: fetchTransport({ url: server.url }), setup: 'off', place: server.url })
    await expect(exporter.start?.(signal)).rejects.toThrow(NOT_TRUSTED)
    await server.close()
  })
})
