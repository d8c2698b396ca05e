import type { Field } from '../telemetry/field.ts'
import { lengthsOf, OptionTable } from '../vendors/option-table.ts'
import type { OptionLayout, Vendor } from '../vendors/vendor.ts'
import { vocabulary } from '../vendors/vocabulary.ts'
import type { DeclareTest } from './expectation.ts'
import { canonical, ensure, ensureAlike } from './expectation.ts'
import { testRecordProfile } from './record-contract.ts'
import { SampleBytes } from './sample-bytes.ts'

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const LONGEST_OPTION = 124
const ROLE_LENGTHS = { scope: 8, cookie: 4, account: 8 } as const
const SAMPLES = 500
/** What a caller may hand to `write` by mistake, of the type that it takes. */
const STRANGE_VALUES = ['', 'x', '0x', -1, 0.5, Number.NaN, 2 ** 70, 10n ** 30n, true]

/**
 * Declares the tests that every vendor's table has to pass: `testVendor(vendor, test)`. They prove that it fits RFC 8926, says all that is derived from it,
 * and that no bytes and no values make one of its fields throw, read outside its option or say something that cannot be written back.
 */
export function testVendor(vendor: Vendor, test: DeclareTest): void {
  const fields = vendor.options.flatMap((layout) => layout.fields)
  if (vendor.record !== undefined) testRecordProfile(vendor.name, vendor.record, test)

  test(`${vendor.name}: the table has a name, options and their sources`, () => {
    ensure(vendor.name.trim() === vendor.name && vendor.name !== '', 'the vendor has no name')
    ensure(vendor.options.length > 0, 'the vendor has no options')
    for (const layout of vendor.options) {
      ensure(layout.source !== '', `${nameOf(layout)} has no source`)
      ensure(layout.fields.length > 0, `${nameOf(layout)} has no fields`)
    }
  })

  test(`${vendor.name}: options fit RFC 8926, none is there twice`, () => {
    const seen = new Set<string>()
    for (const layout of vendor.options) {
      ensure(isWhole(layout.optionClass, 0xffff), `${nameOf(layout)}: the class has 16 bits`)
      ensure(isWhole(layout.type, 0xff), `${nameOf(layout)}: the type has 8 bits`)
      for (const length of lengthsOf(layout)) {
        ensure(isWhole(length, LONGEST_OPTION) && length % 4 === 0, `${nameOf(layout)}: ${length} bytes are not 0 to 31 words`)
      }
      ensure(everyLength(layout).length > 0, `${nameOf(layout)}: the least length is above the most`)
      for (const length of everyLength(layout)) {
        const option = `${nameOf(layout)} of ${length} bytes`
        ensure(!seen.has(option), `${option} is there twice`)
        seen.add(option)
      }
    }
  })

  test(`${vendor.name}: names are snake_case and mean one thing, each field is documented`, () => {
    vocabulary([vendor])
    new OptionTable([vendor])
    for (const layout of vendor.options) {
      const { name, fields } = layout
      ensure(name !== undefined || fields.length === 1, `${nameOf(layout)} has several fields and no name`)
      ensure(name === undefined || SNAKE_CASE.test(name), `${name} is not snake_case`)
      ensureAlike(new Set(fields.map((field) => field.name)).size, fields.length, `different names in ${nameOf(layout)}`)
    }
    for (const field of fields) {
      const { otel, ecs, influx } = fields.find(({ name }) => name === field.name) ?? field
      ensureAlike([field.otel, field.ecs, field.influx], [otel, ecs, influx], `${field.name} in another option`)
      ensure(SNAKE_CASE.test(field.name), `${field.name} is not snake_case`)
      for (const key of ['doc', 'otel', 'ecs', 'influx'] as const) ensure(field[key] !== '', `${field.name} has no ${key}`)
    }
  })

  test(`${vendor.name}: a scope and an account have 8 bytes, a cookie 4, their options one length`, () => {
    for (const layout of vendor.options) {
      const { length } = layout
      for (const { role, name } of layout.fields) {
        if (role === undefined) continue
        ensure(typeof length === 'number', `${name}: an option with a ${role} has one length`)
        ensure(length === ROLE_LENGTHS[role], `${name}: a ${role} does not have ${length} bytes`)
      }
    }
  })

  test(`${vendor.name}: a field never sees its neighbours, and never throws`, () => {
    const samples = new SampleBytes()
    for (const field of fields) {
      for (let length = 0; length <= LONGEST_OPTION; length++) {
        const data = samples.next(length)
        const alone = field.read(new DataView(data.buffer), 0, length)
        for (const poison of [0x00, 0xff, 0xa5]) {
          const amid = new Uint8Array(length + 3 * LONGEST_OPTION).fill(poison)
          const offset = LONGEST_OPTION + (length % 8)
          amid.set(data, offset)
          ensureAlike(
            field.read(new DataView(amid.buffer), offset, offset + length),
            alone,
            `${field.name} of ${length} bytes amid ${poison}`,
          )
        }
      }
    }
  })

  test(`${vendor.name}: what a field reads can be written, and reads the same again`, () => {
    const samples = new SampleBytes()
    for (const layout of vendor.options) {
      const read = new Set<Field>()
      // Data of which more was read than of others; what is like it may have still more to read.
      const telling: Uint8Array[] = []
      for (const length of everyLength(layout)) {
        for (let sample = 0; sample < SAMPLES; sample++) {
          const data = varied(samples.next(length), telling[sample % (2 * telling.length)], sample)
          const known = read.size
          for (const field of ensureWritable(layout, data)) read.add(field)
          if (read.size > known) telling.push(data)
        }
      }
      for (const field of layout.fields)
        ensure(read.has(field), `${field.name} reads nothing from ${everyLength(layout).join(' or ')} bytes`)
    }
  })

  test(`${vendor.name}: a value that no bytes mean is undefined, not an exception`, () => {
    const samples = new SampleBytes()
    for (const layout of vendor.options) {
      for (const field of layout.fields) {
        const types = new Set<string>()
        for (const length of everyLength(layout)) {
          for (let sample = 0; sample < SAMPLES; sample++) types.add(typeof field.read(viewOf(samples.next(length)), 0, length))
        }
        for (const value of STRANGE_VALUES.filter((strange) => types.has(typeof strange))) {
          const written = field.write(value)
          if (written === undefined) continue
          ensure(
            everyLength(layout).includes(written.byteLength),
            `${field.name}: ${canonical(value)} is written as ${written.byteLength} bytes`,
          )
          const read = field.read(viewOf(written), 0, written.byteLength)
          if (!isRounded(field, value, read)) ensureAlike(read, value, `${field.name} of ${canonical(value)}`)
        }
      }
    }
  })
}

/**
 * Reads all fields of the data and writes them: over one another where the option has one length, else each one alone, since in an option of variable
 * length the place of a field may depend on the others. Returns those that had a value.
 */
function ensureWritable(layout: OptionLayout, data: Uint8Array): readonly Field[] {
  const together = new Uint8Array(data.byteLength)
  const values = new Map<Field, unknown>()
  const isFixed = typeof layout.length === 'number'
  for (const field of layout.fields) {
    const value = field.read(viewOf(data), 0, data.byteLength)
    if (value === undefined) continue
    const written = field.write(value)
    if (written === undefined || !everyLength(layout).includes(written.byteLength))
      throw new Error(`${field.name}: ${canonical(value)} was read, but is not written as an option of ${data.byteLength} bytes`)
    if (isFixed) for (const [index, byte] of written.entries()) together[index]! |= byte
    else ensureAlike(field.read(viewOf(written), 0, written.byteLength), value, `${field.name} written and read`)
    values.set(field, value)
  }
  if (!isFixed) return [...values.keys()]
  for (const [field, value] of values)
    ensureAlike(field.read(viewOf(together), 0, together.byteLength), value, `${field.name} written and read`)
  if (layout.fields.length === 1 && layout.name === undefined && values.size === 1) ensureAlike(together, data, `${nameOf(layout)} written`)
  return [...values.keys()]
}

/** Whether a fraction was read as it is in 32 bits. */
function isRounded({ type }: Field, value: unknown, read: unknown): boolean {
  return type === 'float' && Math.fround(Number(read)) === Math.fround(Number(value))
}

/** `data`, or as many bytes of `other`, where there is another, with one byte of `data`. */
function varied(data: Uint8Array<ArrayBuffer>, other: Uint8Array | undefined, sample: number): Uint8Array<ArrayBuffer> {
  if (other === undefined || data.byteLength === 0) return data
  const at = sample % data.byteLength
  return data.map((byte, index) => (index === at ? byte : (other[index] ?? byte)))
}

/** Every length that the option may have. */
function everyLength(layout: OptionLayout): readonly number[] {
  const [least, most] = lengthsOf(layout)
  const words = Math.max(0, Math.floor((most - least) / 4) + 1)
  return Array.from({ length: words }, (_, index) => least + index * 4)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isWhole(value: number, highest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highest
}

function nameOf(layout: OptionLayout): string {
  return `option 0x${layout.optionClass.toString(16).padStart(4, '0')}/${layout.type}`
}
