/**
 * The milliseconds that a `Retry-After` header asks for: seconds or a date (RFC 9110, 10.2.3), never less than 0; `undefined` for what is neither.
 *
 * @param now milliseconds since 1970, for dates
 */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
