import { Buffer } from 'node:buffer'
import { text } from 'node:stream/consumers'
import { createUnzip } from 'node:zlib'
import type { BulkRequest, BulkResponse, BulkTransport, TransportOptions } from './transport.ts'
import { timeoutOf } from './transport.ts'

/** What both clients get for a request. */
interface ClientParams {
  readonly method: string
  readonly path: string
  readonly querystring: string
  readonly body?: Buffer
}

/** What both clients give. With `asStream` the body is one: neither client then looks into it, nor makes an error of a status. */
interface ClientAnswer {
  readonly statusCode?: number | null
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly body: unknown
}

type BodyStream = NodeJS.ReadableStream & { destroy(error?: Error): void }

interface ClientOptions {
  readonly asStream: true
  readonly maxRetries: 0
  readonly requestTimeout: number
  readonly headers: Record<string, string>
}

/** As much of `Client` of `@elastic/elasticsearch` 9 as is used. */
export interface ElasticClient {
  readonly transport: {
    request(params: ClientParams, options: ClientOptions & { readonly meta: true; readonly signal: AbortSignal }): Promise<ClientAnswer>
  }
  close(): Promise<void>
}

/** As much of `Client` of `@opensearch-project/opensearch` 3 as is used. */
export interface OpenSearchClient {
  readonly transport: { request(params: ClientParams, options: ClientOptions): PromiseLike<ClientAnswer> }
  close(): Promise<void>
}

/**
 * A client of `@elastic/elasticsearch` as transport. Its repeats are switched off, and its media types: they would allow one version of the server only. Closing
 * the transport closes the client.
 *
 * @throws TypeError for an option that cannot be
 */
export function elasticTransport(client: ElasticClient, options: TransportOptions = {}): BulkTransport {
  const requestTimeout = timeoutOf(options)
  return {
    async request(request, signal) {
      signal.throwIfAborted()
      const answer = await client.transport.request(paramsOf(request), { ...optionsOf(request, requestTimeout), meta: true, signal })
      return responseOf(answer, requestTimeout, signal)
    },
    close: () => client.close(),
  }
}

/**
 * A client of `@opensearch-project/opensearch` as transport, its repeats switched off. Closing the transport closes the client.
 *
 * @throws TypeError for an option that cannot be
 */
export function openSearchTransport(client: OpenSearchClient, options: TransportOptions = {}): BulkTransport {
  const requestTimeout = timeoutOf(options)
  return {
    async request(request, signal) {
      signal.throwIfAborted()
      const answer = client.transport.request(paramsOf(request), optionsOf(request, requestTimeout))
      return responseOf(await orAborted(answer, signal), requestTimeout, signal)
    },
    close: () => client.close(),
  }
}

/** The client knows no signal, and throws where nobody can catch it when a request is aborted: so it is left to end by its time, and its answer unread. */
function orAborted(answer: PromiseLike<ClientAnswer>, signal: AbortSignal): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    const settled = (): void => signal.removeEventListener('abort', abort)
    answer.then(
      (given) => {
        settled()
        if (signal.aborted) (given.body as BodyStream).destroy()
        else resolve(given)
      },
      (error) => {
        settled()
        reject(error)
      },
    )
  })
}

function paramsOf({ method, path, body }: BulkRequest): ClientParams {
  const [pathname = '', querystring = ''] = path.split('?')
  const bytes = body === undefined ? {} : { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }
  return { method, path: pathname, querystring, ...bytes }
}

function optionsOf({ headers }: BulkRequest, requestTimeout: number): ClientOptions {
  return { asStream: true, maxRetries: 0, requestTimeout, headers: { accept: 'application/json', ...headers } }
}

/** The clients' time ends with the headers; a body that never ends must end too. */
async function responseOf(answer: ClientAnswer, timeoutMs: number, signal: AbortSignal): Promise<BulkResponse> {
  const headers = (answer.headers ?? {}) as BulkResponse['headers']
  const body = answer.body as BodyStream
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const end = (): void => body.destroy(ended.reason as Error)
  if (ended.aborted) end()
  else ended.addEventListener('abort', end, { once: true })
  try {
    const isCompressed = /gzip|deflate/.test(String(headers['content-encoding'] ?? ''))
    return { status: answer.statusCode ?? 0, headers, text: await (isCompressed ? inflated(body) : text(body)) }
  } finally {
    ended.removeEventListener('abort', end)
  }
}

function inflated(body: NodeJS.ReadableStream): Promise<string> {
  const unzip = createUnzip()
  body.on('error', (error) => unzip.destroy(error))
  return text(body.pipe(unzip))
}
