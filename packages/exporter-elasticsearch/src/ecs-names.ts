import type { Rejected, Telemetry, Vendor } from '@geneve-telemetry/core'
import { fieldsOf, unlistedName, valueTypeOf, vocabulary } from '@geneve-telemetry/core'
import { CLOUD_OBJECT } from './mapping.ts'
import { Phrases } from './phrases.ts'
import { type Place, type Told, tell } from './told.ts'

type Path = readonly string[]

/** The fields that documents have of themselves, to their second level: what a vendor's option tells must stand elsewhere. */
export const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...under('event', 'action category dataset duration end id kind module reason start type'),
  ...under('source', 'address bytes ip packets port'),
  ...under('destination', 'address bytes ip packets port'),
  ...under('network', 'bytes iana_number inner packets transport type vlan'),
  ...under('related', 'ip'),
  ...under('error', 'type'),
  ...under('geneve', 'control critical decoder destination encapsulation first flow frame icmp inner issue measurement option options'),
  CLOUD_OBJECT,
  ...under('geneve', 'origin outer protocol_type source subject tcp told traffic tunnel version vlan vni'),
])

/** Objects that say what the document is and who made it: nothing else is a part of them. */
const CLOSED: ReadonlySet<string> = new Set(['@timestamp', 'ecs', 'host', 'observer'])

function under(object: string, fields: string): readonly string[] {
  return fields.split(' ').map((field) => `${object}.${field}`)
}

/** Where in documents the vendors' fields and the attributes of metrics stand. */
export class EcsNames {
  readonly #fields = new Map<string, Place>()
  readonly #attributes = new Map<string, Path>()
  // As with `Phrases`: packets with the same GENEVE header share it.
  readonly #told = new WeakMap<Telemetry, Told | Rejected>()
  readonly phrases: Phrases = new Phrases()

  /** @throws TypeError for a field that would stand where documents have something else */
  constructor(vendors: readonly Vendor[]) {
    for (const [name, { ecs }] of vocabulary(vendors)) this.#attributes.set(name, ecs.split('.'))
    for (const field of vendors.flatMap(fieldsOf)) {
      const place = { path: field.ecs.split('.'), type: valueTypeOf(field) }
      if (!isFree(place.path)) throw new TypeError(`vendors: the field "${field.name}" has the ecs name ${field.ecs}, which is taken`)
      this.#fields.set(field.name, place)
    }
  }

  /** What options told, in its places; remembered with the object, for those that packets share. */
  tell(telemetry: Telemetry): Told | Rejected {
    let told = this.#told.get(telemetry)
    if (told === undefined) {
      told = this.tellOnce(telemetry)
      this.#told.set(telemetry, told)
    }
    return told
  }

  /** As `tell`, for what no other record has. */
  tellOnce(telemetry: Telemetry): Told | Rejected {
    return tell(telemetry, (field) => this.#placeOf(field))
  }

  /** Whether a field's values are IP addresses. */
  isAddress(field: string): boolean {
    return this.#fields.get(field)?.type === 'address'
  }

  /** The place of a metric's attribute; none for one that cannot stand anywhere. */
  attribute(name: string): Path | undefined {
    const path = this.#attributes.get(name) ?? unlistedName(name).ecs.split('.')
    return isPath(path) ? path : undefined
  }

  #placeOf(field: string): Place | undefined {
    const known = this.#fields.get(field)
    if (known !== undefined) return known
    const path = unlistedName(field).ecs.split('.')
    return isFree(path) ? { path } : undefined
  }
}

/** For records of which nothing is in any vendor's table. */
export const NO_VENDORS: EcsNames = new EcsNames([])

function isFree(path: Path): boolean {
  return isPath(path) && !OWN_FIELDS.has(`${path[0]}.${path[1]}`)
}

/** A name of one level would stand in place of a whole object. */
export function isPath(path: Path): boolean {
  return path.length > 1 && path.every((key) => key.trim() !== '') && !CLOSED.has(path[0]!)
}
