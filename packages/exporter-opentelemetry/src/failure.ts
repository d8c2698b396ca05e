/** An answer of 200 that is a page, as of a web server which answers any path so. */
export class PageError extends Error {
  constructor(type: string) {
    super(`answers 200 with a page (${type})`)
  }
}

/** Requests that the same backend would refuse again. */
const REFUSED = new Set([400, 413, 415, 422])
const REASON_LENGTH = 200
const NO_ENDPOINT = 'there is no OTLP endpoint; the URL is a base, to which /v1/metrics or /v1/logs is added'

/** Why the backend will not have this request, however often it comes; `undefined` if it may another time. */
export function refusal(error: Error): string | undefined {
  const status = statusOf(error)
  return status !== undefined && REFUSED.has(status) ? reasonOf(error) : undefined
}

/** What an export failed with, in one line. */
export function reasonOf(error: Error): string {
  const status = statusOf(error)
  if (status === undefined) return codeOf(error) === undefined ? error.message : `${codeOf(error)}: ${error.message}`
  const said = 'data' in error && typeof error.data === 'string' ? messageIn(error.data) : ''
  return said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`
}

/** Whether the backend is there, but has no time: 429, 502, 503, 504, which the exporter does not tell apart. */
export function isBusy(error: Error): boolean {
  return statusOf(error) === undefined && codeOf(error) === undefined && error.message.includes('retryable status')
}

/** Whether the backend is there, and has nothing of OTLP at that path. */
export function isNoEndpoint(error: unknown): boolean {
  const status = error instanceof Error ? statusOf(error) : undefined
  return status === 404 || status === 405 || error instanceof PageError
}

/** What follows the endpoint in a message for the operator. */
export function explained(error: Error): string {
  const status = statusOf(error)
  const code = codeOf(error)
  if (status === 401 || status === 403)
    return `answers ${status}: the credentials are missing or wrong (headers; OTEL_EXPORTER_OTLP_HEADERS in the environment)`
  if (status === 404 || status === 405) return `answers ${status}: ${NO_ENDPOINT}`
  if (error instanceof PageError) return `${error.message}: ${NO_ENDPOINT}`
  if (status !== undefined) return `refuses an empty export: ${reasonOf(error)}`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `has a certificate for another name: ${error.message}`
  if (code !== undefined && /CERT|SIGNATURE|ISSUER/.test(code))
    return `has a certificate that is not trusted (${code}): name its authority (tls.ca; OTEL_EXPORTER_OTLP_CERTIFICATE in the environment)`
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'does not speak TLS: is it http:// instead of https://?'
  return `cannot be reached: ${error.message}`
}

function statusOf(error: Error): number | undefined {
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The text of an answer: the `message` of a `Status` in JSON, else its first line. */
function messageIn(body: string): string {
  let text = body
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status) text = String(status.message)
  } catch {}
  return text.trim().split('\n')[0]!.slice(0, REASON_LENGTH)
}
