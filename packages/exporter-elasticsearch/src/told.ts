import type { FieldValue, Quantity, Rejected, Telemetry } from '@geneve-telemetry/core'
import { int64Text } from '@geneve-telemetry/core'
import { quote } from './json.ts'
import { plant, type Tree, treeMembers } from './tree.ts'

/** What options told: by top-level object, members as JSON. Most stand in `geneve`, so those are at hand, with a comma before them. */
export interface Told {
  readonly geneve: string
  readonly elsewhere: ReadonlyMap<string, string>
}

export const NOTHING_TOLD: Told = { geneve: '', elsewhere: new Map() }

/** Puts what options told in its places, or says why that cannot be. `pathOf` has no path for a name that is taken. */
export function tell(telemetry: Telemetry, pathOf: (field: string) => readonly string[] | undefined): Told | Rejected {
  const tree: Tree = new Map()
  for (const [vendor, fields] of Object.entries(telemetry)) {
    for (const [field, value] of Object.entries(fields)) {
      const path = pathOf(field)
      const json = valueJson(value)
      if (json === undefined) return { rejected: `${field} of ${vendor} is not below 2^63` }
      if (path === undefined || !plant(tree, path, json)) return { rejected: `${field} of ${vendor} has a name that is taken` }
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

/** A value's JSON, an object for one of several parts. */
function valueJson(value: FieldValue): string | undefined {
  if (typeof value !== 'object') return leafJson(value)
  const parts = Object.entries(value).map(([name, part]) => ({ name, json: leafJson(part) }))
  return parts.every(({ json }) => json !== undefined)
    ? `{${parts.map(({ name, json }) => `${quote(name)}:${json}`).join(',')}}`
    : undefined
}

function leafJson(value: string | Quantity | boolean): string | undefined {
  if (typeof value === 'string') return quote(value)
  return typeof value === 'boolean' ? String(value) : int64Text(value)
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
