import { DELIVERED, type Outcome, retryAfterMs } from '@geneve-telemetry/core'
import { complaintOf } from './complaint.ts'
import type { InfluxdbAnswer } from './transport.ts'

const HALVE: Outcome = { retry: [], rejected: [], halve: true }

/**
 * What an answer to a write of `count` lines says of each.
 *
 * Where lines are at fault and the server does not say which, the batch is to be halved until the bad lines stand alone: a reason is never given to a line
 * that does not have it, and to write a point twice does no harm.
 *
 * @param nowMs for a `Retry-After` that is a date
 * @throws Error for a status of success that no such server gives: nothing is known then
 */
export function outcomeOf(answer: InfluxdbAnswer, count: number, nowMs: number): Outcome {
  const { status } = answer
  if (status === 204) return DELIVERED
  if (isBusy(status)) {
    const wait = retryAfterMs(answer.headers['retry-after'], nowMs)
    return { retry: indices(count), rejected: [], ...(wait === undefined ? {} : { retryAfterMs: wait }) }
  }
  if (status < 300 && status !== 201) throw new Error(`HTTP ${status}, where InfluxDB says 204: is it InfluxDB that answers?`)
  const { reason, dropped, lines } = complaintOf(answer)
  const all: Outcome = { retry: [], rejected: indices(count).map((index) => ({ index, reason })) }
  switch (status) {
    case 201:
    case 400:
    case 422:
      if (lines?.every(({ line }) => Number.isInteger(line) && line >= 1 && line <= count)) {
        const reasons = new Map(lines.map(({ line, reason }) => [line - 1, reason]))
        return { retry: [], rejected: Array.from(reasons, ([index, reason]) => ({ index, reason })) }
      }
      return count === 1 || dropped === count ? all : HALVE
    case 413:
      return count === 1 ? all : HALVE
    default:
      return all
  }
}

/** Whether the server may do later what it does not do now. */
export function isBusy(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
