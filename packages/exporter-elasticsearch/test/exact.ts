import type { Rejected } from '@geneve-telemetry/core'
import { expect } from 'vitest'
import type { Json } from './expected.ts'

/** A document as read back: each number as the text that stands there, since JSON.parse would round what is above 2^53. */
export function exact(document: string | Rejected): unknown {
  if (typeof document !== 'string') throw new Error(document.rejected)
  expect(document).not.toMatch(/[\n\r]/)
  return JSON.parse(document, (_, value, context?: { source?: string }) =>
    typeof value === 'number' ? { number: context?.source ?? String(value) } : value,
  )
}

export function numbersAsText(value: Json): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return { number: String(value) }
  if (Array.isArray(value)) return value.map(numbersAsText)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, numbersAsText(part)]))
}
