import type { BulkTransport, TransportOptions } from './transport.ts'
import { timeoutOf } from './transport.ts'

export interface FetchOptions extends TransportOptions {
  /** Of the server, without user and password; a path before its own ones is kept. */
  readonly url: string | URL
  /** With each request, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The platform's `fetch` as transport, for servers whose certificate the platform trusts.
 *
 * @throws TypeError for an option that cannot be
 */
export function fetchTransport(options: FetchOptions): BulkTransport {
  const timeoutMs = timeoutOf(options)
  const url = new URL(options.url)
  if (!/^https?:$/.test(url.protocol)) throw new TypeError(`url: "${url.protocol}" is not one of http:, https:`)
  if (url.username !== '' || url.password !== '') throw new TypeError('url: user and password belong into headers, as "authorization"')
  const root = url.origin + url.pathname.replace(/\/$/, '')
  return {
    async request({ method, path, headers, body }, signal) {
      const response = await fetch(root + path, {
        method,
        headers: { accept: 'application/json', ...options.headers, ...headers },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
      })
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() }
    },
  }
}
