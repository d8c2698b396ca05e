import { expect, test } from 'vitest'
import type { Field } from '../src/telemetry/field.ts'
import { hex } from '../src/testing/hex.ts'
import { amazon } from '../src/vendors/aws/amazon.ts'
import { awsGwlb } from '../src/vendors/aws/gwlb.ts'
import { lengthsOf, OptionTable } from '../src/vendors/option-table.ts'
import { describeOptions } from '../src/vendors/option-text.ts'
import type { OptionLayout, Vendor } from '../src/vendors/vendor.ts'

const byte = (name: string, at: number): Field<number> => ({
  name,
  instrument: 'gauge',
  unit: '1',
  cardinality: 'bounded',
  doc: 'A byte.',
  otel: `geneve.${name}`,
  ecs: `geneve.${name}`,
  influx: name,
  read: (view, offset) => view.getUint8(offset + at),
  write: (value) => Uint8Array.of(value, 0, 0, 0),
})

const layout = (fields: Partial<OptionLayout> = {}): OptionLayout => ({
  optionClass: 0xfff0,
  type: 1,
  length: 4,
  fields: [byte('first', 0)],
  source: 'test',
  ...fields,
})
const vendor = (...options: readonly OptionLayout[]): Vendor => ({ name: 'Example', options })
const describe = (bytes: string, ...vendors: readonly Vendor[]) => {
  const data = hex(bytes)
  return describeOptions(new DataView(data.buffer), 0, data.byteLength, new OptionTable(vendors))[0]
}

test.each<[string, Partial<OptionLayout>]>([
  ['a class is 0 to 0xffff', { optionClass: 0x10000 }],
  ['a type is 0 to 255', { type: 256 }],
  ['length 6 is not 0 to 124', { length: 6 }],
  ['length 128 is not 0 to 124', { length: 128 }],
  ['length 126 is not 0 to 124', { type: 3, length: [4, 126] }],
  ['the least length, 12, is above the most, 8', { type: 3, length: [12, 8] }],
  ['first is a scope, so the option needs one length', { type: 3, length: [8, 12], fields: [{ ...byte('first', 0), role: 'scope' }] }],
  ['with 2 fields the option needs a name', { fields: [byte('first', 0), byte('second', 1)] }],
  ['is in the table twice with 4 bytes', {}],
  ['is in the table twice with 4 bytes', { length: [0, 8] }],
])('refuses a table where %s', (message, fields) => {
  expect(() => new OptionTable([vendor(layout()), vendor(layout({ type: 2 }), layout(fields))])).toThrow(message)
})

test('refuses options of a class whose options are the fields of a telemetry record', () => {
  const other = vendor(layout({ optionClass: 0x0105 }))
  expect(() => new OptionTable([amazon, other])).toThrow(
    "vendor Example: it has options of class 0x0105, and Amazon's telemetry record needs a class to itself",
  )
  expect(() => new OptionTable([amazon, { ...amazon, name: 'Other', options: [] }])).toThrow(
    'has a telemetry record of class 0x0105 already',
  )
})

test.each(['__proto__', 'constructor', 'toString'])('refuses the name %s, which is a property of every object', (name) => {
  const message = `the name ${name} is taken`
  expect(() => new OptionTable([{ ...vendor(layout()), name }])).toThrow(message)
  expect(() => new OptionTable([vendor(layout({ name }))])).toThrow(message)
  expect(() => new OptionTable([vendor(layout({ fields: [byte(name, 0)] }))])).toThrow(message)
})

test('finds an option by class, type and just its length', () => {
  const table = new OptionTable([awsGwlb])
  expect(table.find(0x010801, 8)).toMatchObject({ vendor: 'Amazon', layout: { type: 1 } })
  for (const length of [0, 4, 12, 124]) expect(table.find(0x010801, length)).toBeUndefined()
  expect(table.find(0x010804, 8)).toBeUndefined()
  expect(table.find(0x010901, 8)).toBeUndefined()
  expect(table.roles).toEqual([
    { optionClass: 0x0108, type: 1, length: 8, role: 'scope' },
    { optionClass: 0x0108, type: 3, length: 4, role: 'cookie' },
  ])
})

test('finds an option of variable length by any of its lengths, and layouts of one type by theirs', () => {
  const [short, long] = [layout({ length: [0, 8], fields: [byte('short', 0)] }), layout({ length: 20, fields: [byte('long', 0)] })]
  const table = new OptionTable([vendor(short, long)])
  const id = 0xfff001
  expect([0, 4, 8, 12, 16, 20, 24].map((length) => table.find(id, length)?.layout)).toEqual([
    short,
    short,
    short,
    undefined,
    undefined,
    long,
    undefined,
  ])
  expect(table.find(id + 1, 0)).toBeUndefined()
  expect([short, long].map(lengthsOf)).toEqual([
    [0, 8],
    [20, 20],
  ])
})

test('describes an option with one field by its field', () => {
  expect(describe('0108 01 02 27e34706d70df471', awsGwlb)).toEqual({
    class: '0x0108',
    type: 1,
    critical: false,
    length: 8,
    data: '27e34706d70df471',
    vendor: 'Amazon',
    name: 'gwlb_endpoint_id',
    value: 'vpce-027e34706d70df471',
  })
})

test('describes an option with several fields by its own name', () => {
  const both = layout({ type: 0x81, name: 'pair', fields: [byte('first', 0), byte('second', 3)] })
  expect(describe('fff0 81 01 0a00000b', vendor(both))).toMatchObject({
    type: 129,
    critical: true,
    name: 'pair',
    value: { first: 10, second: 11 },
  })
})

test('an option of which no field has a value is not decoded', () => {
  const nothing = { ...byte('none', 0), read: () => undefined }
  const both = layout({ name: 'pair', fields: [nothing, { ...nothing, name: 'neither' }] })
  expect(describe('fff0 01 01 0a00000b', vendor(both))).not.toHaveProperty('value')
})

test('says whose an option is that nobody decodes, and nothing of what is nobody’s', () => {
  expect(describe('0102 80 01 00090006')).toEqual({
    class: '0x0102',
    type: 128,
    critical: true,
    length: 4,
    data: '00090006',
    vendor: 'OVN',
  })
  expect(describe('0001 7f 00')).toEqual({ class: '0x0001', type: 127, critical: false, length: 0, data: '' })
  expect(describe('0108 01 01 00000000', awsGwlb)).toEqual({
    class: '0x0108',
    type: 1,
    critical: false,
    length: 4,
    data: '00000000',
    vendor: 'Amazon',
  })
})

test('describes a flow by the options with a role', () => {
  const table = new OptionTable([awsGwlb])
  const data = new DataView(hex('27e34706d70df471 7a846ce4').buffer)
  expect(table.describeFlow(0x010801, 0x010803, data)).toEqual({
    Amazon: { gwlb_endpoint_id: 'vpce-027e34706d70df471', flow_cookie: '7a846ce4' },
  })
  expect(table.describeFlow(0x010801, -1, data)).toEqual({ Amazon: { gwlb_endpoint_id: 'vpce-027e34706d70df471' } })
  expect(table.describeFlow(-1, -1, data)).toBeUndefined()
})
