import type { FieldValue } from '../../../telemetry/packet.ts'
import type { AwsRecord } from '../record/fields.ts'

/** The fields of a view, and what it is a view of: one of the `needs`, each with all of its fields. */
export interface ViewTable {
  readonly needs: readonly (readonly (keyof AwsRecord)[])[]
  readonly fields: readonly (keyof AwsRecord)[]
}

/** What a view shows: fields of the record in their own types, those that were not said absent, but those that it needs there. */
export type ViewOf<Table extends ViewTable> = Pick<AwsRecord, Table['fields'][number]> &
  (Table['needs'] extends readonly [infer Needed extends readonly (keyof AwsRecord)[]]
    ? Required<Pick<AwsRecord, Needed[number]>>
    : unknown)

/** A view of a record or, where the record does not name what it is of, the fields that could. */
export type Viewed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly missing: readonly string[] }

/** What a record says: `ToldRecord.values`, or the decoded data of a parsed packet's options. */
export type Said = Readonly<Record<string, FieldValue>>

/** Picks a view's fields out of a record. */
export function view<Table extends ViewTable>({ needs, fields }: Table, values: Said): Viewed<ViewOf<Table>> {
  const said = (name: string): boolean => values[name] !== undefined
  if (!needs.some((names) => names.every(said))) return { ok: false, missing: [...new Set(needs.flat().filter((name) => !said(name)))] }
  return { ok: true, value: Object.fromEntries(fields.filter(said).map((name) => [name, values[name]])) as ViewOf<Table> }
}
