import type { Name } from '../telemetry/name.ts'
import { ATTRIBUTES, MEASURES } from '../telemetry/names.ts'
import type { Vendor } from './vendor.ts'

/**
 * All that records tell beside their own fields, by public name: the attributes of metric records and the fields of these vendors.
 *
 * @throws TypeError if two of them have one name and mean different things
 */
export function vocabulary(vendors: readonly Vendor[]): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>(ATTRIBUTES.map((attribute) => [attribute.name, attribute]))
  const owners = new Map<string, string>()
  for (const vendor of vendors) {
    for (const field of vendor.options.flatMap((option) => option.fields)) {
      const known = names.get(field.name)
      // A field may stand in several options of its vendor.
      if (known !== undefined && (owners.get(field.name) !== vendor.name || !sameNames(known, field))) {
        throw new TypeError(
          `vendors: ${vendor.name} has a field "${field.name}", a name that ${owners.get(field.name) ?? 'geneve-telemetry'} has given to another`,
        )
      }
      names.set(field.name, field)
      owners.set(field.name, vendor.name)
    }
  }
  return names
}

/** The names of a figure of a metric record. One that is not in `MEASURES` stands under its measurement. */
export function measureName(measurement: string, figure: string): Name {
  return MEASURES[measurement]?.find(({ name }) => name === figure) ?? unlisted(figure, `geneve.${measurement}.${figure}`)
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

function sameNames(one: Name, other: Name): boolean {
  return one.otel === other.otel && one.ecs === other.ecs && one.influx === other.influx
}
