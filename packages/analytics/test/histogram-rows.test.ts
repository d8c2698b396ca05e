import { exponentialIndex, MAX_BUCKETS, MAX_SCALE } from '@geneve-telemetry/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HistogramRows } from '../src/histogram-rows.ts'

const values = fc.array(fc.oneof(fc.double({ min: 1e-9, max: 1000, noNaN: true }), fc.constantFrom(0, 1, 4, 2 ** -1074, 1e300)), {
  maxLength: 80,
})

/** Index by index at scale 20, then as coarse as the widest pair of them needs it. */
function modelOf(all: readonly number[]) {
  const indexes = all.filter((value) => value > 0).map(exponentialIndex)
  let scale = MAX_SCALE
  const at = (index: number): number => Math.floor(index / 2 ** (MAX_SCALE - scale))
  const width = (): number => at(Math.max(...indexes)) - at(Math.min(...indexes)) + 1
  while (indexes.length > 0 && width() > MAX_BUCKETS) scale--
  const offset = indexes.length === 0 ? 0 : at(Math.min(...indexes))
  const bucketCounts = Array<number>(indexes.length === 0 ? 0 : width()).fill(0)
  for (const index of indexes) bucketCounts[at(index) - offset]! += 1
  const sum = all.reduce((total, value) => total + value, 0)
  const zeroCount = all.length - indexes.length
  const range = all.length > 0 && { min: Math.min(...all), max: Math.max(...all) }
  return { type: 'histogram', scale, zeroCount, positive: { offset, bucketCounts }, count: all.length, sum, ...range }
}

describe('histograms in rows', () => {
  test('have the buckets of all values, at the finest scale that 160 allow', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const rows = new HistogramRows(2)
        const [first, second] = [rows.take(), rows.take()]
        for (const value of one) rows.add(first, value)
        for (const value of other) rows.add(second, value)
        expect(rows.read(first)).toEqual(modelOf(one))
        expect(rows.read(second)).toEqual(modelOf(other))
      }),
    )
  })

  test('are bounded, and a row that comes back is empty', () => {
    const rows = new HistogramRows(2)
    expect([rows.take(), rows.take(), rows.take()]).toEqual([1, 2, 0])
    rows.add(1, 5)
    rows.add(2, 0)
    rows.giveBack(1)
    rows.giveBack(2)
    expect([rows.take(), rows.take(), rows.take()]).toEqual([2, 1, 0])
    expect(rows.read(1)).toEqual(modelOf([]))
    expect(rows.read(2)).toEqual(modelOf([]))
  })
})
