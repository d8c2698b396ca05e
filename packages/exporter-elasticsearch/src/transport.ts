/** One request to a backend, as HTTP has it. */
export interface BulkRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** From the server's root on, with the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** What it answered, whatever the status. */
export interface BulkResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The whole body, inflated. */
  readonly text: string
}

/**
 * All that this package wants of a client: one request, one answer. It repeats nothing. It rejects where no whole answer came: no connection, one that broke, a
 * timeout, the signal.
 */
export interface BulkTransport {
  request(request: BulkRequest, signal: AbortSignal): Promise<BulkResponse>
  close?(): Promise<void>
}

/** How a transport behaves. */
export interface TransportOptions {
  /** The longest that a request may take, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number
}

/** The time that is set, checked. */
export function timeoutOf({ timeoutMs = 60_000 }: TransportOptions): number {
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2 ** 31 - 1) {
    throw new TypeError(`timeoutMs: ${timeoutMs} is not a whole number of milliseconds from 1 to 2147483647`)
  }
  return timeoutMs
}
