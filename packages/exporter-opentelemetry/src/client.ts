import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { explained, isBusy } from './failure.ts'

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

export type ExporterConfig = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>

/** An exporter of the SDK, by the part of it that is used. */
export interface SdkExporter<T> {
  export(data: T, done: (result: { readonly code: number; readonly error?: Error }) => void): void
  shutdown(): Promise<void>
}

/** What became of an export: `undefined` = success. */
export type Failure = { readonly error: Error } | 'aborted' | undefined

export const EXPORTS_AT_ONCE = 2
const DEFAULT_TIMEOUT_MS = 10_000
const START_TIMEOUT_MS = 3_000

/**
 * One exporter of the SDK, two exports at a time, so that the next request is written while the backend reads the one before. The exporter itself would begin
 * as many as it is given, and refuse the 31st.
 */
export class OtlpClient<T> {
  readonly #exporter: SdkExporter<T>
  readonly #make: (config: ExporterConfig) => SdkExporter<T>
  readonly #connection: OtlpConnection
  readonly #endpoint: string
  readonly #running = new Set<Promise<void>>()

  /** @throws TypeError, RangeError for an option that cannot be */
  constructor(connection: OtlpConnection, path: string, make: (config: ExporterConfig) => SdkExporter<T>) {
    this.#endpoint = endpointOf(connection.url, path)
    this.#connection = connection
    this.#make = make
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = connection
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
      throw new RangeError(`timeoutMs: ${timeoutMs} is not a whole number of milliseconds from 1`)
    this.#exporter = make(this.#config(timeoutMs))
  }

  /** Exports nothing, to see whether that would work. Rejects with a message for the operator; a backend that is only busy is none. */
  async start(nothing: T, signal: AbortSignal): Promise<void> {
    const probe = this.#make(this.#config(Math.min(START_TIMEOUT_MS, this.#connection.timeoutMs ?? DEFAULT_TIMEOUT_MS)))
    const failure = await exportOnce(probe, nothing, signal)
    if (failure === 'aborted') throw new Error(`${this.#endpoint} does not answer`)
    await probe.shutdown()
    if (failure !== undefined && !isBusy(failure.error))
      throw new Error(`${this.#endpoint} ${explained(failure.error)}`, { cause: failure.error })
  }

  async export(data: T, signal: AbortSignal): Promise<Failure> {
    while (this.#running.size >= EXPORTS_AT_ONCE && !signal.aborted) await Promise.race([...this.#running, aborted(signal)])
    if (signal.aborted) return 'aborted'
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running.add(promise)
    return exportOnce(this.#exporter, data, signal, () => {
      this.#running.delete(promise)
      resolve()
    })
  }

  async close(): Promise<void> {
    await this.#exporter.shutdown()
  }

  /** All is said, so that the exporter need not look into the environment for it. */
  #config(timeoutMillis: number): ExporterConfig {
    const { headers = {}, gzip = true, tls = {} } = this.#connection
    return {
      url: this.#endpoint,
      headers: { ...headers },
      timeoutMillis,
      // By the enumeration's text, so that its package is loaded only for the exporter.
      compression: (gzip ? 'gzip' : 'none') as NonNullable<ExporterConfig['compression']>,
      httpAgentOptions: { keepAlive: true, ...tls },
    }
  }
}

async function exportOnce<T>(exporter: SdkExporter<T>, data: T, signal: AbortSignal, done?: () => void): Promise<Failure> {
  const result = new Promise<Failure>((resolve) => {
    exporter.export(data, ({ code, error }) => {
      resolve(code === 0 ? undefined : { error: error ?? new Error('no reason given') })
      done?.()
    })
  })
  return Promise.race([result, aborted(signal)])
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted')
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }))
}

function endpointOf(url: string | URL, path: string): string {
  const base = typeof url === 'string' && !URL.canParse(url) ? undefined : new URL(url)
  if (base === undefined || (base.protocol !== 'http:' && base.protocol !== 'https:'))
    throw new TypeError(`url: '${url}' is no http:// or https:// URL`)
  if (base.username !== '' || base.password !== '') throw new TypeError('url: credentials belong in headers, not in the URL')
  if (base.search !== '' || base.hash !== '') throw new TypeError(`url: a base has no '${base.search}${base.hash}'`)
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`
}
