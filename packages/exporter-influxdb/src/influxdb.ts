import type { FlowRecord, Format, MetricRecord, Name, Vendor } from '@geneve-telemetry/core'
import { ATTRIBUTES, joinedBytes, MEASURES, vocabulary } from '@geneve-telemetry/core'
import { type Dialect, dialectOf } from './dialect.ts'
import { FLOW_KEYS, flowLine } from './flow-line.ts'
import type { LineRules } from './line.ts'
import { metricLine } from './metric-line.ts'

export interface InfluxdbOptions {
  /** Who will read the lines; default `v2`. All of InfluxDB read the same; for VictoriaMetrics, which has no texts, they are tags. */
  readonly dialect?: Dialect
  /** Whether flows are written too, each as a series of its own. Default false: InfluxDB 1 and 2 keep an index of all series. */
  readonly flows?: boolean
  /** Whose fields have their names in tags and fields. Default: none; a field that stands in no table is the field `geneve_<name>`. */
  readonly vendors?: readonly Vendor[]
}

/** 5,000 lines are what InfluxDB's makers advise, 10 MB what InfluxDB 3 takes. Tags together, and a text, may have 64 KiB. */
const LIMITS = { records: 5_000, bytes: 10_000_000, recordBytes: 65_535 }

const INFLUXDB: LineRules = { textsAreTags: false, mostTags: Number.POSITIVE_INFINITY, mostTagBytes: LIMITS.recordBytes }
/** 40 labels with values of 4 KiB are what it takes unless configured otherwise; one is left for `db`. */
const VICTORIAMETRICS: LineRules = { textsAreTags: true, mostTags: 39, mostTagBytes: 4_096 }

/**
 * Records as line protocol: metric records as `geneve_traffic`, `geneve_option` and `geneve_decoder`, flows if wanted as `geneve_flow`. Timestamps are
 * nanoseconds.
 *
 * @throws TypeError for an option that cannot be
 */
export function influxdb(options: InfluxdbOptions = {}): Format<MetricRecord | FlowRecord> {
  const { flows = false, vendors = [], dialect = 'v2' } = options
  if (typeof flows !== 'boolean') throw new TypeError(`flows: ${String(flows)} is neither true nor false`)
  const rules = dialectOf(dialect) === 'victoriametrics' ? VICTORIAMETRICS : INFLUXDB
  const names = vocabulary(vendors)
  for (const vendor of vendors) for (const option of vendor.options) option.fields.forEach(checkKey)
  const encoder = new TextEncoder()

  return {
    name: 'influxdb',
    accepts: flows ? ['metric', 'flow'] : ['metric'],
    limits: LIMITS,
    fileName: 'points.lp',
    encode(record) {
      if (record.kind === 'flow' && !flows) return { rejected: 'flows are not wanted: see the option flows' }
      const line = record.kind === 'flow' ? flowLine(record, names, rules) : metricLine(record, names, rules)
      if (typeof line !== 'string') return line
      const bytes = encoder.encode(line)
      if (bytes.byteLength > LIMITS.recordBytes) return { rejected: `larger than ${LIMITS.recordBytes} bytes` }
      return { id: record.id, kind: record.kind, bytes }
    },
    body: joinedBytes,
  }
}

const TAKEN: ReadonlySet<string> = new Set([
  'time',
  'origin',
  ...FLOW_KEYS,
  ...[...ATTRIBUTES, ...Object.values(MEASURES).flat()].map(({ influx }) => influx),
])

/** A key that a point has already would make its line, and in some servers the whole request, invalid. */
function checkKey({ name, influx }: Name): void {
  if (influx === '' || influx.startsWith('_') || TAKEN.has(influx)) {
    throw new TypeError(`vendors: the field "${name}" has the influx name "${influx}", which is taken or begins with _`)
  }
}
