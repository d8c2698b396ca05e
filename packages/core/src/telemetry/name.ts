/** What a backend needs to know of a value to keep it. */
export type ValueType = 'text' | 'integer' | 'unsigned64' | 'float' | 'boolean' | 'address'

/**
 * A thing that is measured or told, with the names it has in the three worlds that it goes to. Declared once; the exporters' mappings, templates,
 * tag-or-field choices and the documentation are derived from it.
 */
export interface Name {
  /** The public name, snake_case. */
  readonly name: string
  /** What kind of quantity it is: a counter only rises, a delta belongs to its own interval, a gauge is a level, state and identity are no quantities. */
  readonly instrument: 'identity' | 'state' | 'gauge' | 'counter' | 'delta'
  /** What its values are: texts (also lists of them), whole numbers of signed 64 bits or of unsigned ones, fractions, booleans, IP addresses. Absent: texts for identity and state, else whole numbers. */
  readonly type?: ValueType
  /** UCUM, as OpenTelemetry writes it: `By`, `{packet}`, `s`; '' for what has none. */
  readonly unit: string
  /** Whether the number of its values is small enough for a metric label, an InfluxDB tag, a TSDS dimension. */
  readonly cardinality: 'bounded' | 'unbounded'
  /** One sentence. */
  readonly doc: string
  /** OpenTelemetry attribute or metric name. */
  readonly otel: string
  /** Elasticsearch field, Elastic Common Schema where it has one, else under `geneve.`. */
  readonly ecs: string
  /** InfluxDB tag or field key. */
  readonly influx: string
}
