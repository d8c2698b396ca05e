import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Sink } from '@geneve-telemetry/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import { ownCertificate } from '../../../test/own-certificate.ts'
import wire from '../src/index.ts'
import { traffic } from './records.ts'

const signal = new AbortController().signal
const own = await ownCertificate()

describe.skipIf(own === undefined)('a collector with a certificate of its own (skipped: there is no openssl to make one)', () => {
  const { folder = '', file: certificate = '' } = own ?? {}
  let server: LoopbackServer
  beforeAll(async () => {
    server = await LoopbackServer.start(() => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }), own)
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  const sinksTo = async (url: string, environment = {}): Promise<readonly Sink[]> =>
    [await wire({ url: new URL(url), environment, readFile, vendors: [], flows: true, live: false })].flat() as Sink[]

  test('is trusted if it is named', async () => {
    const sinks = await sinksTo(server.url, { OTEL_EXPORTER_OTLP_CERTIFICATE: certificate })
    for (const sink of sinks) await sink.start?.(signal)
    expect(server.received.map(({ path }) => path)).toEqual(['/v1/metrics', '/v1/logs'])
    sinks[0]!.take(traffic)
    expect(await sinks[0]!.push(signal)).toEqual([{ kind: 'metric', records: 1, fate: 'delivered' }])
    for (const sink of sinks) await sink.close?.()
  })

  test('is for the address that it was made for', async () => {
    const url = server.url.replace('127.0.0.1', 'localhost')
    for (const sink of await sinksTo(url, { OTEL_EXPORTER_OTLP_CERTIFICATE: certificate }))
      await expect(sink.start?.(signal)).rejects.toThrow(/^https:\S+ has a certificate for another name: /)
  })

  test('is not trusted else, which is said in one line at the start', async () => {
    const before = server.received.length
    for (const sink of await sinksTo(server.url)) {
      await expect(sink.start?.(signal)).rejects.toThrow(
        /^https:\S+\/v1\/(metrics|logs) has a certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): name its authority \(tls\.ca; OTEL_EXPORTER_OTLP_CERTIFICATE in the environment\)$/,
      )
    }
    expect(server.received).toHaveLength(before)
  })
})
