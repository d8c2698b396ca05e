import type { Name } from './name.ts'

/** What a field means beyond its vendor: `scope` keeps equal inner addresses apart, `cookie` is a flow's name at its sender, `account` is who pays for it. */
export type Role = 'scope' | 'cookie' | 'account'

/** One value inside an option: reader, writer and description at once. */
export interface Field<T = unknown> extends Name {
  readonly role?: Role
  /** Reads the value from the option's data [offset, end). `undefined` = these bytes are no such value. Never reads outside. */
  read(view: DataView, offset: number, end: number): T | undefined
  /** The option's data for a value; `undefined` = no bytes mean this value. */
  write(value: T): Uint8Array | undefined
}
