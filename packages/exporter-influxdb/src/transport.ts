/** A write: lines in UTF-8. They may go compressed if `gzip` says so. */
export interface InfluxdbRequest {
  /** With the query, from the server's own root. */
  readonly path: string
  readonly body: Uint8Array
  readonly gzip: boolean
}

/** What the server said, whatever the status. Headers by their names in lower case. */
export interface InfluxdbAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/**
 * POSTs a write, with what the server wants to know of who asks. Resolves with any answer that came whole; rejects if none came, or a part of one. It
 * repeats nothing.
 */
export type InfluxdbTransport = (request: InfluxdbRequest, signal: AbortSignal) => Promise<InfluxdbAnswer>

/** What is used of an `InfluxDB` of `@influxdata/influxdb-client`. */
export interface InfluxdbClient {
  readonly transport: {
    request(
      path: string,
      body: string,
      options: {
        readonly method: string
        readonly headers: Record<string, string>
        readonly gzipThreshold?: number
        readonly signal: AbortSignal
      },
      responseStarted: (headers: InfluxdbAnswer['headers'], status?: number) => void,
    ): Promise<unknown>
  }
}

const LINES = 'text/plain; charset=utf-8'

/** Through the official client's `transport.request()`: its `WriteApi` has a queue and retries of its own, and takes a partial write for a whole one. */
export function clientTransport({ transport }: InfluxdbClient): InfluxdbTransport {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return async ({ path, body, gzip }, signal) => {
    let status = 0
    let headers: InfluxdbAnswer['headers'] = {}
    const options = {
      method: 'POST',
      headers: { 'content-type': LINES },
      ...(gzip ? { gzipThreshold: 0 } : {}),
      // The client never takes its listener back: this signal is gone with the request.
      signal: AbortSignal.any([signal]),
    }
    try {
      const said = await transport.request(path, decoder.decode(body), options, (answerHeaders, answerStatus) => {
        headers = answerHeaders
        status = answerStatus ?? 0
      })
      return { status, headers, body: textOf(said) }
    } catch (error) {
      // The client's HttpError, which it makes of each answer from 300.
      if (status < 300 || !isHttpError(error)) throw error
      return { status, headers, body: error.body ?? '' }
    }
  }
}

/** The client has read JSON already. */
function textOf(said: unknown): string {
  if (said === undefined || typeof said === 'string') return said ?? ''
  return said instanceof Uint8Array ? new TextDecoder().decode(said) : JSON.stringify(said)
}

function isHttpError(error: unknown): error is { readonly statusCode: number; readonly body?: string } {
  return error instanceof Error && 'statusCode' in error
}

/**
 * Through `fetch`, without the client.
 *
 * @param url the server's root
 * @param headers for example `{ authorization: 'Token …' }`
 */
export function fetchTransport(url: string | URL, headers: Readonly<Record<string, string>> = {}): InfluxdbTransport {
  const root = String(url).replace(/\/$/, '')
  return async ({ path, body, gzip }, signal) => {
    const response = await fetch(`${root}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': LINES, ...(gzip ? { 'content-encoding': 'gzip' } : {}) },
      body: gzip ? await gzipped(body) : new Uint8Array(body),
      redirect: 'manual',
      signal,
    })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
  }
}

function gzipped(body: Uint8Array): Promise<ArrayBuffer> {
  const stream = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}
