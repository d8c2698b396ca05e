import type { Instant } from './record.ts'

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))
const DAY_SECONDS = 86_400
/** Days of the 400 years after which the Gregorian calendar repeats itself. */
const ERA_DAYS = 146_097
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_DAY = 719_468
/** 9999-12-31T23:59:59Z */
const LAST_SECOND = 253_402_300_799

/**
 * The time as RFC 3339 writes it, with nine digits of fraction: `2026-11-23T10:00:00.123456789Z`. `undefined` for what is no instant of the years
 * 1970 to 9999. Plain arithmetic: `Date` takes three times as long and has milliseconds only.
 */
export function instantText(instant: Instant): string | undefined {
  const { seconds, nanos } = instant
  if (!isNanos(nanos) || !Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND) return undefined

  // Years are counted from March, so that the leap day is a year's last.
  const day = Math.floor(seconds / DAY_SECONDS)
  const dayOfEra = (day + EPOCH_DAY) % ERA_DAYS
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = Math.floor((day + EPOCH_DAY) / ERA_DAYS) * 400 + yearOfEra + (month <= 2 ? 1 : 0)

  const second = seconds - day * DAY_SECONDS
  const date = `${year}-${TWO_DIGITS[month]}-${TWO_DIGITS[dayOfMonth]}`
  const time = `${TWO_DIGITS[Math.floor(second / 3600)]}:${TWO_DIGITS[Math.floor(second / 60) % 60]}:${TWO_DIGITS[second % 60]}`
  return `${date}T${time}.${nineDigits(nanos)}Z`
}

/** The last second of which every nanosecond fits in a signed 64-bit number, in the year 2262. */
const LAST_SECOND_IN_NANOS = 9_223_372_035

/** Nanoseconds since 1970-01-01T00:00:00Z in decimal digits; `undefined` for what is no instant or does not fit in a signed 64-bit number. */
export function instantNanos(instant: Instant): string | undefined {
  const { seconds, nanos } = instant
  if (!isNanos(nanos) || !Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND_IN_NANOS) return undefined
  return seconds === 0 ? String(nanos) : `${seconds}${nineDigits(nanos)}`
}

/** Nanoseconds from one instant to another, exact. Both must be instants. */
export function nanosBetween(start: Instant, end: Instant): number | bigint {
  const nanos = (end.seconds - start.seconds) * 1e9 + (end.nanos - start.nanos)
  if (Number.isSafeInteger(nanos)) return nanos
  return BigInt(end.seconds - start.seconds) * 1_000_000_000n + BigInt(end.nanos - start.nanos)
}

function isNanos(nanos: number): boolean {
  return Number.isInteger(nanos) && nanos >= 0 && nanos < 1e9
}

function nineDigits(nanos: number): string {
  return `${THREE_DIGITS[Math.floor(nanos / 1e6)]}${THREE_DIGITS[Math.floor(nanos / 1e3) % 1000]}${THREE_DIGITS[nanos % 1000]}`
}
