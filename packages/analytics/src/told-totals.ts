import type { RecordIssueSeries, RecordSeries } from './told-series.ts'

/** How many subjects there were. */
export interface ToldCounts {
  readonly opened: number
  readonly open: number
  /** Ended to make room for others. */
  readonly evicted: number
}

/** The sums over all telemetry records. */
export interface ToldTotals {
  readonly records: number
  /** Options that were their fields. */
  readonly fields: number
  /** Of the records those that do not say what they are about. */
  readonly withoutSubject: number
  /** What was wrong with fields, most frequent first. A field that nobody names has its number. */
  readonly issues: readonly RecordIssueCount[]
}

export interface RecordIssueCount {
  readonly vendor: string
  readonly field: string
  readonly kind: string
  readonly fields: number
}

export function toldTotals(series: RecordSeries, issues: RecordIssueSeries): ToldTotals {
  const sum = (figure: number): number => {
    let all = 0
    for (let row = 0; row < series.rows; row++) all += series.sums.total(row, figure)
    return all
  }
  const found: RecordIssueCount[] = []
  for (let row = 0; row < issues.rows; row++) {
    const fields = issues.sums.total(row, 0)
    if (fields === 0) continue
    const { vendor, field = 'other', issue_kind: kind = 'other' } = issues.attributesOf(row)
    found.push({ vendor: String(vendor), field: String(field), kind: String(kind), fields })
  }
  return { records: sum(0), fields: sum(1), withoutSubject: sum(2), issues: found.sort((one, other) => other.fields - one.fields) }
}
