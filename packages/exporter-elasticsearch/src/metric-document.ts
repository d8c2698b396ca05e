import type { MetricRecord, Point, Rejected } from '@geneve-telemetry/core'
import { instantText, int64Text, measureName, nanosBetween, originOf } from '@geneve-telemetry/core'
import { observerNames } from './ecs.ts'
import { type EcsNames, isPath, NO_VENDORS } from './ecs-names.ts'
import { quote } from './json.ts'
import { NOT_A_TIME } from './rejection.ts'
import { plant, type Tree, treeMembers } from './tree.ts'

/** What becomes of metric records: documents of their own time with an id, or points of a time series data stream. */
export type Rollup = 'history' | 'time-series'

/** The `dataset` of both: data streams are named by it. */
export const DATASETS: Readonly<Record<Rollup, string>> = { history: 'geneve.history', 'time-series': 'geneve.rollup' }

/**
 * The figures of one series over one interval as document, in one line of JSON. `@timestamp` is the start of the interval: a time series knows a point by its
 * labels and its time, and two intervals of one minute, before and after a restart, have different starts. `geneve.origin` keeps two captures apart.
 */
export function metricDocument(record: MetricRecord, names: EcsNames = NO_VENDORS, rollup: Rollup = 'history'): string | Rejected {
  const start = instantText(record.start)
  const end = instantText(record.end)
  if (start === undefined || end === undefined) return NOT_A_TIME
  const points = Object.entries(record.points)
  if (points.length === 0) return { rejected: 'there are no figures' }

  const times = `"start":"${start}","end":"${end}","duration":${nanosBetween(record.start, record.end)}`
  const tree: Tree = new Map()
  tree.set('event', `{"kind":"metric","module":"geneve","dataset":"${DATASETS[rollup]}",${times}}`)
  plant(tree, ['geneve', 'measurement'], quote(record.measurement))
  plant(tree, ['geneve', 'origin'], quote(originOf(record.id)))
  if (record.weight !== undefined) plant(tree, ['geneve', 'sample', 'weight'], String(record.weight))
  for (const [attribute, value] of Object.entries(record.attributes)) {
    const path = names.attribute(attribute)
    const json = typeof value === 'string' ? quote(value) : int64Text(value)
    if (json === undefined) return { rejected: `${attribute} is ${value}: an attribute is a text or a whole number` }
    if (path === undefined || !plant(tree, path, json)) return { rejected: `${attribute} has a name that is taken` }
  }
  for (const [figure, point] of points) {
    const path = measureName(record.measurement, figure).ecs.split('.')
    const json = pointJson(point)
    if (json === undefined) return { rejected: `${path.join('.')} is ${point.value}: ${ALLOWED[point.type]}` }
    if (!isPath(path) || !plant(tree, path, json)) return { rejected: `${path.join('.')} is the name of two things` }
  }
  return `{"@timestamp":"${start}",${observerNames(record.observer)},${treeMembers(tree)}}`
}

const ALLOWED = { sum: 'a sum is a whole number below 2^63', gauge: 'a gauge is a finite number' }

function pointJson(point: Point): string | undefined {
  if (point.type === 'sum') return int64Text(point.value)
  return Number.isFinite(point.value) ? String(point.value) : undefined
}
