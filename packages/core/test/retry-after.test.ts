import { expect, test } from 'vitest'
import { retryAfterMs } from '../src/telemetry/retry-after.ts'

const NOW = Date.UTC(2026, 10, 23, 10)

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 5 ', 5000],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('Retry-After: %s is %s ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected)
})
