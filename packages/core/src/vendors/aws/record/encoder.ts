import type { ToldValues } from '../../../telemetry/told.ts'
import { arnHead, isArn, withoutHead } from './codecs/arn.ts'
import { putText } from './codecs/text.ts'
import { type AwsField, EXTENDED_TYPE, fieldNamed, MOST_DATA, prefixLength } from './fields.ts'
import { AWS_RECORD_CLASS, awsRecord } from './profile.ts'
import { excess, refusal } from './refusal.ts'
import { subjectFields } from './subject.ts'

/** What all options of a packet may take, RFC 8926 3.4: 63 words. */
const MOST_OPTIONS = 252
const HEADER = 4

/** What a field takes in a packet, with its headers: of a list, all of it. */
interface Size {
  readonly name: string
  readonly bytes: number
}

/**
 * Writes telemetry records as GENEVE options, in the one form that the profile has for them: numbers ascending, lists in order, nothing longer than it needs
 * to be. What it accepts is decoded to the same values, but for numbers of `float32`, which are rounded.
 */
export class RecordEncoder {
  readonly #optionClass: number
  // Larger than any packet's options may be: a record that is too large is written as far as it goes, and measured.
  readonly #bytes = new Uint8Array(MOST_OPTIONS + HEADER + MOST_DATA)
  readonly #view = new DataView(this.#bytes.buffer)

  /** @throws RangeError if `optionClass` is no class */
  constructor({ optionClass = AWS_RECORD_CLASS }: { readonly optionClass?: number } = {}) {
    this.#optionClass = awsRecord(optionClass).optionClass
  }

  /**
   * The options of one packet, 252 bytes at most.
   *
   * @throws TypeError for what is no field, for a value that its field cannot have (says what is allowed), and for a record of no field
   * @throws RangeError for a record or a value that is too large; names the fields with their sizes
   */
  encode(values: ToldValues): Uint8Array<ArrayBuffer> {
    const length = this.#put(values)
    if (length === 0) throw new TypeError('telemetry record: it has at least one field')
    if (length > MOST_OPTIONS) throw tooLarge('the record', this.#sizes(values))
    return this.#bytes.slice(0, length)
  }

  /**
   * As `encode`, for a record that may be larger: the options of each packet that it takes. Each says again what the record is about, lists stay whole.
   *
   * @throws TypeError as `encode`
   * @throws RangeError for a field that does not fit into a packet beside what the record is about
   */
  split(values: ToldValues): readonly Uint8Array<ArrayBuffer>[] {
    if (this.#put(values) <= MOST_OPTIONS) return [this.encode(values)]
    const subject = subjectFields(values)
    const about = this.#sizes(only(values, subject))
    const parts: string[][] = []
    let left = 0
    // What the heads of ARNs are made of is in each part, so a field takes in it what it takes in the whole.
    for (const size of this.#sizes(values)) {
      if (subject.has(size.name)) continue
      if (size.bytes > left) {
        left = MOST_OPTIONS - total(about)
        if (size.bytes > left) throw tooLarge(`${size.name} beside what the record is about`, [...about, size])
        parts.push([...subject])
      }
      parts.at(-1)!.push(size.name)
      left -= size.bytes
    }
    if (parts.length === 0) throw tooLarge('what the record is about', about)
    return parts.map((names) => this.encode(only(values, names)))
  }

  /** Writes the record, as much of it as there is room for, and returns how many bytes it has. */
  #put(values: ToldValues, sizes?: Size[]): number {
    let at = 0
    for (const field of fieldsIn(values)) {
      const start = at
      const value = values[field.name]
      if (!field.list) at = this.#putOption(field, value, values, at)
      else if (!Array.isArray(value) || value.length === 0) throw refused(field, value, true)
      else for (const text of value) at = this.#putOption(field, text, values, at)
      sizes?.push({ name: field.name, bytes: at - start })
    }
    return at
  }

  #sizes(values: ToldValues): readonly Size[] {
    const sizes: Size[] = []
    this.#put(values, sizes)
    return sizes
  }

  /** Writes one option to `at`, or over the last one if that is no place any more, and returns where the next one stands. */
  #putOption(field: AwsField, value: unknown, values: ToldValues, at: number): number {
    const { codec, number, service } = field
    const start = Math.min(at, MOST_OPTIONS)
    const data = start + HEADER
    const prefix = prefixLength(number)
    const room = MOST_DATA - prefix
    const length =
      service !== undefined && isArn(value)
        ? putText(withoutHead(value, arnHead(service, values['region'], values['account_id'])), this.#view, data + prefix, room)
        : codec.put(value, this.#view, data + prefix, room)
    if (length < 0) throw refused(field, value)
    if (length > room) throw new RangeError(`telemetry record: ${field.name}: ${excess(length, room)}`)
    const words = (prefix + length + 3) >> 2
    const end = data + words * 4
    for (let padding = data + prefix + length; padding < end; padding++) this.#bytes[padding] = 0
    this.#view.setInt32(start, (this.#optionClass << 16) | ((prefix === 0 ? number : EXTENDED_TYPE) << 8) | words)
    if (prefix > 0) this.#view.setUint16(data, number)
    return at + end - start
  }
}

/** The fields of a record in the order of their numbers. There are few: each is put in its place among those before it. */
function fieldsIn(values: ToldValues): readonly AwsField[] {
  const fields: AwsField[] = []
  for (const name in values) {
    if (values[name] === undefined) continue
    const field = fieldNamed(name)
    if (field === undefined) throw new TypeError(`telemetry record: ${JSON.stringify(name)} is no field of it`)
    let place = fields.length
    while (place > 0 && fields[place - 1]!.number > field.number) {
      fields[place] = fields[place - 1]!
      place--
    }
    fields[place] = field
  }
  return fields
}

function only(values: ToldValues, names: Iterable<string>): ToldValues {
  return Object.fromEntries(Array.from(names, (name) => [name, values[name]!]))
}

function total(sizes: readonly Size[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0)
}

function refused({ name, codec }: AwsField, value: unknown, list?: true): TypeError {
  return new TypeError(`telemetry record: ${name}: ${refusal(codec, value, list)}`)
}

function tooLarge(what: string, sizes: readonly Size[]): RangeError {
  const fields = sizes.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')
  return new RangeError(`telemetry record: ${what} takes ${total(sizes)} bytes, a packet has room for ${MOST_OPTIONS}: ${fields}`)
}
