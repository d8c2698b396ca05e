import { FIELD_ISSUES } from '@geneve-telemetry/core'
import type { KnownRecord, RecordEntry } from '@geneve-telemetry/core/vendors'
import type { Attributes, Measurement } from './measurement.ts'
import { OVERFLOW, SeriesTable } from './series-table.ts'
import { Sums } from './sums.ts'

const RECORDS = 0
const FIELDS = 1
const WITHOUT_SUBJECT = 2
const NO_ROWS: readonly number[] = []

/** Counts telemetry records by their class. */
export class RecordSeries implements Measurement {
  readonly name: string = 'record'
  readonly figures: readonly string[] = ['records', 'fields', 'without_subject']
  readonly sums: Sums
  readonly #records: readonly KnownRecord[]

  constructor(records: readonly KnownRecord[]) {
    this.#records = records
    this.sums = new Sums(records.length, this.figures.length)
  }

  get rows(): number {
    return this.#records.length
  }

  /** Counts one of so many fields. */
  count(row: number, fields: number, hasSubject: boolean): void {
    const { interval, figures } = this.sums
    const at = row * figures
    interval[at + RECORDS] = interval[at + RECORDS]! + 1
    interval[at + FIELDS] = interval[at + FIELDS]! + fields
    if (!hasSubject) interval[at + WITHOUT_SUBJECT] = interval[at + WITHOUT_SUBJECT]! + 1
  }

  attributesOf(row: number): Attributes {
    return recordAttributes(this.#records[row]!)
  }
}

/** Counts what is wrong with the fields of telemetry records, by field and kind. */
export class RecordIssueSeries implements Measurement {
  readonly name: string = 'record_issue'
  readonly figures: readonly string[] = ['issues']
  readonly sums: Sums
  readonly #records: readonly KnownRecord[]
  readonly #table: SeriesTable

  constructor(records: readonly KnownRecord[], maxSeries: number) {
    this.#records = records
    this.#table = new SeriesTable(maxSeries)
    this.sums = new Sums(maxSeries + 1, 1)
  }

  get rows(): number {
    return this.#table.rows
  }

  /** The rows of what is wrong with the fields of a record, once for each. */
  rowsOf(record: number, entries: readonly RecordEntry[]): readonly number[] {
    let rows: number[] | undefined
    for (const { number, issue } of entries) {
      if (issue === undefined) continue
      rows ??= []
      rows.push(this.#table.rowOf(record, number, FIELD_ISSUES.indexOf(issue)))
    }
    return rows ?? NO_ROWS
  }

  count(rows: readonly number[]): void {
    const { interval } = this.sums
    for (let index = 0; index < rows.length; index++) interval[rows[index]!] = interval[rows[index]!]! + 1
  }

  attributesOf(row: number): Attributes {
    if (row === OVERFLOW) return { vendor: 'other' }
    const [index = 0, number = 0, issue = 0] = this.#table.keyOf(row)
    const record = this.#records[index]!
    const field = record.profile.fields.find((candidate) => candidate.number === number)
    return { ...recordAttributes(record), field: field?.name ?? String(number), issue_kind: FIELD_ISSUES[issue]! }
  }
}

function recordAttributes({ vendor, profile }: KnownRecord): Attributes {
  return { vendor, option_class: `0x${profile.optionClass.toString(16).padStart(4, '0')}` }
}
