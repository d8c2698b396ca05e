import type { FieldValue, Quantity, Rejected, Telemetry, ValueType } from '@geneve-telemetry/core'
import { int64Text, uint64Text } from '@geneve-telemetry/core'
import { isIp } from './ip.ts'
import { quote } from './json.ts'
import { plant, type Tree, treeMembers } from './tree.ts'

/** What options told: by top-level object, members as JSON. Most stand in `geneve`, so those are at hand, with a comma before them. */
export interface Told {
  readonly geneve: string
  readonly elsewhere: ReadonlyMap<string, string>
}

export const NOTHING_TOLD: Told = { geneve: '', elsewhere: new Map() }

/** Where a field stands in documents, and what its values are there. */
export interface Place {
  readonly path: readonly string[]
  /** Absent where no table says it. */
  readonly type?: ValueType
}

/** Puts what options told in its places, or says why that cannot be. `placeOf` has no place for a name that is taken. */
export function tell(telemetry: Telemetry, placeOf: (field: string) => Place | undefined): Told | Rejected {
  const tree: Tree = new Map()
  for (const [vendor, fields] of Object.entries(telemetry)) {
    for (const [field, value] of Object.entries(fields)) {
      const place = placeOf(field)
      if (place === undefined) return { rejected: `${field} of ${vendor} has a name that is taken` }
      const json = valueJson(value, place.type)
      if (json === undefined) return { rejected: `${field} of ${vendor} is ${WRONG[place.type ?? 'text']}` }
      if (!plant(tree, place.path, json)) return { rejected: `${field} of ${vendor} has a name that is taken` }
    }
  }
  let geneve = ''
  const elsewhere = new Map<string, string>()
  for (const [key, value] of tree) {
    const inner = typeof value === 'string' ? '' : treeMembers(value)
    if (key === 'geneve') geneve = `,${inner}`
    else elsewhere.set(key, inner)
  }
  return { geneve, elsewhere }
}

const BELOW_2_63 = 'not below 2^63'
/** What is wrong with a value that has no JSON: in a field of its type, the server would refuse the whole document for it. */
const WRONG: Readonly<Record<ValueType, string>> = {
  text: BELOW_2_63,
  integer: BELOW_2_63,
  boolean: BELOW_2_63,
  unsigned64: 'not a whole number from 0 and below 2^64',
  float: 'not a finite number',
  address: 'not an IP address',
}

/** A value's JSON: a list for one, an object for one of several parts. */
function valueJson(value: FieldValue, type: ValueType | undefined): string | undefined {
  if (typeof value !== 'object') return leafJson(value, type)
  if (isList(value)) {
    const all = value.map((one) => leafJson(one, type))
    return all.includes(undefined) ? undefined : `[${all.join(',')}]`
  }
  const parts = Object.entries(value).map(([name, part]) => ({ name, json: leafJson(part, type) }))
  return parts.every(({ json }) => json !== undefined)
    ? `{${parts.map(({ name, json }) => `${quote(name)}:${json}`).join(',')}}`
    : undefined
}

function leafJson(value: string | Quantity | boolean, type: ValueType | undefined): string | undefined {
  if (typeof value === 'string') return type === 'address' && !isIp(value) ? undefined : quote(value)
  if (typeof value === 'boolean') return String(value)
  // `String` has the shortest digits that give the same double back.
  if ((type === 'float' || type === undefined) && typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return type === 'unsigned64' ? uint64Text(value) : int64Text(value)
}

export function isList(value: FieldValue): value is readonly string[] {
  return Array.isArray(value)
}

/** What was told in a top-level object, '' for nothing. */
export function toldIn(told: Told, key: string): string {
  return told.elsewhere.size === 0 ? '' : (told.elsewhere.get(key) ?? '')
}

/** The top-level objects that the document does not have by itself, each with a comma before it. */
export function otherObjects(told: Told, own: ReadonlySet<string>): string {
  if (told.elsewhere.size === 0) return ''
  return Array.from(told.elsewhere, ([key, inner]) => (own.has(key) ? '' : `,${quote(key)}:{${inner}}`)).join('')
}
