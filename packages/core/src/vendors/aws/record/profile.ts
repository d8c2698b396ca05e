import type { FieldIssue, ToldValue } from '../../../telemetry/told.ts'
import type { DecodedRecord, RecordEntry, RecordProfile } from '../../record-profile.ts'
import { ARN_PREFIX, arnHead } from './codecs/arn.ts'
import { AWS_FIELDS, type AwsField, EXTENDED_TYPE, FIRST_EXTENDED } from './fields.ts'
import { AWS_RECORD_DOC, AWS_RECORD_RULES } from './rules.ts'
import { AWS_SECTIONS } from './sections.ts'
import { subjectOf } from './subject.ts'

/** The telemetry record's profile, with what its fields are made of. */
export interface AwsProfile extends RecordProfile {
  readonly fields: readonly AwsField[]
}

/** Amazon's first class, which AWS uses for nothing that is known. */
export const AWS_RECORD_CLASS: number = 0x0105

type Values = Record<string, ToldValue>

interface Entry extends RecordEntry {
  readonly field?: AwsField
  value?: ToldValue
  issue?: FieldIssue
}

const NUMBERS = AWS_FIELDS.at(-1)!.number + 1
/** One bit a number: so few bytes are quick to come by. */
const SEEN_BYTES = (NUMBERS + 7) >> 3
const BY_NUMBER: readonly (AwsField | undefined)[] = byNumber()

function byNumber(): readonly (AwsField | undefined)[] {
  const fields = new Array<AwsField | undefined>(NUMBERS).fill(undefined)
  for (const field of AWS_FIELDS) fields[field.number] = field
  return fields
}

/**
 * Makes plain objects, as `{}` does. V8 sizes what one function makes by what became of the first few; of `{}` with more than 16 properties it makes a hash
 * table, which costs more than all the decoding.
 */
function Values(): void {}
Values.prototype = Object.prototype
const NewValues = Values as unknown as new () => Values

/**
 * The telemetry record of this project: a profile of its own, not an AWS format. What of it has a name at AWS is called as there.
 *
 * @param optionClass Amazon's 0x0105 by default; 0xff00 to 0xffff are the experimental ones of RFC 8926
 * @throws RangeError if it is no class
 */
export function awsRecord(optionClass: number = AWS_RECORD_CLASS): AwsProfile {
  if (!Number.isInteger(optionClass) || optionClass < 0 || optionClass > 0xffff)
    throw new RangeError(`optionClass: ${optionClass} is not an option class (0 to 0xffff)`)
  return {
    optionClass,
    fields: AWS_FIELDS,
    doc: AWS_RECORD_DOC,
    rules: AWS_RECORD_RULES,
    sections: AWS_SECTIONS,
    subjectOf,
    decode: (view, start, end) => decodeRecord(view, start, end, optionClass),
  }
}

function decodeRecord(view: DataView, start: number, end: number, optionClass: number): DecodedRecord | undefined {
  let entries: Entry[] | undefined
  let seen: Uint8Array | undefined
  const values = new NewValues()
  for (let at = start; at < end; ) {
    const word = view.getInt32(at)
    const next = at + 4 + (word & 0x1f) * 4
    if (word >>> 16 === optionClass) {
      entries ??= []
      seen ??= new Uint8Array(SEEN_BYTES)
      entries.push(readOption(view, at, next, (word >>> 8) & 0xff, values, seen))
    }
    at = next
  }
  if (entries === undefined) return undefined
  putHeads(entries, values)
  return { values, entries }
}

/** Reads the option [offset, end) of the record into `values`, unless its number has its bit in `seen` already. */
function readOption(view: DataView, offset: number, end: number, type: number, values: Values, seen: Uint8Array): Entry {
  let at = offset + 4
  if (type >= 0x80) return { offset, number: type & 0x7f, issue: 'critical' }
  let number = type
  if (type === EXTENDED_TYPE) {
    if (at === end) return { offset, number, issue: 'wrong-length' }
    number = view.getUint16(at)
    at += 2
  }
  const field = number < NUMBERS ? BY_NUMBER[number] : undefined
  if (field === undefined) return { offset, number, issue: 'unknown-number' }
  const bit = 1 << (number & 7)
  if ((seen[number >> 3]! & bit) !== 0 && !field.list) return { offset, number, field, issue: 'duplicate' }
  seen[number >> 3]! |= bit
  const { codec, name } = field
  const room = end - at
  const length = codec.lengthIn(view, at, room)
  if (length < 0) return { offset, number, field, issue: 'wrong-length' }
  const value = codec.read(view, at, length)
  if (value === undefined) return { offset, number, field, issue: 'impossible-value' }
  const told = field.list ? [value as string] : value
  values[name] = field.list && values[name] !== undefined ? [...(values[name] as readonly string[]), value as string] : told
  const issue = formIssue(view, at + length, end, type, number)
  return issue === undefined ? { offset, number, field, value: told } : { offset, number, field, value: told, issue }
}

/** What is not as the encoder would write it, in the bytes behind the value [offset, end) or in the option's type. */
function formIssue(view: DataView, offset: number, end: number, type: number, number: number): FieldIssue | undefined {
  for (let at = offset; at < end; at++) if (view.getUint8(at) !== 0) return 'padding'
  return end - offset >= 4 || (type === EXTENDED_TYPE && number < FIRST_EXTENDED) ? 'not-shortest' : undefined
}

/** Gives ARNs their heads again, now that all of the record is known. */
function putHeads(entries: readonly Entry[], values: Values): void {
  for (const entry of entries) {
    const { field, value } = entry
    if (field?.service === undefined || typeof value !== 'string' || value.startsWith(ARN_PREFIX)) continue
    const head = arnHead(field.service, values['region'], values['account_id'])
    if (head === undefined) entry.issue ??= 'no-head'
    else values[field.name] = entry.value = head + value
  }
}
