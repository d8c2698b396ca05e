import type { Wiring } from '@geneve-telemetry/core'
import type { OtlpConnection } from './client.ts'
import type { ResourceAttributes } from './resource.ts'

type Environment = Wiring['environment']
type Signal = 'METRICS' | 'LOGS'

/**
 * How an endpoint is reached, by the variables that OpenTelemetry has for its exporters; one for the signal goes before the one for all.
 *
 * @throws Error that names the variable and what is allowed
 */
export async function connectionOf(wiring: Wiring, url: URL, signal: Signal): Promise<OtlpConnection> {
  const { environment } = wiring
  if (url.username !== '' || url.password !== '') throw new TypeError('a URL is no place for a password: set OTEL_EXPORTER_OTLP_HEADERS')
  const headers = { ...headersOf(environment, 'HEADERS'), ...headersOf(environment, `${signal}_HEADERS`) }
  const pem = async (variable: string): Promise<string | undefined> => {
    const [name, path] = find(environment, signal, variable)
    if (path === undefined) return undefined
    const bytes = await wiring.readFile(path).catch((cause: unknown) => {
      throw new Error(`${name}: ${path} cannot be read`, { cause })
    })
    const text = new TextDecoder().decode(bytes)
    if (!text.includes('-----BEGIN ')) throw new TypeError(`${name}: ${path} holds nothing in PEM`)
    return text
  }
  const [ca, cert, key] = await Promise.all(['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].map(pem))
  return {
    url,
    headers,
    gzip: gzipOf(environment, signal),
    timeoutMs: timeoutOf(environment, signal),
    tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
  }
}

/** Cumulative unless asked for otherwise. */
export function temporalityOf(environment: Environment): 'cumulative' | 'delta' {
  const name = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'
  const preference = given(environment, name)?.toLowerCase() ?? 'cumulative'
  if (preference === 'cumulative' || preference === 'delta') return preference
  throw new TypeError(`${name}: '${preference}' is neither cumulative nor delta`)
}

/** Whether log events are wanted at all. */
export function isLogging(environment: Environment): boolean {
  return given(environment, 'OTEL_LOGS_EXPORTER')?.toLowerCase() !== 'none'
}

export function resourceAttributesOf(environment: Environment): ResourceAttributes {
  const service = given(environment, 'OTEL_SERVICE_NAME')
  return { ...pairsOf(environment, 'OTEL_RESOURCE_ATTRIBUTES'), ...(service !== undefined && { 'service.name': service }) }
}

function timeoutOf(environment: Environment, signal: Signal): number {
  const [name, text] = find(environment, signal, 'TIMEOUT')
  if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) throw new TypeError(`${name}: '${text}' is no number of milliseconds from 1`)
  return text === undefined ? 10_000 : Number(text)
}

function gzipOf(environment: Environment, signal: Signal): boolean {
  const [name, text = 'gzip'] = find(environment, signal, 'COMPRESSION')
  if (text !== 'gzip' && text !== 'none') throw new TypeError(`${name}: '${text}' is neither gzip nor none`)
  return text === 'gzip'
}

function headersOf(environment: Environment, variable: string): Readonly<Record<string, string>> {
  const name = `OTEL_EXPORTER_OTLP_${variable}`
  const headers = pairsOf(environment, name)
  Object.entries(headers).forEach(([key, value], index) => {
    // Never the value: it is a secret.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new TypeError(`${name}: entry ${index + 1} cannot be sent as a header`)
  })
  return headers
}

/** `key=value,key2=value2`, percent-encoded as W3C Baggage is. */
function pairsOf(environment: Environment, name: string): Readonly<Record<string, string>> {
  const entries = (given(environment, name) ?? '').split(',').filter((entry) => entry.trim() !== '')
  return Object.fromEntries(
    entries.map((entry, index) => {
      const at = entry.indexOf('=')
      if (at < 1) throw new TypeError(`${name}: entry ${index + 1} is no key=value`)
      try {
        return [decodeURIComponent(entry.slice(0, at).trim()), decodeURIComponent(entry.slice(at + 1).trim())]
      } catch (cause) {
        throw new TypeError(`${name}: entry ${index + 1} is not percent-encoded`, { cause })
      }
    }),
  )
}

function find(environment: Environment, signal: Signal, variable: string): readonly [name: string, value: string | undefined] {
  const special = `OTEL_EXPORTER_OTLP_${signal}_${variable}`
  const value = given(environment, special)
  if (value !== undefined) return [special, value]
  const general = `OTEL_EXPORTER_OTLP_${variable}`
  return [general, given(environment, general)]
}

/** OpenTelemetry takes an empty variable for none. */
function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}
