import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Exporter } from '@geneve-telemetry/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import { ownCertificate } from '../../../test/own-certificate.ts'
import wire from '../src/index.ts'
import { never } from './servers.ts'

const own = await ownCertificate()

describe.skipIf(own === undefined)('a server with a certificate of its own (skipped: there is no openssl to make one)', () => {
  const { folder = '', file: certificate = '' } = own ?? {}
  let server: LoopbackServer
  let url = ''
  beforeAll(async () => {
    server = await LoopbackServer.start(() => ({ status: 204 }), own)
    url = server.url
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  const exporterTo = async (text: string): Promise<Exporter> => {
    const environment = { INFLUX_TOKEN: 'x', INFLUX_ORG: 'x', INFLUX_BUCKET: 'x' }
    return (await wire({ url: new URL(text), environment, readFile, vendors: [], flows: false, live: false })) as Exporter
  }

  test('is trusted if it is named', async () => {
    const exporter = await exporterTo(`${url}?ca=${encodeURIComponent(certificate)}`)
    await exporter.start?.(never)
    const point = { id: 'x', kind: 'metric' as const, bytes: new TextEncoder().encode('m x=1i 1\n') }
    expect(await exporter.send([point], never)).toEqual({ retry: [], rejected: [] })
  })

  test('is PEM, else it is said whose file is none', async () => {
    await expect(exporterTo(`${url}?ca=${encodeURIComponent(fileURLToPath(import.meta.url))}`)).rejects.toThrow(
      /^ca: .*certificate\.test\.ts is no certificate in PEM$/,
    )
  })

  test('is for the name that it was made for', async () => {
    const exporter = await exporterTo(`${url.replace('127.0.0.1', 'localhost')}?ca=${encodeURIComponent(certificate)}`)
    await expect(exporter.start?.(never)).rejects.toThrow(/^no answer: the server's certificate is for another name \(/)
  })

  test('is not trusted else, which is said in one line', async () => {
    const exporter = await exporterTo(url)
    await expect(exporter.start?.(never)).rejects.toThrow(
      /^no answer: the server's certificate is not trusted \(self-signed certificate.*\): give the file of its CA as ca=FILE$/,
    )
  })
})
