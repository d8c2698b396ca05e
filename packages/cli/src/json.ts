/** Node 22 has these, TypeScript's library does not know them. */
const { rawJSON } = JSON as JSON & { rawJSON(text: string): object }
/** What a reviver is told besides: the text of a number. */
interface Source {
  readonly source?: string
}
const WHOLE = /^\d{16,20}$/

/** JSON in which a quantity above 2^53 - 1 stands with all its digits, as JSON's numbers may. `indent` blanks a level, or all in one line. */
export function exactJson(value: unknown, indent?: number): string {
  return quietJson(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? rawJSON(String(part)) : part), indent))
}

/** The same JSON without the control characters that it may hold as they are: delete and C1, among which are some that command a terminal. */
export function quietJson(text: string): string {
  return text.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

/** What a text of JSON says; a whole number above 2^53 - 1, which a number of JavaScript's would not hold, stays the text of its digits. Throws SyntaxError. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_: string, value: unknown, { source = '' }: Source = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && WHOLE.test(source) ? source : value,
  )
}
