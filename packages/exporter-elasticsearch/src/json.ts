/** What can stand between quotes as it is: no quote, no backslash, no control, no surrogate. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/** A JSON string. `JSON.stringify` costs more than the test for whether it is needed. Half a surrogate pair is no text in UTF-8 and becomes U+FFFD. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed())
}

/** The same text in one piece: V8 keeps one that was put together as the tree of its pieces, and walks it again whenever it becomes a part of another. */
export function flat(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text))
}

/** A JSON array of strings. */
export function quoteAll(texts: readonly string[]): string {
  return `[${texts.map(quote).join(',')}]`
}

/** A JSON number, `null` for what JSON has no number for. */
export function number(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Members of an object, those that are there: `"a":1,"b":2`. */
export function members(...parts: readonly string[]): string {
  let all = ''
  for (const part of parts) if (part !== '') all = all === '' ? part : `${all},${part}`
  return all
}

/** A member that is an object; one without members is not there. */
export function object(key: string, inner: string): string {
  return inner === '' ? '' : `"${key}":{${inner}}`
}
