import type { Name } from '../../../telemetry/name.ts'
import type { Quantity } from '../../../telemetry/quantity.ts'
import type { WireType } from './codecs/codecs.ts'
import type { Page } from './pages.ts'

/** A field as the tables have it, by its name. What is not there follows from the name and the wire type. */
export interface FieldRow extends Pick<Name, 'instrument' | 'unit' | 'cardinality' | 'doc'> {
  readonly number: number
  readonly wire: WireType
  readonly list?: true
  readonly values?: readonly string[]
  readonly role?: 'account'
  /** The page that has what AWS calls it, and what that is. */
  readonly page?: Page
  readonly called?: string
  readonly otel?: string
  readonly ecs?: string
}

/** Fields by name. */
export type FieldRows = Readonly<Record<string, FieldRow>>

interface WireValues {
  u8: number
  u12: number
  u16: number
  u32: number
  i32: number
  u64: Quantity
  float32: number
  float64: number
  bool: boolean
}

/** What a field's value is. */
type ValueOf<Row> = Row extends { readonly list: true }
  ? readonly string[]
  : Row extends { readonly values: readonly (infer Text)[] }
    ? Text
    : Row extends { readonly wire: keyof WireValues }
      ? WireValues[Row['wire']]
      : string

/** What a record may say in these fields. */
export type ValuesOf<Rows> = { readonly [Key in keyof Rows]?: ValueOf<Rows[Key]> }
