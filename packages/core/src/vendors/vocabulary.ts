import type { Field } from '../telemetry/field.ts'
import type { Name, ValueType } from '../telemetry/name.ts'
import { ATTRIBUTES, MEASURES } from '../telemetry/names.ts'
import type { Vendor } from './vendor.ts'

/**
 * All that records tell beside their own fields, by public name: the attributes of metric records and the fields of these vendors.
 *
 * @throws TypeError if one name, here or in a backend, would have two meanings
 */
export function vocabulary(vendors: readonly Vendor[]): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>()
  const owners = new Map<string, string>()
  const add = (name: Name, owner: string): void => {
    // A field may stand in several options of its vendor.
    const meaning = `${owner} ${name.name}`
    for (const key of [`name ${name.name}`, `otel ${name.otel}`, `ecs ${name.ecs}`, `influx ${name.influx}`]) {
      const known = owners.get(key) ?? meaning
      if (known !== meaning) throw new TypeError(`vendors: the field "${name.name}" of ${owner} has the ${key}, which ${known} has already`)
      owners.set(key, meaning)
    }
    names.set(name.name, name)
  }
  for (const attribute of ATTRIBUTES) add(attribute, 'geneve-telemetry')
  for (const vendor of vendors) {
    for (const field of fieldsOf(vendor)) add(field, vendor.name)
  }
  return names
}

/** All fields of a vendor: of its options, and of its telemetry record. */
export function fieldsOf({ options, record }: Vendor): readonly Field[] {
  return [...options.flatMap(({ fields }) => fields), ...(record?.fields ?? [])]
}

/** What a field's values are. */
export function valueTypeOf({ type, instrument }: Name): ValueType {
  return type ?? (instrument === 'identity' || instrument === 'state' ? 'text' : 'integer')
}

/** The names of a figure of a metric record. One that is not in `MEASURES` stands under its measurement. */
export function measureName(measurement: string, figure: string): Name {
  const measures = Object.hasOwn(MEASURES, measurement) ? MEASURES[measurement] : undefined
  return measures?.find(({ name }) => name === figure) ?? unlisted(figure, `geneve.${measurement}.${figure}`)
}

/** The names of what stands in no table: its own under `geneve`. */
export function unlistedName(name: string): Name {
  return unlisted(name, `geneve.${name}`)
}

function unlisted(name: string, path: string): Name {
  return {
    name,
    instrument: 'identity',
    unit: '',
    cardinality: 'unbounded',
    doc: '',
    otel: path,
    ecs: path,
    influx: path.replaceAll('.', '_'),
  }
}
