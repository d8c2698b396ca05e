import type { Emit, MetricRecord, Point, Quantity } from '@geneve-telemetry/core'

/** What can be estimated of all flows from some of them: what adds up. */
const ESTIMATED: ReadonlySet<string> = new Set(['packets', 'bytes', 'tunnel_bytes', 'flows'])

/** Metrics of a sample go on as estimates; all else as it is. */
export function weighing(emit: Emit, weight: number): Emit {
  return (record) => emit(record.kind === 'metric' ? weighed(record, weight) : record)
}

/** The figures of a sample as estimates of all, marked with its weight. */
export function weighed(record: MetricRecord, weight: number): MetricRecord {
  const points = Object.entries(record.points).map(([name, point]): [string, Point] => {
    const isEstimate = point.type === 'sum' && ESTIMATED.has(name)
    return [name, isEstimate ? { type: 'sum', value: times(point.value, weight) } : point]
  })
  return { ...record, points: Object.fromEntries(points), weight }
}

function times(value: Quantity, weight: number): Quantity {
  const product = typeof value === 'number' ? value * weight : Number.NaN
  return Number.isSafeInteger(product) ? product : BigInt(value) * BigInt(weight)
}
