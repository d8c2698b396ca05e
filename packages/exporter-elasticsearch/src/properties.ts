import type { ValueType, Vendor } from '@geneve-telemetry/core'
import { ATTRIBUTES, fieldsOf, MEASURES, valueTypeOf } from '@geneve-telemetry/core'
import { ECS_TYPES, type FieldType, GENEVE_TYPES } from './field-types.ts'
import { CLOUD_TYPES } from './mapping.ts'

/** A field as a mapping has it. */
export interface FieldMapping {
  readonly type: FieldType
  readonly ignore_above?: number
  readonly value?: string
  readonly time_series_dimension?: true
  readonly time_series_metric?: 'counter' | 'gauge'
}

/** Fields of a mapping, by their whole names. */
export type Fields = ReadonlyMap<string, FieldMapping>

/** What a keyword may be long; Lucene refuses the whole document for one above 32,766 bytes. */
const MOST_KEYWORD = 1024
/** Attributes that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['vni', 'option_type'])
/** What metric documents have beside attributes and figures. */
const OF_METRICS = /^(?:@timestamp|ecs|event\.(?:kind|module|dataset|start|end|duration)|host|observer)(?:\.|$)/

/** What a vendor's values are in a mapping. Of floats nothing is known but that they are doubles here: a `float` would give most of them back as another. */
const TOLD_TYPES: Readonly<Record<Exclude<ValueType, 'unsigned64'>, FieldType>> = {
  text: 'keyword',
  integer: 'long',
  float: 'double',
  boolean: 'boolean',
  address: 'ip',
}

/** What unsigned numbers of 64 bits are: not every server has a type for them. */
export type Unsigned = 'unsigned_long' | 'long'

/** All fields of flows, packets and telemetry records. */
export function logFields(vendors: readonly Vendor[], unsigned: Unsigned = 'unsigned_long'): Fields {
  const types = { ...TOLD_TYPES, unsigned64: unsigned }
  const told = vendors.flatMap(fieldsOf).map((field) => [field.ecs, plain(types[valueTypeOf(field)])] as const)
  return new Map([
    ...Object.entries({ ...ECS_TYPES, ...GENEVE_TYPES, ...CLOUD_TYPES }).map(([field, type]) => [field, plain(type)] as const),
    ...told,
  ])
}

/**
 * All fields of metrics. With `isTimeSeries` the marks of a time series: what its series are told apart by is what metric records are, and the origin, without
 * which two captures' points of the same minute would be one.
 */
export function metricFields(vendors: readonly Vendor[], isTimeSeries: boolean): Fields {
  const fields = new Map<string, FieldMapping>()
  for (const [field, type] of Object.entries(ECS_TYPES)) if (OF_METRICS.test(field)) fields.set(field, plain(type))
  const dimension = (field: string, type: FieldType): void => {
    fields.set(field, isTimeSeries ? { type, time_series_dimension: true } : plain(type))
  }
  dimension('geneve.origin', 'keyword')
  dimension('geneve.measurement', 'keyword')
  for (const { name, ecs } of ATTRIBUTES) dimension(ecs, NUMBERS.has(name) ? 'long' : 'keyword')
  for (const { ecs } of vendors.flatMap(fieldsOf).filter(({ role }) => role === 'scope')) dimension(ecs, 'keyword')
  for (const { ecs, instrument } of Object.values(MEASURES).flat()) {
    const mark = { time_series_metric: instrument === 'counter' ? 'counter' : 'gauge' } as const
    fields.set(ecs, { type: 'long', ...(isTimeSeries ? mark : {}) })
  }
  return fields
}

/** The fields as the tree that a mapping is. */
export function properties(fields: Fields): Readonly<Record<string, object>> {
  const objects = new Map<string, Map<string, FieldMapping>>()
  const tree: Record<string, object> = {}
  for (const [field, mapping] of fields) {
    const dot = field.indexOf('.')
    if (dot < 0) {
      tree[field] = mapping
      continue
    }
    const key = field.slice(0, dot)
    const inner = objects.get(key) ?? new Map<string, FieldMapping>()
    objects.set(key, inner.set(field.slice(dot + 1), mapping))
  }
  for (const [key, inner] of objects) tree[key] = { properties: properties(inner) }
  return tree
}

function plain(type: FieldType): FieldMapping {
  return type === 'keyword' ? { type, ignore_above: MOST_KEYWORD } : { type }
}
