import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TableField, TableOption, VendorTable } from '../src/vendors/table/vendor-table.ts'
import { VendorTableError, vendorFromTable } from '../src/vendors/vendors.ts'

const field: TableField = { name: 'acme_x', type: 'uint', doc: 'A value.' }
const option: TableOption = { class: 0xff01, type: 1, length: 4, fields: [field] }
const acme: VendorTable = { vendor: 'Acme', source: 'the Acme manual', options: [option] }

const withField = (change: Partial<TableField>, length: TableOption['length'] = 4): VendorTable => ({
  ...acme,
  options: [{ ...option, length, fields: [{ ...field, ...change }] }],
})

describe('what is wrong is said with its path', () => {
  const second: TableField = { ...field, name: 'acme_y' }
  test.each<[string, unknown]>([
    ['the table: "text" is no object', 'text'],
    ['vendor: there is no letter from A to Z', { ...acme, vendor: '網路' }],
    ['vendor: it is missing', { source: 'x', options: [option] }],
    ['extra: there is no such member; there are vendor, source, options', { ...acme, extra: 1 }],
    ['options: a list is no list with something in it', { ...acme, options: [] }],
    ['options[0].class: 65536 is no whole number from 0 to 65535', { ...acme, options: [{ ...option, class: 0x10000 }] }],
    ['options[0].type: "1" is no whole number from 0 to 255', { ...acme, options: [{ ...option, type: '1' }] }],
    ['options[0].length: an option has its bytes in steps of 4', { ...acme, options: [{ ...option, length: 6 }] }],
    ['options[0].length: a range is the least and the most bytes', { ...acme, options: [{ ...option, length: [8, 4] }] }],
    [
      'options[1].length: an option of this class and type with 4 bytes is in the table already',
      { ...acme, options: [option, { ...option, length: [0, 8], fields: [{ ...second, bytes: 4 }] }] },
    ],
    [
      'options[0]: with 2 fields the option needs a name',
      {
        ...acme,
        options: [
          {
            ...option,
            fields: [
              { ...field, bytes: 1 },
              { ...second, offset: 1 },
            ],
          },
        ],
      },
    ],
    ['options[0].fields[0].name: "acmeX" is not snake_case', withField({ name: 'acmeX' })],
    [
      'options[0].fields[0].type: "uin" is none of uint, int, boolean, float32, float64, hex, text, ipv4, ipv6, address, mac',
      withField({ type: 'uin' as 'uint' }),
    ],
    ['options[0].fields[0].doc: "" is no text', withField({ doc: '' })],
    ['options[0].fields[0].offset: there are bits already', withField({ bits: 1, offset: 0 })],
    ['options[0].fields[0].bits: 32 is no whole number from 0 to 31', withField({ bits: 32 })],
    ['options[0].fields[0].bits: they are the first bit and the last one', withField({ bits: [4, 3] })],
    ['options[0].fields[0].bits: hex has offset and bytes, not bits', withField({ type: 'hex', bits: 3 })],
    ['options[0].fields[0].bytes: float32 has 4 bytes', withField({ type: 'float32', bytes: 2 })],
    ['options[0].fields[0].bytes: 5 is no whole number from 1 to 4', withField({ bytes: 5 })],
    ['options[0].fields[0].type: it has 16 bytes, and there are 4', withField({ type: 'ipv6' })],
    ['options[0].fields[0].type: the option has no data', withField({}, 0)],
    ['options[0].fields[0].type: in an option of variable length uint needs bits or bytes', withField({}, [4, 8])],
    ['options[0].fields[0].type: uint has at most 64 bits, here it has 96', withField({}, 12)],
    ['options[0].fields[0].values: int has no values, only uint has', withField({ type: 'int', values: { 0: 'off' } })],
    ['options[0].fields[0].values.x: x is no number of 32 bits', withField({ values: { x: 'off' } })],
    ['options[0].fields[0].values.2: 2 is no number of 1 bits', withField({ bits: 0, values: { 2: 'off' } })],
    ['options[0].fields[0].values.1: off is there already', withField({ values: { 0: 'off', 1: 'off' } })],
    ['options[0].fields[0].values.1: 3 is a number', withField({ values: { 1: '3' } })],
    ['options[0].fields[0].role: "owner" is none of scope, cookie, account', withField({ role: 'owner' as 'scope' })],
    ['options[0].fields[0].role: an option with a scope has 8 bytes', withField({ role: 'scope' })],
    ['options[0].fields[0].instrument: "sum" is none of identity', withField({ instrument: 'sum' as 'gauge' })],
    ['options[0].fields[0].ecs: "a b" is no name of letters', withField({ ecs: 'a b' })],
    ['options[0].fields[0].otel: ".a" is no name of letters', withField({ otel: '.a' })],
    ['options[0].fields[0].influx: "a,b=c" is no name of letters', withField({ influx: 'a,b=c' })],
    ['options[0].fields[0]: vendors: the field "vni" of Acme has the name vni', withField({ name: 'vni' })],
    [
      'options[0].fields[1]: acme_y shares bits with acme_x',
      {
        ...acme,
        options: [
          {
            ...option,
            name: 'both',
            fields: [
              { ...field, bits: [0, 8] },
              { ...second, offset: 1, bytes: 1 },
            ],
          },
        ],
      },
    ],
    [
      'options[0].fields[1].name: acme_x is in the option already',
      { ...acme, options: [{ ...option, fields: [{ ...field, bits: 0 }, field] }] },
    ],
    [
      'options[1].fields[0]: acme_x is something else in another option',
      { ...acme, options: [option, { ...option, type: 2, fields: [{ ...field, influx: 'other' }] }] },
    ],
  ])('%s', (message, table) => {
    const found = (() => {
      try {
        return vendorFromTable(table as VendorTable)
      } catch (error) {
        return error
      }
    })()
    expect(found).toBeInstanceOf(VendorTableError)
    expect((found as Error).message).toContain(message)
  })
})

test('whatever a file holds is a vendor or a VendorTableError', () => {
  const names = Object.keys({
    ...field,
    offset: 0,
    bytes: 1,
    bits: 1,
    values: {},
    role: '',
    otel: '',
    class: 0,
    length: 0,
    fields: [],
    name: '',
  })
  const leaf = fc.oneof(
    fc.jsonValue(),
    fc.integer({ min: -1, max: 130 }),
    fc.constantFrom('uint', 'int', 'text', 'hex', 'address', 'acme_x', 'scope'),
  )
  const some = fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })))
  const fields = fc.array(
    some.map((members) => ({ ...field, ...members })),
    { maxLength: 3 },
  )
  const options = fc.array(
    fc.tuple(some, fields).map(([members, own]) => ({ ...option, name: 'both', fields: own, ...members })),
    { maxLength: 3 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        options.map((own) => ({ ...acme, options: own })),
      ),
      (table) => {
        try {
          for (const { length, fields: read } of vendorFromTable(table as unknown as VendorTable).options)
            for (const one of read) one.read(new DataView(new ArrayBuffer(124)), 0, typeof length === 'number' ? length : length[1])
        } catch (error) {
          expect(error).toBeInstanceOf(VendorTableError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
