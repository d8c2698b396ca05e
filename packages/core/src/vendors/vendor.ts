import type { Field } from '../telemetry/field.ts'

/** One option a vendor defines. */
export interface OptionLayout {
  readonly optionClass: number
  /** All 8 bits. */
  readonly type: number
  /** Bytes of data; an option of another length is not this one (RFC 8926, 3.5.1: a fixed length never changes). */
  readonly length: number
  /** The option's own name; needed only where it has several fields, one field lends it its own. */
  readonly name?: string
  /** In the order they are shown; `field.read` gets the option's data. */
  readonly fields: readonly Field[]
  /** Where the layout is written. */
  readonly source: string
}

/** What a vendor puts into GENEVE options: a table, not a program. */
export interface Vendor {
  /** As in `vendorName` and `telemetry`: `Amazon`. */
  readonly name: string
  readonly options: readonly OptionLayout[]
}
