import { type Connections, MOST_RANGES } from './connections.ts'

const NUMBERS = MOST_RANGES * 2

/**
 * Keeps [start, stop), which came ahead of what is missing, joined with what it touches; the newest range stands first, as SACK tells them (RFC 2018, 4). One
 * range too many pushes out the oldest, whose bytes will be sent again. Returns false if all of it was there.
 */
export function insertRange({ ranges, rangeCount }: Connections, end: number, start: number, stop: number): boolean {
  const base = end * NUMBERS
  let count = rangeCount[end]!
  let kept = 0
  let isNew = true
  for (let index = 0; index < count; index++) {
    const from = ranges[base + index * 2]!
    const to = ranges[base + index * 2 + 1]!
    if (from <= start && stop <= to) isNew = false
    if (to < start || from > stop) {
      ranges[base + kept * 2] = from
      ranges[base + kept * 2 + 1] = to
      kept++
    } else {
      start = Math.min(start, from)
      stop = Math.max(stop, to)
    }
  }
  count = Math.min(kept, MOST_RANGES - 1)
  ranges.copyWithin(base + 2, base, base + count * 2)
  ranges[base] = start
  ranges[base + 1] = stop
  rangeCount[end] = count + 1
  return isNew
}

/** What is received without a gap once everything up to `received` is; the ranges that this reaches are taken out. */
export function takeRanges({ ranges, rangeCount }: Connections, end: number, received: number): number {
  const base = end * NUMBERS
  for (let index = 0; index < rangeCount[end]!; ) {
    const from = ranges[base + index * 2]!
    if (from > received) {
      index++
      continue
    }
    received = Math.max(received, ranges[base + index * 2 + 1]!)
    ranges.copyWithin(base + index * 2, base + index * 2 + 2, base + rangeCount[end]! * 2)
    rangeCount[end]! -= 1
    // What stood before may touch it now.
    index = 0
  }
  return received
}
