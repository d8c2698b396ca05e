import { isBusy } from './answer.ts'
import { complaintOf } from './complaint.ts'
import type { Dialect } from './dialect.ts'
import type { InfluxdbAnswer, InfluxdbTransport } from './transport.ts'

const HINTS: Readonly<Record<number, string>> = {
  401: 'the token, or the user name and password, are wrong or missing',
  403: 'the token is not allowed to write there',
}

/**
 * Writes nothing, which a server refuses for all reasons for which it would refuse a point, and which asks for no right but that of writing. A server that is
 * too busy is no reason against it.
 *
 * @throws Error that says in one line, for the operator, why points cannot be written
 */
export async function ensureReady(transport: InfluxdbTransport, dialect: Dialect, path: string, signal: AbortSignal): Promise<void> {
  let answer: InfluxdbAnswer
  try {
    answer = await transport({ path, body: new Uint8Array(0), gzip: false }, signal)
  } catch (error) {
    throw new Error(`no answer: ${causeOf(error)}`, { cause: error })
  }
  const { status } = answer
  const other = otherDialect(answer, dialect)
  if (status === 204 || isBusy(status) || (other === undefined && refusesNothing(status, dialect))) return
  if (status < 300) throw new Error(`HTTP ${status}, where InfluxDB says 204: is it InfluxDB that answers?`)
  const parts = [HINTS[status], complaintOf(answer).reason, other]
  throw new Error(parts.filter((part) => part !== undefined).join('; '))
}

/** Some versions say 400 to a write without points, after they have looked at the token and at where to write. */
function refusesNothing(status: number, dialect: Dialect): boolean {
  return status === 400 && (dialect === 'v2' || dialect === 'v3')
}

function otherDialect({ headers }: InfluxdbAnswer, dialect: Dialect): string | undefined {
  const { 'x-influxdb-version': version, 'x-server-hostname': host } = headers
  // VictoriaMetrics gives itself out as InfluxDB 1.8.
  if (host !== undefined) return dialect === 'victoriametrics' ? undefined : 'the server is VictoriaMetrics: its dialect is victoriametrics'
  const [, number, major] = /^v?(([123])\..*)/.exec(String(version)) ?? []
  return major === undefined || dialect === `v${major}` ? undefined : `the server is InfluxDB ${number}: its dialect is v${major}`
}

/** Why there was no answer. A name with several addresses, none of which answers, gives an error without words; `fetch` hides them in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { readonly code?: unknown }
  const inner = error instanceof AggregateError ? error.errors[0] : error.message === 'fetch failed' ? error.cause : undefined
  if (inner instanceof Error) return causeOf(inner)
  const text = error.message === '' ? String(code) : error.message
  if (text.includes('wrong version number')) return `the server does not speak TLS there (${text.trim()}): is it http:// and not https://?`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the server's certificate is for another name (${text})`
  return /certificate/i.test(text) ? `the server's certificate is not trusted (${text}): give the file of its CA as ca=FILE` : text
}
