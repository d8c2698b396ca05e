import { refusal } from './bulk-answer.ts'
import type { BulkResponse, BulkTransport } from './transport.ts'

export type ServerName = 'elasticsearch' | 'opensearch'

const CALLED: Readonly<Record<ServerName, string>> = { elasticsearch: 'Elasticsearch', opensearch: 'OpenSearch' }

/** What a certificate is told to be by OpenSSL and by Node, as far as an operator can do something about it. */
const UNTRUSTED = /self.signed|unable to (?:verify|get).*certificate|certificate has expired|altnames|CERT_|UNABLE_TO_|SELF_SIGNED/i
const NO_TLS = /wrong version number|EPROTO|packet length too long/i

/** Why it can be known now that nothing will be taken; `undefined` if nothing speaks against it. */
export async function startFailure(transport: BulkTransport, server: ServerName, signal: AbortSignal): Promise<string | undefined> {
  let response: BulkResponse
  try {
    response = await transport.request({ method: 'GET', path: '/' }, signal)
  } catch (error) {
    signal.throwIfAborted()
    return connectionFailure(error, server)
  }
  return answerFailure(response, server)
}

/** Why no answer came, for the operator. */
export function connectionFailure(error: unknown, server: ServerName): string {
  const messages = causes(error)
  const all = messages.join(': ')
  if (messages.includes('ProductNotSupportedError')) return notElasticsearch()
  if (/altnames|ALTNAME/.test(all)) return `the server's certificate is for another name (${messages[0]})`
  if (UNTRUSTED.test(all)) return `the server's certificate is not trusted (${messages[0]}): give the file of its CA as ca=FILE`
  if (NO_TLS.test(all)) return `there is no TLS (${messages[0]}): is it http: and not https:?`
  return `no answer from ${CALLED[server]}: ${messages[0]}`
}

/** The messages and codes of an error and of what caused it, the innermost message first: that of `fetch` itself only says that it failed. */
function causes(error: unknown): readonly string[] {
  const messages: string[] = []
  const names: string[] = []
  for (let one: unknown = error; one instanceof Error && messages.length < 5; one = one.cause) {
    const { code } = one as { readonly code?: unknown }
    messages.unshift(one.message || (typeof code === 'string' ? code : one.name))
    names.push(one.name, ...(typeof code === 'string' ? [code] : []))
  }
  return messages.length === 0 ? [String(error)] : [...messages, ...names]
}

function answerFailure(response: BulkResponse, server: ServerName): string | undefined {
  const { status, headers, text } = response
  if (status === 401) return 'refuses the user name and password, or the API key (401)'
  // An API key that may only write may not ask what the server is.
  if (status === 403) return undefined
  if (status === 404) return `answers 404: there is no ${CALLED[server]} at this address`
  if (status !== 200) return `answers ${refusal(response)}`
  const isOpenSearch = /"distribution"\s*:\s*"opensearch"/.test(text)
  const isElasticsearch = headers['x-elastic-product'] === 'Elasticsearch'
  if (server === 'elasticsearch')
    return isOpenSearch ? 'is OpenSearch: write opensearch=URL' : isElasticsearch ? undefined : notElasticsearch()
  return isElasticsearch ? 'is Elasticsearch: write elasticsearch=URL' : isOpenSearch ? undefined : 'is not OpenSearch'
}

function notElasticsearch(): string {
  return 'is not Elasticsearch; if it is OpenSearch, write opensearch=URL'
}
