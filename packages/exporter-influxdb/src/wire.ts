import type { Wire, Wiring } from '@geneve-telemetry/core'
import { type Dialect, dialectOf, placeOptions } from './dialect.ts'
import { influxdbExporter } from './exporter.ts'
import { influxdb } from './influxdb.ts'
import type { InfluxdbClient } from './transport.ts'

/**
 * Without a URL, lines for a file. With `http(s)://host:8086[?dialect=v1|v2|v3|victoriametrics&org=&bucket=&database=&gzip=on|off&ca=FILE]`, points for that
 * server; dialect v2 takes `INFLUX_TOKEN`, `INFLUX_ORG` and `INFLUX_BUCKET`, v3 `INFLUX_TOKEN`, the others also `INFLUX_USERNAME` and `INFLUX_PASSWORD`.
 */
export const wire: Wire = (wiring) => {
  const { url, flows, vendors } = wiring
  return url === undefined ? influxdb({ flows, vendors }) : exporterFor(wiring, url)
}

async function exporterFor(wiring: Wiring, url: URL): Promise<ReturnType<typeof influxdbExporter>> {
  const { flows, vendors } = wiring
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`${url.protocol}//: InfluxDB is reached by http:// or https://`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('a URL is no place for a password: set INFLUX_TOKEN, or INFLUX_USERNAME and INFLUX_PASSWORD')
  }
  const parameters = parametersOf(url)
  const dialect = dialectOf(parameters.get('dialect') ?? 'v2')
  checkParameters(parameters, dialect)
  const ca = parameters.get('ca')
  if (ca !== undefined && url.protocol === 'http:') throw new TypeError('ca: only https:// has certificates')

  const place = { org: parameters.get('org'), bucket: parameters.get('bucket'), database: parameters.get('database') }
  if (dialect === 'v2') {
    place.org ??= needed(wiring, 'INFLUX_ORG', 'or org=NAME in the URL')
    place.bucket ??= needed(wiring, 'INFLUX_BUCKET', 'or bucket=NAME in the URL')
  } else if (place.database === undefined && dialect !== 'victoriametrics') {
    throw new TypeError(`database: dialect ${dialect} needs database=NAME in the URL`)
  }
  const authorization = authorizationOf(wiring, dialect)
  const authority = ca === undefined ? undefined : await authorityIn(wiring, ca)
  const client = await clientFor({
    url: `${url.origin}${url.pathname}`,
    // Delivery ends a request that takes too long; the client would only look away from it.
    timeout: 0,
    ...(authorization === undefined ? {} : { headers: { authorization } }),
    ...(authority === undefined ? {} : { transportOptions: { ca: authority } }),
  })
  return influxdbExporter({ client, dialect, ...place, gzip: parameters.get('gzip') !== 'off', flows, vendors })
}

async function authorityIn(wiring: Wiring, path: string): Promise<string> {
  const text = new TextDecoder().decode(await wiring.readFile(path))
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new TypeError(`ca: ${path} is no certificate in PEM`)
  return text
}

async function clientFor(options: {
  readonly url: string
  readonly timeout: number
  readonly headers?: Record<string, string>
  readonly transportOptions?: { readonly ca: string }
}): Promise<InfluxdbClient> {
  const { InfluxDB } = await import('@influxdata/influxdb-client').catch((error: unknown) => {
    throw new Error("the client is not installed: 'npm install @influxdata/influxdb-client'", { cause: error })
  })
  return new InfluxDB(options)
}

function parametersOf(url: URL): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (parameters.has(name)) throw new TypeError(`${name}: stands twice in the URL`)
    parameters.set(name, value)
  }
  return parameters
}

function checkParameters(parameters: ReadonlyMap<string, string>, dialect: Dialect): void {
  const allowed = ['dialect', ...placeOptions(dialect), 'gzip', 'ca']
  for (const [name, value] of parameters) {
    if (!allowed.includes(name)) {
      throw new TypeError(`${name}: no parameter of an InfluxDB URL of dialect ${dialect}; those are ${allowed.join(', ')}`)
    }
    if (value === '') throw new TypeError(`${name}: has no value`)
  }
  const gzip = parameters.get('gzip') ?? 'on'
  if (gzip !== 'on' && gzip !== 'off') throw new TypeError(`gzip: '${gzip}' is neither on nor off`)
}

/** What stands in a variable; an empty one is none. */
function variable({ environment }: Wiring, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

function needed(wiring: Wiring, name: string, instead = ''): string {
  const value = variable(wiring, name)
  if (value === undefined) throw new TypeError(`${name}: dialect v2 needs it${instead === '' ? '' : `, ${instead}`}`)
  return value
}

/** In a header, never in the URL, which servers write to their logs. */
function authorizationOf(wiring: Wiring, dialect: Dialect): string | undefined {
  const user = variable(wiring, 'INFLUX_USERNAME')
  const password = variable(wiring, 'INFLUX_PASSWORD')
  if ((dialect === 'v1' || dialect === 'victoriametrics') && (user !== undefined || password !== undefined)) {
    if (user === undefined || password === undefined) throw new TypeError('INFLUX_USERNAME, INFLUX_PASSWORD: one needs the other')
    return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`
  }
  const token = dialect === 'v2' ? needed(wiring, 'INFLUX_TOKEN') : variable(wiring, 'INFLUX_TOKEN')
  if (token === undefined) return undefined
  if (!/^[!-~]+$/.test(token)) throw new TypeError('INFLUX_TOKEN: holds a character that no token has, for example a space or a line end')
  return `${dialect === 'v3' ? 'Bearer' : 'Token'} ${token}`
}
