/** Node 22 has it, TypeScript's library does not know it. */
const { rawJSON } = JSON as JSON & { rawJSON(text: string): object }

/** JSON in which a quantity above 2^53 - 1 stands with all its digits, as JSON's numbers may. `indent` blanks a level, or all in one line. */
export function exactJson(value: unknown, indent?: number): string {
  return quietJson(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? rawJSON(String(part)) : part), indent))
}

/** The same JSON without the control characters that it may hold as they are: delete and C1, among which are some that command a terminal. */
export function quietJson(text: string): string {
  return text.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}
