import type { Instant, MetricRecord, Point } from '@geneve-telemetry/core'
import { OVERFLOW, type SeriesTable } from './series-table.ts'

export type Attributes = Readonly<Record<string, string | number>>

/** What the records of all measurements share. */
export interface MetricSourceName {
  readonly origin: string
  readonly observer: string
}

/** A group of figures in series: what the rows of a table are called. */
export interface Measurement {
  readonly name: string
  readonly table: SeriesTable
  /** By `Name.name` of core's MEASURES; the first one is above 0 wherever there was anything. */
  readonly figures: readonly string[]
  readonly attributesOf: (key: Int32Array) => Attributes
  /** Of what found no series of its own. */
  readonly others: Attributes
}

export function attributesOfRow({ table, attributesOf, others }: Measurement, row: number): Attributes {
  return row === OVERFLOW ? others : attributesOf(table.keyOf(row))
}

/** The points of the interval that is open. */
export function intervalRecords(measurement: Measurement, source: MetricSourceName, start: Instant, end: Instant): MetricRecord[] {
  const { name, table } = measurement
  return records(
    measurement,
    source,
    `${source.origin}-${name}`,
    start,
    end,
    (row, figure) => table.interval[row * table.figures + figure]!,
  )
}

/** All since the beginning. */
export function totalRecords(measurement: Measurement, source: MetricSourceName, start: Instant, end: Instant): MetricRecord[] {
  const { name, table } = measurement
  return records(measurement, source, `${source.origin}-total-${name}`, start, end, (row, figure) => table.total(row, figure))
}

function records(
  measurement: Measurement,
  { observer }: MetricSourceName,
  prefix: string,
  start: Instant,
  end: Instant,
  sumOf: (row: number, figure: number) => number,
): MetricRecord[] {
  const found: MetricRecord[] = []
  for (let row = 0; row < measurement.table.rows; row++) {
    if (sumOf(row, 0) === 0) continue
    const attributes = attributesOfRow(measurement, row)
    const points: Record<string, Point> = {}
    measurement.figures.forEach((figure, index) => {
      points[figure] = { type: 'sum', value: sumOf(row, index) }
    })
    const series = Object.entries(attributes).map(([key, value]) => `${key}=${value}`)
    const id = [prefix, ...series, `${start.seconds}.${String(start.nanos).padStart(9, '0')}`].join('-')
    found.push({ kind: 'metric', id, observer, measurement: measurement.name, attributes, start, end, points })
  }
  return found
}
