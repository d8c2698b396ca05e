import type { Role } from '../../telemetry/field.ts'
import type { Name } from '../../telemetry/name.ts'
import type { OptionLayout } from '../vendor.ts'
import type { BitTypeName } from './bit-type.ts'
import type { ByteTypeName } from './byte-type.ts'

/** One value in an option, as data. Of what stands in `Name`, numbers are a gauge unless it is said otherwise, texts and addresses an identity, booleans a state. */
export interface TableField extends Partial<Pick<Name, 'instrument' | 'unit' | 'cardinality' | 'otel' | 'ecs' | 'influx'>> {
  /** snake_case; best begun with the vendor's own name, as the names of all vendors share one space. */
  readonly name: string
  /** One sentence. */
  readonly doc: string
  /**
   * Numbers are big-endian. `boolean` is 0 or 1, in an option without data true for its presence; `text` is UTF-8, padded with zeros; `address` is of IPv4 in
   * 4 bytes, of IPv6 in 16; `mac` has 6 bytes.
   */
  readonly type: BitTypeName | ByteTypeName
  /** The first byte of the option's data that belongs to it; 0 by default. */
  readonly offset?: number
  /** How many bytes; by default as many as the type has, else all that are left. */
  readonly bytes?: number
  /** Instead of `offset` and `bytes`, for `uint`, `int` and `boolean`: the first bit and the last one, or the only one; 0 is the most significant bit of the data. */
  readonly bits?: number | readonly [first: number, last: number]
  /** What the numbers of a `uint` stand for. */
  readonly values?: Readonly<Record<string, string>>
  /** See `Field`. */
  readonly role?: Role
}

export interface TableOption {
  readonly class: number
  /** All 8 bits: a critical option has 128 or more. */
  readonly type: number
  /** In bytes, in steps of 4; or the least and the most. */
  readonly length: OptionLayout['length']
  /** See `OptionLayout`. */
  readonly name?: string
  readonly fields: readonly TableField[]
  /** Where the layout is written, if not where the table says. */
  readonly source?: string
}

/** A vendor's options as plain data, as a JSON or YAML file holds it. */
export interface VendorTable {
  readonly vendor: string
  readonly source: string
  readonly options: readonly TableOption[]
}
