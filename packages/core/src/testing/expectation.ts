import { hexText } from '../wire/address.ts'

/** How a test is declared: the `test` of vitest and of node:test both are such a function. */
export type DeclareTest = (name: string, run: () => void | Promise<void>) => unknown

/** Throws Error with `message` unless the condition holds. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Throws Error unless both are built alike; `what` begins its message. */
export function ensureAlike(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [canonical(actual), canonical(expected)]
  ensure(is === should, `${what}: ${is} should be ${should}`)
}

/** One text for each value: keys in order, bytes in hex, `bigint` marked. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`
    if (typeof part === 'number' && !Number.isFinite(part)) return String(part)
    if (part instanceof Uint8Array) return hexText(new DataView(part.buffer, part.byteOffset, part.byteLength), 0, part.byteLength)
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** The same value, frozen to its depth (bytes cannot be): whoever writes to it throws. */
export function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
