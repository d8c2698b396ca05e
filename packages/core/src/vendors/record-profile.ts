import type { Field } from '../telemetry/field.ts'
import type { FieldIssue, Subject, ToldValue, ToldValues } from '../telemetry/told.ts'

/**
 * One field of a telemetry record: the data of one option, or in a list of one of its options. `read` takes a value with the padding behind it, to whole
 * words; `write` gives the value alone. Of a number from 128 up, both begin behind it.
 */
export interface RecordField<T = unknown> extends Field<T> {
  /** From 1 to 126 the option's type; numbers from 128 up stand in the first two bytes of an option of type 127. Frozen. */
  readonly number: number
  /** The part of the record that it belongs to, as the documentation has them: `identity`, `performance`, `nat_gateway`. */
  readonly group: string
  /** The type on the wire, as the documentation names it: `u64`, `float32`, `text`, `vpc id`. Frozen. */
  readonly wire: string
  /** Whether it may stand in a record several times, in order. `read` and `write` are of one of its texts. */
  readonly list?: true
  /** All values that there are, for a field with few of them. */
  readonly values?: readonly string[]
  /** A page on which the owner of the name says what it means; absent for names of this profile. */
  readonly source?: string
}

/** What one option of a record said. */
export interface RecordEntry {
  /** Offset of the option, its header included. */
  readonly offset: number
  readonly number: number
  /** Absent for a number that no field has. */
  readonly field?: RecordField
  /** Of a list, an array of this option's one text. */
  readonly value?: ToldValue
  readonly issue?: FieldIssue
}

/** A telemetry record as it stood in one packet. */
export interface DecodedRecord {
  readonly values: ToldValues
  /** One for each option of the record's class, in order. */
  readonly entries: readonly RecordEntry[]
}

/** A service that records are about, as the documentation has it. */
export interface RecordSection {
  /** As records say it. */
  readonly service: string
  readonly title: string
  /** What is told of it, and in which fields. */
  readonly topics: readonly (readonly [topic: string, fields: readonly string[]])[]
  /** The functions that pick its fields out of a record. */
  readonly views: readonly string[]
  readonly example: ToldValues
}

/**
 * A telemetry record: all options of one class in a packet, one option a field. Where `OptionLayout`s describe options one by one, a profile reads them
 * together: a field may need another one to be understood, and what the record is about is said by several.
 */
export interface RecordProfile {
  readonly optionClass: number
  readonly fields: readonly RecordField[]
  /** Whose profile it is and whose it is not, for all who print it. */
  readonly doc?: string
  /** How it stands in packets, a sentence or two each. */
  readonly rules?: readonly string[]
  readonly sections?: readonly RecordSection[]
  /** Reads the record in the options area [start, end), which holds whole options only. `undefined` where no option is of the class. Never throws. */
  decode(view: DataView, start: number, end: number): DecodedRecord | undefined
  /** What the record is about; `flow` names the packet's inner flow, for a record that names nothing more of its own. */
  subjectOf(values: ToldValues, flow: string | undefined): Subject | undefined
}
