import type { Comparison } from './comparison.ts'
import type { Deviation } from './deviations.ts'

/** What the comparison of all captures comes to. */
export interface Summary {
  readonly captures: number
  readonly rows: number
  readonly cells: number
  /** By column, in how many cells at least one side had a value. */
  readonly cellsByColumn: ReadonlyMap<string, number>
  /** Rows with a difference, but for those of deviations that do not count. */
  readonly deviatingRows: number
  readonly uncountedRows: number
  /** deviatingRows / rows */
  readonly share: number
}

export function summarize(comparisons: ReadonlyMap<string, Comparison>, deviations: readonly Deviation[]): Summary {
  const uncounted = new Set<string>()
  for (const { capture, frames } of deviations.flatMap(({ isCounted, places }) => (isCounted ? [] : places))) {
    for (const frame of frames) uncounted.add(`${capture}:${frame}`)
  }
  const cellsByColumn = new Map<string, number>()
  const deviating = new Set<string>()
  let rows = 0
  let cells = 0
  for (const [capture, comparison] of comparisons) {
    rows += comparison.rows
    for (const [column, count] of comparison.cells) {
      cells += count
      cellsByColumn.set(column, (cellsByColumn.get(column) ?? 0) + count)
    }
    for (const { frame } of comparison.differences) deviating.add(`${capture}:${frame}`)
  }
  const deviatingRows = [...deviating].filter((row) => !uncounted.has(row)).length
  return {
    captures: comparisons.size,
    rows,
    cells,
    cellsByColumn,
    deviatingRows,
    uncountedRows: deviating.size - deviatingRows,
    share: deviatingRows / rows,
  }
}
