import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Inflated if it came gzipped. */
  readonly body: Uint8Array
}

/** How the server answers a request. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** No answer at all. */
  | 'hang'
  /** The connection is closed before any answer. */
  | 'hang-up'
  /** 200 and headers, then the connection is closed. */
  | 'close-after-headers'
  /** Half of a body of 200, then the connection is closed. */
  | 'half-a-response'

/**
 * A server on loopback that answers as it is told: it plays the failures that a backend has on its bad days. Answers in the list are given first, one per
 * request; then whatever `otherwise` says.
 */
export class LoopbackServer {
  readonly #server: Server
  readonly #scheme: 'http' | 'https'
  readonly #otherwise: (request: ReceivedRequest) => Answer | Promise<Answer>
  readonly #answers: Answer[] = []
  readonly received: ReceivedRequest[] = []

  private constructor(server: Server, scheme: 'http' | 'https', otherwise: (request: ReceivedRequest) => Answer | Promise<Answer>) {
    this.#server = server
    this.#scheme = scheme
    this.#otherwise = otherwise
    server.on('request', (request, response) => void this.#answer(request, response))
  }

  /** With a certificate it speaks TLS. */
  static async start(
    otherwise: (request: ReceivedRequest) => Answer | Promise<Answer>,
    tls?: { readonly key: string; readonly cert: string },
  ): Promise<LoopbackServer> {
    const server = tls === undefined ? createServer() : createTlsServer({ key: tls.key, cert: tls.cert })
    const loopback = new LoopbackServer(server, tls === undefined ? 'http' : 'https', otherwise)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return loopback
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What the next requests get. */
  play(...answers: readonly Answer[]): void {
    this.#answers.push(...answers)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of message) chunks.push(chunk)
    } catch {
      return
    }
    const raw = Buffer.concat(chunks)
    const request: ReceivedRequest = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: message.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
    }
    this.received.push(request)
    respond(response, this.#answers.shift() ?? (await this.#otherwise(request)))
  }
}

function respond(response: ServerResponse, answer: Answer): void {
  switch (answer) {
    case 'hang':
      return
    case 'hang-up':
      response.destroy()
      return
    case 'close-after-headers':
    case 'half-a-response':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.flushHeaders()
      if (answer === 'half-a-response') response.write(`{"took":1,${' '.repeat(489)}`)
      setTimeout(() => response.destroy(), 20)
      return
    default:
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
  }
}
