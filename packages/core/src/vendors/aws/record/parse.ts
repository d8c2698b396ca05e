import type { ToldValue } from '../../../telemetry/told.ts'
import type { Scalar } from './codecs/codec.ts'
import { type AwsField, type AwsRecord, fieldNamed, MOST_DATA, prefixLength } from './fields.ts'
import { excess, refusal } from './refusal.ts'

/** What is wrong with a record as JSON has it, and where: `latency`, `security_groups[2]`, or '' for all of it. */
export interface RecordProblem {
  readonly path: string
  readonly message: string
}

export type ParsedRecord =
  | { readonly ok: true; readonly values: AwsRecord }
  | { readonly ok: false; readonly problems: readonly [RecordProblem, ...RecordProblem[]] }

/**
 * Takes a record as JSON has it: an object of the names of `AwsRecord`, with numbers of 64 bits as numbers or as decimal texts. All that is wrong is told.
 * What is taken, the encoder takes, as far as there is room.
 *
 * @param json what `JSON.parse` made
 */
export function parseRecord(json: unknown): ParsedRecord {
  const problems: RecordProblem[] = []
  const values: Record<string, ToldValue> = {}
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    return { ok: false, problems: [{ path: '', message: 'a record is an object with a member for each field' }] }
  for (const [name, value] of Object.entries(json)) {
    const field = fieldNamed(name)
    if (field === undefined) problems.push({ path: name, message: 'is no field of the record' })
    else if (field.list) values[name] = parseList(field, value, problems)
    else values[name] = parseValue(field, value, name, problems)
  }
  const [first, ...others] = problems
  if (first !== undefined) return { ok: false, problems: [first, ...others] }
  if (Object.keys(values).length === 0) return { ok: false, problems: [{ path: '', message: 'a record has at least one field' }] }
  return { ok: true, values: values as AwsRecord }
}

function parseList(field: AwsField, list: unknown, problems: RecordProblem[]): readonly string[] {
  if (!Array.isArray(list) || list.length === 0) {
    problems.push({ path: field.name, message: refusal(field.codec, list, field.list) })
    return []
  }
  return list.map((value, index) => String(parseValue(field, value, `${field.name}[${index}]`, problems)))
}

function parseValue(field: AwsField, json: unknown, path: string, problems: RecordProblem[]): Scalar {
  const { codec, number, service } = field
  const value = codec.fromJson === undefined ? json : codec.fromJson(json)
  const room = MOST_DATA - prefixLength(number)
  const length = codec.put(value, new DataView(new ArrayBuffer(MOST_DATA)), 0, room)
  if (length < 0) problems.push({ path, message: refusal(codec, json) })
  // How much of an ARN is sent, the record decides.
  else if (length > room && service === undefined) problems.push({ path, message: excess(length, room) })
  return value as Scalar
}
