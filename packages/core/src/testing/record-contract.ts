import type { RecordField, RecordProfile } from '../vendors/record-profile.ts'
import { vocabulary } from '../vendors/vocabulary.ts'
import { concat } from './bytes.ts'
import type { DeclareTest } from './expectation.ts'
import { canonical, ensure, ensureAlike } from './expectation.ts'
import { geneveOption } from './geneve.ts'
import { SampleBytes } from './sample-bytes.ts'

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const LONGEST_OPTION = 124
const EXTENDED_TYPE = 127
const FIRST_EXTENDED = 128
const SAMPLES = 6
const AREAS = 500
const MOST_OPTIONS = 8

/**
 * Declares the tests that a telemetry record's profile has to pass, for `testVendor` and for profiles of one's own: each field says all that is derived from
 * it, writes what it reads, and no bytes make it or the whole record throw or read outside.
 */
export function testRecordProfile(vendor: string, profile: RecordProfile, test: DeclareTest): void {
  const { fields, optionClass } = profile

  test(`${vendor}: each field of the record has a number, a name and a documentation of its own`, () => {
    ensure(Number.isInteger(optionClass) && optionClass >= 0 && optionClass <= 0xffff, 'the class has 16 bits')
    ensureAlike(new Set(fields.map(({ number }) => number)).size, fields.length, 'different numbers')
    ensureAlike(new Set(fields.map(({ name }) => name)).size, fields.length, 'different names')
    vocabulary([{ name: vendor, options: [], record: profile }])
    for (const field of fields) {
      const { name, number } = field
      ensure(SNAKE_CASE.test(name), `${name} is not snake_case`)
      ensure(Number.isInteger(number) && number > 0 && number <= 0xffff && number !== EXTENDED_TYPE, `${name} has the number ${number}`)
      for (const key of ['doc', 'group', 'wire', 'otel', 'ecs', 'influx'] as const) ensure(field[key] !== '', `${name} has no ${key}`)
    }
  })

  test(`${vendor}: a field of the record never sees its neighbours, and writes what it reads`, () => {
    const samples = new SampleBytes()
    let read = 0
    for (const field of fields) {
      for (let length = 0; length <= LONGEST_OPTION; length++) {
        for (let sample = 0; sample < SAMPLES; sample++) {
          const data = samples.next(length)
          const value = field.read(viewOf(data), 0, length)
          const amid = new Uint8Array(length + 2 * LONGEST_OPTION).fill(sample)
          amid.set(data, LONGEST_OPTION)
          ensureAlike(field.read(viewOf(amid), LONGEST_OPTION, LONGEST_OPTION + length), value, `${field.name} amid ${sample}`)
          if (value === undefined) continue
          read++
          ensureWritten(field, value)
        }
      }
    }
    ensure(read > 0, 'no field reads anything')
  })

  test(`${vendor}: whatever options there are, the record has an entry for each of its own`, () => {
    const samples = new SampleBytes()
    for (let area = 0; area < AREAS; area++) {
      const options = Array.from({ length: area % MOST_OPTIONS }, (_, index) => optionOf(profile, area * MOST_OPTIONS + index, samples))
      const bytes = concat(...options)
      const alone = profile.decode(viewOf(bytes), 0, bytes.byteLength)
      const amid = concat(new Uint8Array(LONGEST_OPTION).fill(area), bytes, new Uint8Array(LONGEST_OPTION).fill(area))
      const there = profile.decode(viewOf(amid), LONGEST_OPTION, LONGEST_OPTION + bytes.byteLength)
      ensureAlike(there?.values, alone?.values, `values amid ${area % 256}`)
      const offsets = there?.entries.map(({ offset }) => offset - LONGEST_OPTION) ?? []
      ensureAlike(
        offsets,
        options.map((_, index) => concat(...options.slice(0, index)).byteLength),
        'where the options are',
      )
      for (const { value, issue, field } of alone?.entries ?? [])
        ensure(value === undefined ? issue !== undefined : field !== undefined, `an entry without value and issue, or without field`)
    }
  })
}

function ensureWritten(field: RecordField, value: unknown): void {
  const written = field.write(value)
  if (written === undefined) throw new Error(`${field.name}: ${canonical(value)} was read, but is not written`)
  ensureAlike(field.read(viewOf(written), 0, written.byteLength), value, `${field.name} written and read`)
}

/** An option of the record: one of its fields', or any other. */
function optionOf({ fields, optionClass }: RecordProfile, index: number, samples: SampleBytes): Uint8Array {
  const field = fields[index % (fields.length + 1)]
  const length = (index % (LONGEST_OPTION / 4 + 1)) * 4
  const data = samples.next(length)
  if (field === undefined) return geneveOption({ class: optionClass, type: index % 256, data })
  const value = index % 2 === 0 ? field.read(viewOf(data), 0, length) : undefined
  const bytes = (value === undefined ? undefined : field.write(value)) ?? data
  if (field.number < FIRST_EXTENDED) return geneveOption({ class: optionClass, type: field.number, data: words(bytes) })
  return geneveOption({
    class: optionClass,
    type: EXTENDED_TYPE,
    data: words(concat(Uint8Array.of(field.number >> 8, field.number), bytes)),
  })
}

/** In whole words, as options are, and no longer. */
function words(bytes: Uint8Array): Uint8Array {
  const data = new Uint8Array(Math.min(Math.ceil(bytes.byteLength / 4) * 4, LONGEST_OPTION))
  data.set(bytes.subarray(0, data.byteLength))
  return data
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
