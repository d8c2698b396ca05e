/** Node 22 has it, TypeScript's library does not know it. */
const { rawJSON } = JSON as JSON & { rawJSON(text: string): object }

/** JSON in which a quantity above 2^53 - 1 stands with all its digits, as JSON's numbers may. `indent` blanks a level, or all in one line. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? rawJSON(String(part)) : part), indent)
}
