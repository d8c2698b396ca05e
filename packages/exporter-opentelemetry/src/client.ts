import { explained, isBusy, reasonOf, refusal } from './failure.ts'
import { aborted, type ExporterConfig, Lane, type SdkExporter } from './lane.ts'

/** How an OTLP endpoint is reached. */
export interface OtlpConnection {
  /** The base, to which `/v1/metrics` or `/v1/logs` is added: `http://localhost:4318`. */
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  /** For one export with its repetitions. Default: 10,000. */
  readonly timeoutMs?: number
  /** Whether requests are compressed. Default: true. */
  readonly gzip?: boolean
  /** PEM: of the authority that the server's certificate is by, and of a client's certificate. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** What became of an export; of one that was delivered, how many of its data points or log records the backend did not take. */
export type ExportOutcome =
  | { readonly fate: 'delivered'; readonly rejected: number; readonly reason: string }
  | { readonly fate: 'rejected' | 'again'; readonly reason: string }

/** The next request is written while the backend reads the one before. */
export const EXPORTS_AT_ONCE = 2
const DEFAULT_TIMEOUT_MS = 10_000
const START_TIMEOUT_MS = 3_000

/** Exports of one signal to one endpoint. */
export class OtlpClient<T> {
  readonly #make: (config: ExporterConfig) => SdkExporter<T>
  readonly #connection: OtlpConnection
  readonly #endpoint: string
  readonly #lanes: readonly Lane<T>[]

  /** @throws TypeError, RangeError for an option that cannot be */
  constructor(connection: OtlpConnection, path: string, make: (config: ExporterConfig) => SdkExporter<T>) {
    this.#endpoint = endpointOf(connection.url, path)
    this.#connection = connection
    this.#make = make
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = connection
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
      throw new RangeError(`timeoutMs: ${timeoutMs} is not a whole number of milliseconds from 1`)
    this.#lanes = Array.from({ length: EXPORTS_AT_ONCE }, () => this.#lane(timeoutMs))
  }

  /** Exports nothing, to see whether that would work. Rejects with a message for the operator; a backend that is only busy is none. */
  async start(nothing: T, signal: AbortSignal): Promise<void> {
    const probe = this.#lane(Math.min(START_TIMEOUT_MS, this.#connection.timeoutMs ?? DEFAULT_TIMEOUT_MS))
    const exported = await probe.export(nothing, signal)
    const closed = probe.close()
    if (exported === 'aborted') throw new Error(`${this.#endpoint} does not answer`)
    await closed
    if (exported !== undefined && 'error' in exported && !isBusy(exported.error))
      throw new Error(`${this.#endpoint} ${explained(exported.error)}`, { cause: exported.error })
  }

  async export(data: T, signal: AbortSignal): Promise<ExportOutcome> {
    const lane = await this.#freeLane(signal)
    const exported = lane === undefined ? 'aborted' : await lane.export(data, signal)
    if (exported === 'aborted') return { fate: 'again', reason: 'the push took too long' }
    if (exported === undefined) return { fate: 'delivered', rejected: 0, reason: '' }
    if ('partial' in exported) return { fate: 'delivered', ...exported.partial }
    const refused = refusal(exported.error)
    return refused === undefined ? { fate: 'again', reason: reasonOf(exported.error) } : { fate: 'rejected', reason: refused }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()))
  }

  async #freeLane(signal: AbortSignal): Promise<Lane<T> | undefined> {
    while (!signal.aborted) {
      const free = this.#lanes.find(({ running }) => running === undefined)
      if (free !== undefined) return free
      await Promise.race([...this.#lanes.map(({ running }) => running), aborted(signal)])
    }
    return undefined
  }

  /** All is said, so that the exporter need not look into the environment for it. */
  #lane(timeoutMillis: number): Lane<T> {
    const { headers = {}, gzip = true, tls = {} } = this.#connection
    const config: ExporterConfig = {
      headers: { ...headers },
      timeoutMillis,
      // By the enumeration's text, so that its package is loaded only for the exporter.
      compression: (gzip ? 'gzip' : 'none') as NonNullable<ExporterConfig['compression']>,
    }
    return new Lane(this.#make, config, this.#endpoint, { keepAlive: true, ...tls })
  }
}

function endpointOf(url: string | URL, path: string): string {
  const base = typeof url === 'string' && !URL.canParse(url) ? undefined : new URL(url)
  if (base === undefined || (base.protocol !== 'http:' && base.protocol !== 'https:'))
    throw new TypeError(`url: '${url}' is no http:// or https:// URL`)
  if (base.username !== '' || base.password !== '') throw new TypeError('url: credentials belong in headers, not in the URL')
  if (base.search !== '' || base.hash !== '') throw new TypeError(`url: a base has no '${base.search}${base.hash}'`)
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`
}
