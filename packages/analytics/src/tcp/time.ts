/** Whole nanoseconds from the second time to the first, as far apart as 2^31 seconds. */
export function nanosBetween(seconds: number, nanos: number, sinceSeconds: number, sinceNanos: number): number {
  return ((seconds - sinceSeconds) | 0) * 1_000_000_000 + (nanos - sinceNanos)
}
