import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from './command.ts'

/** A certificate for 127.0.0.1, and for no name, that no authority has signed. */
export interface OwnCertificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** Where `cert` stands. */
  readonly file: string
  /** Where all of it stands: to be removed. */
  readonly folder: string
}

/** `undefined` where there is no openssl to make one. */
export async function ownCertificate(): Promise<OwnCertificate | undefined> {
  const hasOpenssl = await command('openssl', ['version']).then(
    () => true,
    () => false,
  )
  if (!hasOpenssl) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'geneve-telemetry-'))
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
  await command('openssl', ['req', ...kind, '-keyout', key, '-out', file, ...subject])
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file, folder }
}
