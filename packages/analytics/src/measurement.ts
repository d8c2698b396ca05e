import type { Instant, MetricRecord, Point } from '@geneve-telemetry/core'
import type { Sums } from './sums.ts'

export type Attributes = Readonly<Record<string, string | number>>

/** A group of figures in series: what the rows of its sums are called. */
export interface Measurement {
  readonly name: string
  readonly sums: Sums
  /** How many rows have been in use. */
  readonly rows: number
  /** By `Name.name` of core's MEASURES; the first one is above 0 wherever there was anything. */
  readonly figures: readonly string[]
  attributesOf(row: number): Attributes
}

/** What the records of all measurements share. */
export interface MetricOrigin {
  readonly origin: string
  readonly observer: string
}

/** The points of the interval that is open. */
export function intervalRecords(measurement: Measurement, source: MetricOrigin, start: Instant, end: Instant): MetricRecord[] {
  const { name, sums } = measurement
  return records(measurement, source, `${source.origin}-${name}`, start, end, (row, figure) => sums.inInterval(row, figure))
}

/** All since the beginning. */
export function totalRecords(measurement: Measurement, source: MetricOrigin, start: Instant, end: Instant): MetricRecord[] {
  const { name, sums } = measurement
  return records(measurement, source, `${source.origin}-total-${name}`, start, end, (row, figure) => sums.total(row, figure))
}

function records(
  measurement: Measurement,
  { observer }: MetricOrigin,
  prefix: string,
  start: Instant,
  end: Instant,
  sumOf: (row: number, figure: number) => number,
): MetricRecord[] {
  const found: MetricRecord[] = []
  for (let row = 0; row < measurement.rows; row++) {
    if (sumOf(row, 0) === 0) continue
    const attributes = measurement.attributesOf(row)
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
