import type { Name, ToldRecord, ToldValue } from '@geneve-telemetry/core'
import { ATTRIBUTES, originOf } from '@geneve-telemetry/core'
import { OBSERVER, ORIGIN, SUBJECT_ID, SUBJECT_TYPE } from './attributes.ts'

/** Attributes of all that was told of a subject: frozen, since the SDK keeps them by reference. */
export type ToldAttributes = Readonly<Record<string, string | number | boolean>>

/** Whose fields they are has the name that it has in metric records. */
export const VENDOR: string = ATTRIBUTES.find(({ name }) => name === 'vendor')!.otel

/** Who saw it, what it is about, and what it is as far as there are few of such. A state is none of it: the series would be another whenever it changes. */
export function toldAttributes(record: ToldRecord, names: ReadonlyMap<string, Name>): ToldAttributes {
  const { id, observer, vendor, subject, values } = record
  const own = { [OBSERVER]: observer, [ORIGIN]: originOf(id), [VENDOR]: vendor, [SUBJECT_TYPE]: subject.type, [SUBJECT_ID]: subject.id }
  const told: [string, string | number | boolean][] = []
  for (const [field, value] of Object.entries(values)) {
    const name = names.get(field)
    if (name === undefined || !isLabel(name, value)) continue
    told.push([name.otel, typeof value === 'bigint' ? String(value) : value])
  }
  // The same ones are the same series, in whatever order they were told.
  told.sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.freeze({ ...own, ...Object.fromEntries(told) })
}

function isLabel({ instrument, cardinality }: Name, value: ToldValue): value is Exclude<ToldValue, readonly string[]> {
  return instrument === 'identity' && cardinality === 'bounded' && typeof value !== 'object'
}
