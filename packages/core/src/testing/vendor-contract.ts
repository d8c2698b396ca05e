import type { Field } from '../telemetry/field.ts'
import { OptionTable } from '../vendors/option-table.ts'
import type { OptionLayout, Vendor } from '../vendors/vendor.ts'
import { vocabulary } from '../vendors/vocabulary.ts'
import type { DeclareTest } from './expectation.ts'
import { canonical, ensure, ensureAlike } from './expectation.ts'

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const LONGEST_OPTION = 124
const ROLE_LENGTHS = { scope: 8, cookie: 4 } as const
const SAMPLES = 500
/** What a caller may hand to `write` by mistake, of the type that it takes. */
const STRANGE_VALUES = ['', 'x', '0x', -1, 0.5, Number.NaN, 2 ** 70, 10n ** 30n, true]

/**
 * Declares the tests that every vendor's table has to pass: `testVendor(vendor, test)`. They prove that it fits RFC 8926, says all that is derived from it,
 * and that no bytes and no values make one of its fields throw, read outside its option or say something that cannot be written back.
 */
export function testVendor(vendor: Vendor, test: DeclareTest): void {
  const fields = vendor.options.flatMap((layout) => layout.fields)

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
      ensure(
        isWhole(layout.length, LONGEST_OPTION) && layout.length % 4 === 0,
        `${nameOf(layout)}: ${layout.length} bytes are not 0 to 31 words`,
      )
      ensure(!seen.has(nameOf(layout)), `${nameOf(layout)} is there twice`)
      seen.add(nameOf(layout))
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

  test(`${vendor.name}: a scope has 8 bytes, a cookie 4`, () => {
    for (const layout of vendor.options) {
      for (const { role, name } of layout.fields) {
        ensure(role === undefined || layout.length === ROLE_LENGTHS[role], `${name}: a ${role} does not have ${layout.length} bytes`)
      }
    }
  })

  test(`${vendor.name}: a field never sees its neighbours, and never throws`, () => {
    const samples = new Samples()
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
    const samples = new Samples()
    for (const layout of vendor.options) {
      const read = new Set<Field>()
      for (let sample = 0; sample < SAMPLES; sample++) {
        for (const field of ensureWritable(layout, samples.next(layout.length))) read.add(field)
      }
      for (const field of layout.fields) ensure(read.has(field), `${field.name} reads nothing from ${layout.length} bytes`)
    }
  })

  test(`${vendor.name}: a value that no bytes mean is undefined, not an exception`, () => {
    const samples = new Samples()
    for (const layout of vendor.options) {
      const data = samples.next(layout.length)
      for (const field of layout.fields) {
        const type = typeof field.read(viewOf(data), 0, data.byteLength)
        for (const value of STRANGE_VALUES.filter((strange) => typeof strange === type)) {
          const written = field.write(value)
          if (written === undefined) continue
          ensureAlike(written.byteLength, layout.length, `bytes that ${field.name} writes`)
          ensureAlike(field.read(viewOf(written), 0, written.byteLength), value, `${field.name} of ${canonical(value)}`)
        }
      }
    }
  })
}

/** Reads all fields of the data and writes them over one another. Returns those that had a value. */
function ensureWritable(layout: OptionLayout, data: Uint8Array): readonly Field[] {
  const together = new Uint8Array(layout.length)
  const values = new Map<Field, unknown>()
  for (const field of layout.fields) {
    const value = field.read(viewOf(data), 0, data.byteLength)
    if (value === undefined) continue
    const written = field.write(value)
    ensure(
      written?.byteLength === layout.length,
      `${field.name}: ${canonical(value)} was read, but is not written as ${layout.length} bytes`,
    )
    for (const [index, byte] of written.entries()) together[index]! |= byte
    values.set(field, value)
  }
  for (const [field, value] of values)
    ensureAlike(field.read(viewOf(together), 0, together.byteLength), value, `${field.name} written and read`)
  if (layout.fields.length === 1 && values.size === 1) ensureAlike(together, data, `${nameOf(layout)} written`)
  return [...values.keys()]
}

/** Bytes that look random, the same in every run; the first two are all zeros and all ones. */
class Samples {
  private state = 0x9e3779b9
  private count = 0

  next(length: number): Uint8Array<ArrayBuffer> {
    const data = new Uint8Array(length)
    if (this.count++ < 2) return data.fill(this.count === 1 ? 0x00 : 0xff)
    return data.map(() => {
      // xorshift32
      this.state ^= this.state << 13
      this.state ^= this.state >>> 17
      this.state ^= this.state << 5
      return this.state & 0xff
    })
  }
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
