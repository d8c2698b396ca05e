import type { Codec } from './codecs/codec.ts'

/** Says that a value, or what should be a list of them, is none of the field's, and what is. */
export function refusal({ allowed }: Codec, value: unknown, list?: true): string {
  return `${shown(value)} is not ${list ? `a list, not empty: each is ${allowed}` : allowed}`
}

/** Says that a value has too many bytes. */
export function excess(length: number, room: number): string {
  return `${length} bytes are too many, ${room} are allowed`
}

function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  // Zeros have two signs, of which whole numbers have one.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  return JSON.stringify(value) ?? typeof value
}
