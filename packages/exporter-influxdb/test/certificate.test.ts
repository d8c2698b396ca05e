import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exporter } from '@geneve-telemetry/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../../../test/command.ts'
import wire from '../src/index.ts'
import { never } from './servers.ts'

const openssl = await command('openssl', ['version']).then(
  () => true,
  () => false,
)

describe.skipIf(!openssl)('a server with a certificate of its own (skipped: there is no openssl to make one)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneve-telemetry-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  let url = ''
  let close: (() => void) | undefined

  beforeAll(async () => {
    const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1']
    const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
    await command('openssl', ['req', ...kind, '-keyout', key, '-out', certificate, ...subject])
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => response.writeHead(204).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => {
      server.closeAllConnections()
      server.close()
    }
  })
  afterAll(() => {
    close?.()
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
