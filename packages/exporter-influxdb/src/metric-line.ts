import type { MetricRecord, Name, Rejected } from '@geneve-telemetry/core'
import { instantNanos, measureName, originOf, unlistedName } from '@geneve-telemetry/core'
import { Line, type LineRules } from './line.ts'

/**
 * The figures of one series over one interval, a point at the start of the interval. All attributes are tags, for they are what tells two series apart.
 * The start is when the interval really began: after a restart in the middle of a minute, the rest of it is a point of its own and not a second value of
 * the first. `origin` keeps two captures of the same time apart.
 */
export function metricLine(record: MetricRecord, names: ReadonlyMap<string, Name>, rules: LineRules): string | Rejected {
  const line = new Line(`geneve_${record.measurement}`, rules)
  line.tag('observer', record.observer)
  line.tag('origin', originOf(record.id))
  for (const [name, value] of Object.entries(record.attributes)) {
    line.tag((names.get(name) ?? unlistedName(name)).influx, String(value))
  }
  if (record.weight !== undefined) line.integer('weight', record.weight)
  for (const [name, point] of Object.entries(record.points)) {
    const key = measureName(record.measurement, name).influx
    if (point.type === 'sum') line.integer(key, point.value)
    else line.float(key, point.value)
  }
  return line.text(instantNanos(record.start))
}
