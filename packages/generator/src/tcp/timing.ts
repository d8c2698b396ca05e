import type { Connections } from './connections.ts'

const LEAST_TIMEOUT_NS = 200_000_000

/** Times how long it takes until `number` is acknowledged. */
export function startTiming({ timed, timedSince }: Connections, end: number, number: number, now: number): void {
  timed[end] = number
  timedSince[end] = now
}

/** Takes the time, if that is now, and makes a new timeout of it (RFC 6298, 2). What was sent again is never timed. */
export function endTiming(
  { timed, timedSince, smoothed, variation, timeout }: Connections,
  end: number,
  number: number,
  now: number,
): void {
  if (timed[end] === 0 || number < timed[end]!) return
  timed[end] = 0
  const sample = now - timedSince[end]!
  const before = smoothed[end]!
  if (before === 0) {
    smoothed[end] = sample
    variation[end] = sample / 2
  } else {
    variation[end] = variation[end]! * 0.75 + Math.abs(before - sample) * 0.25
    smoothed[end] = before * 0.875 + sample * 0.125
  }
  timeout[end] = Math.floor(smoothed[end]! + Math.max(LEAST_TIMEOUT_NS, 4 * variation[end]!))
}
