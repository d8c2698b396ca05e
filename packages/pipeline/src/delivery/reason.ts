/** What a failure says, with the causes below it: a client's own words are often no more than `fetch failed`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message, cause } = error
  const own = message || codeOf(error) || error.name
  if (!(cause instanceof Error)) return own
  const below = reasonOf(cause)
  return own.includes(below) ? own : `${own}: ${below}`
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
