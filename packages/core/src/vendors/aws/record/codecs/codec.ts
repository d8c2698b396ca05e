import type { ValueType } from '../../../../telemetry/name.ts'
import type { Quantity } from '../../../../telemetry/quantity.ts'

/** What a codec reads and writes. */
export type Scalar = string | Quantity | boolean

/** JSON Schema of a value, draft 2020-12. */
export type Schema = Readonly<Record<string, unknown>>

/** A type on the wire: how its values stand in bytes, and how JSON has them. */
export interface Codec {
  readonly type: ValueType
  /** What may be written, for messages: `a whole number from 0 to 255`. */
  readonly allowed: string
  readonly schema: Schema
  /** How many of `room` bytes at `offset` are a value; behind them is padding, to whole words. Less than 0: none has this length. */
  lengthIn(view: DataView, offset: number, room: number): number
  /** The value of the `length` bytes at `offset`, a length that `lengthIn` gave; `undefined` = they mean none. */
  read(view: DataView, offset: number, length: number): Scalar | undefined
  /** Writes the value's bytes to `offset`, `room` at most, and returns how many they are. Less than 0: the value has none; more than `room`: too many. */
  put(value: unknown, view: DataView, offset: number, room: number): number
  /** Of a type that JSON has in a form of its own too: the value that it means, `undefined` for none. */
  fromJson?(json: unknown): Scalar | undefined
}

/** Whether bytes of a value that has `length` of them stand in `room`, in whole words and no more of them than it takes. */
export function fills(length: number, room: number): boolean {
  return room >= length && room < length + 4
}
