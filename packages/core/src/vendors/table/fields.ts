import type { Field, Role } from '../../telemetry/field.ts'
import type { Name, ValueType } from '../../telemetry/name.ts'
import type { OptionLayout } from '../vendor.ts'
import { vocabulary } from '../vocabulary.ts'
import type { TablePlace } from './place.ts'
import { tableValue } from './value.ts'
import type { TableField } from './vendor-table.ts'

const MEMBERS = [
  'name',
  'doc',
  'type',
  'offset',
  'bytes',
  'bits',
  'values',
  'role',
  'instrument',
  'unit',
  'cardinality',
  'otel',
  'ecs',
  'influx',
] as const satisfies readonly (keyof TableField)[]
type Members = Readonly<Record<(typeof MEMBERS)[number], TablePlace>>

const INSTRUMENTS: readonly Name['instrument'][] = ['identity', 'state', 'gauge', 'counter', 'delta']
const ROLES: readonly Role[] = ['scope', 'cookie', 'account']
const ROLE_BYTES: Readonly<Record<Role, number>> = { scope: 8, cookie: 4, account: 8 }

/** The fields of a vendor's table, as they are read one by one. */
export class TableFields {
  readonly #vendor: string
  /** As it stands in names. */
  readonly #prefix: string
  readonly #known: Field[] = []

  constructor(vendor: string) {
    this.#vendor = vendor
    this.#prefix = vendor
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
  }

  /** `taken` has the bits of the option's other fields, by name. Throws VendorTableError. */
  read(place: TablePlace, length: OptionLayout['length'], taken: Map<string, readonly [first: number, last: number]>): Field {
    const members = place.members(...MEMBERS)
    const name = members.name.snakeCase()
    const { codec, valueType, first, last } = tableValue(members, typeof length === 'number' ? [length, length] : length)
    for (const [other, [otherFirst, otherLast]] of taken) {
      if (other === name) members.name.fail(`${name} is in the option already`)
      if (first <= otherLast && otherFirst <= last) place.fail(`${name} shares bits with ${other}`)
    }
    taken.set(name, [first, last])
    const field: Field = { ...this.#nameOf(members, name, valueType), ...roleOf(members.role, length), ...(codec as Field) }
    this.#refuseTwice(place, field)
    return field
  }

  #nameOf({ doc, instrument, unit, cardinality, otel, ecs, influx, values }: Members, name: string, type: ValueType): Name {
    const own = name.startsWith(`${this.#prefix}_`) ? name.slice(this.#prefix.length + 1) : name
    const isNumber = type === 'integer' || type === 'unsigned64' || type === 'float'
    const isBounded = type === 'boolean' || values.isThere
    return {
      name,
      instrument: instrument.isThere ? instrument.oneOf(INSTRUMENTS) : isNumber ? 'gauge' : isBounded ? 'state' : 'identity',
      type,
      unit: unit.isThere ? unit.text() : '',
      cardinality: cardinality.isThere ? cardinality.oneOf(['bounded', 'unbounded']) : isBounded ? 'bounded' : 'unbounded',
      doc: doc.text(),
      otel: otel.isThere ? otel.dotted() : `geneve.${this.#prefix}.${own}`,
      ecs: ecs.isThere ? ecs.dotted() : `geneve.${this.#prefix}_${own}`,
      influx: influx.isThere ? influx.dotted() : `${this.#prefix}_${own}`,
    }
  }

  /** One name, here or in a backend, has one meaning. */
  #refuseTwice(place: TablePlace, field: Field): void {
    const layout = { optionClass: 0, type: 0, length: 0, source: '' }
    const same = this.#known.find(({ name }) => name === field.name)
    if (
      same !== undefined &&
      (same.otel !== field.otel || same.ecs !== field.ecs || same.influx !== field.influx || same.type !== field.type)
    )
      place.fail(`${field.name} is something else in another option of the table`)
    this.#known.push(field)
    try {
      vocabulary([{ name: this.#vendor, options: [{ ...layout, fields: this.#known }] }])
    } catch (error) {
      place.fail((error as Error).message)
    }
  }
}

function roleOf(place: TablePlace, length: OptionLayout['length']): Pick<Field, 'role'> {
  if (!place.isThere) return {}
  const role = place.oneOf(ROLES)
  return length === ROLE_BYTES[role] ? { role } : place.fail(`an option with a ${role} has ${ROLE_BYTES[role]} bytes`)
}
