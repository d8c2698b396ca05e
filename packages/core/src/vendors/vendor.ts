import type { Field } from '../telemetry/field.ts'
import type { RecordProfile } from './record-profile.ts'

/** One option a vendor defines. */
export interface OptionLayout {
  readonly optionClass: number
  /** All 8 bits. */
  readonly type: number
  /**
   * Bytes of data, in steps of 4; an option of another length is not this one (RFC 8926, 3.5.1: a fixed length never changes). Least and most for an option
   * of variable length. Several layouts may share a class and type if their lengths differ. A field with a role needs one length.
   */
  readonly length: number | readonly [least: number, most: number]
  /** The option's own name; needed only where it has several fields. One field lends it its own, and is all of it unless the option has a name, too. */
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
  /** The telemetry record that its users' senders may put into packets. */
  readonly record?: RecordProfile
}
