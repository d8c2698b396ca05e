import type { FlowRecord, Format, MetricRecord, Name, Rejected, ToldRecord, Vendor } from '@geneve-telemetry/core'
import { ATTRIBUTES, joinedBytes, MEASURES, vocabulary } from '@geneve-telemetry/core'
import { type Dialect, dialectOf } from './dialect.ts'
import { FLOW_KEYS, flowLine } from './flow-line.ts'
import type { LineRules } from './line.ts'
import { metricLine } from './metric-line.ts'
import { TOLD_KEYS, toldLine } from './told-line.ts'

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

const INFLUXDB: LineRules = {
  hasUnsigned: true,
  textsAreTags: false,
  mostTags: Number.POSITIVE_INFINITY,
  mostTagBytes: LIMITS.recordBytes,
}
/** 40 labels with values of 4 KiB are what it takes unless configured otherwise; one is left for `db`. */
const VICTORIAMETRICS: LineRules = { hasUnsigned: true, textsAreTags: true, mostTags: 39, mostTagBytes: 4_096 }
const RULES: Readonly<Record<Dialect, LineRules>> = {
  v1: { ...INFLUXDB, hasUnsigned: false },
  v2: INFLUXDB,
  v3: INFLUXDB,
  victoriametrics: VICTORIAMETRICS,
}

/** The records that are points. */
export type InfluxdbRecord = MetricRecord | ToldRecord | FlowRecord

/**
 * Records as line protocol: metric records as `geneve_traffic`, `geneve_option` and `geneve_decoder`, telemetry records as `geneve_telemetry_<type of their
 * subject>`, flows if wanted as `geneve_flow`. Timestamps are nanoseconds.
 *
 * @throws TypeError for an option that cannot be
 */
export function influxdb(options: InfluxdbOptions = {}): Format<InfluxdbRecord> {
  const { flows = false, vendors = [], dialect = 'v2' } = options
  if (typeof flows !== 'boolean') throw new TypeError(`flows: ${String(flows)} is neither true nor false`)
  const rules = RULES[dialectOf(dialect)]
  const names = vocabulary(vendors)
  for (const { options: layouts, record } of vendors) {
    for (const { fields } of layouts) for (const field of fields) checkKey(field, TAKEN)
    for (const field of record?.fields ?? []) checkKey(field, TAKEN_OF_TOLD)
  }
  const encoder = new TextEncoder()

  function lineOf(record: InfluxdbRecord): string | Rejected {
    switch (record.kind) {
      case 'metric':
        return metricLine(record, names, rules)
      case 'telemetry':
        return toldLine(record, names, rules)
      case 'flow':
        return flows ? flowLine(record, names, rules) : { rejected: 'flows are not wanted: see the option flows' }
    }
  }

  return {
    name: 'influxdb',
    accepts: flows ? ['metric', 'telemetry', 'flow'] : ['metric', 'telemetry'],
    limits: LIMITS,
    fileName: 'points.lp',
    encode(record) {
      const line = lineOf(record)
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

const TAKEN_OF_TOLD: ReadonlySet<string> = new Set(TOLD_KEYS)

/** A key that a point has already would make its line, and in some servers the whole request, invalid. */
function checkKey({ name, influx }: Name, taken: ReadonlySet<string>): void {
  if (influx === '' || influx.startsWith('_') || taken.has(influx)) {
    throw new TypeError(`vendors: the field "${name}" has the influx name "${influx}", which is taken or begins with _`)
  }
}
