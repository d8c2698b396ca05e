import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantNanos, instantText, nanosBetween } from '../src/telemetry/instant.ts'

const nanos = fc.integer({ min: 0, max: 999_999_999 })

test('the text is what Date says, with nine digits of fraction', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), nanos, (seconds, fraction) => {
      const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
      expect(instantText({ seconds, nanos: fraction })).toBe(`${whole}.${String(fraction).padStart(9, '0')}Z`)
    }),
    { numRuns: 2000 },
  )
})

test('days around the ends of months, of leap years and of centuries', () => {
  for (const year of [1970, 1972, 1999, 2000, 2001, 2024, 2100, 2400, 9999]) {
    for (let month = 0; month < 12; month++) {
      for (const day of [1, 28, 29, 30, 31]) {
        const seconds = Date.UTC(year, month, day, 23, 59, 59) / 1000
        if (seconds > 253_402_300_799) continue
        expect(instantText({ seconds, nanos: 0 })).toBe(`${new Date(seconds * 1000).toISOString().slice(0, 19)}.000000000Z`)
      }
    }
  }
})

test('nanoseconds are exact digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_223_372_035 }), nanos, (seconds, fraction) => {
      expect(instantNanos({ seconds, nanos: fraction })).toBe(String(BigInt(seconds) * 1_000_000_000n + BigInt(fraction)))
    }),
  )
  expect(instantNanos({ seconds: 0, nanos: 0 })).toBe('0')
  expect(instantNanos({ seconds: 9_223_372_036, nanos: 0 })).toBeUndefined()
})

test('what is no instant has no text', () => {
  const strange = [
    { seconds: -1, nanos: 0 },
    { seconds: 1.5, nanos: 0 },
    { seconds: Number.NaN, nanos: 0 },
    { seconds: 253_402_300_800, nanos: 0 },
    { seconds: 1, nanos: -1 },
    { seconds: 1, nanos: 1e9 },
    { seconds: 1, nanos: 0.5 },
    { seconds: 1, nanos: Number.NaN },
  ]
  for (const instant of strange) {
    expect(instantText(instant)).toBeUndefined()
    expect(instantNanos(instant)).toBeUndefined()
  }
})

test('the nanoseconds between two instants are exact, beyond 2^53 too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 253_402_300_799 }),
      nanos,
      fc.integer({ min: 0, max: 253_402_300_799 }),
      nanos,
      (s1, n1, s2, n2) => {
        const exact = (BigInt(s2) - BigInt(s1)) * 1_000_000_000n + BigInt(n2) - BigInt(n1)
        expect(BigInt(nanosBetween({ seconds: s1, nanos: n1 }, { seconds: s2, nanos: n2 }))).toBe(exact)
      },
    ),
  )
  expect(nanosBetween({ seconds: 1, nanos: 999_999_999 }, { seconds: 2, nanos: 0 })).toBe(1)
})
