import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Field } from '../src/telemetry/field.ts'
import { hex, testVendor } from '../src/testing/testing.ts'
import { readBits, writeBits } from '../src/vendors/table/bits.ts'
import type { TableField, TableOption, VendorTable } from '../src/vendors/table/vendor-table.ts'
import { vendorFromTable } from '../src/vendors/vendors.ts'
import { addressText } from '../src/wire/address.ts'
import { addressBytes, hardwareBytes } from '../src/wire/address-bytes.ts'

const field: TableField = { name: 'acme_x', type: 'uint', doc: 'A value.' }
const option: TableOption = { class: 0xff01, type: 1, length: 4, fields: [field] }
const acme: VendorTable = { vendor: 'Acme', source: 'the Acme manual', options: [option] }

const withField = (change: Partial<TableField>, length: TableOption['length'] = 4): VendorTable => ({
  ...acme,
  options: [{ ...option, length, fields: [{ ...field, ...change }] }],
})

function fieldOf(change: Partial<TableField>, length: TableOption['length'] = 4): Field {
  return vendorFromTable(withField(change, length)).options[0]!.fields[0]!
}

describe('values', () => {
  test.each<[Partial<TableField>, TableOption['length'], string, unknown]>([
    [{ type: 'uint' }, 4, 'ffffffff', 0xffff_ffff],
    [{ type: 'uint' }, 8, 'ffffffffffffffff', 2n ** 64n - 1n],
    [{ type: 'uint' }, 8, '001fffffffffffff', Number.MAX_SAFE_INTEGER],
    [{ type: 'uint' }, 8, '0020000000000000', 2n ** 53n],
    [{ type: 'uint', offset: 1, bytes: 2 }, 4, '00010200', 0x0102],
    [{ type: 'uint', bits: [4, 15] }, 4, '0abc0000', 0xabc],
    [{ type: 'uint', bits: 31 }, 4, '00000001', 1],
    [{ type: 'int' }, 4, 'fffffffe', -2],
    [{ type: 'int' }, 8, '8000000000000000', -(2n ** 63n)],
    [{ type: 'int', bits: [0, 3] }, 4, '80000000', -8],
    [{ type: 'boolean' }, 4, '01000000', true],
    [{ type: 'boolean' }, 4, '00000000', false],
    [{ type: 'boolean', bits: 7 }, 4, '01000000', true],
    [{ type: 'boolean' }, 0, '', true],
    [{ type: 'float32' }, 4, '3dcccccd', 0.1],
    [{ type: 'float64' }, 8, '3fb999999999999a', 0.1],
    [{ type: 'hex' }, 4, '0123abcd', '0123abcd'],
    [{ type: 'hex', offset: 4 }, [8, 124], '00000000 0123abcd', '0123abcd'],
    [{ type: 'text' }, 8, '6772c3bc 00000000', 'grü'],
    [{ type: 'text' }, [4, 124], '616263640000 0000', 'abcd'],
    [{ type: 'ipv4' }, 4, 'c0000201', '192.0.2.1'],
    [{ type: 'ipv6' }, 16, '20010db8000000000000000000000001', '2001:db8::1'],
    [{ type: 'address' }, [4, 16], 'c0000201', '192.0.2.1'],
    [{ type: 'address' }, [4, 16], '20010db8000000000000000000000001', '2001:db8::1'],
    [{ type: 'mac', offset: 2 }, 8, '0000 0200000000ff', '02:00:00:00:00:ff'],
    [{ type: 'uint', values: { 0: 'off', 1: 'on' } }, 4, '00000001', 'on'],
    [{ type: 'uint', values: { 0: 'off', 1: 'on' } }, 4, '00000002', '2'],
  ])('%j of %j bytes: %s is %s, and is written so', (change, length, data, value) => {
    const one = fieldOf(change, length)
    const bytes = hex(data)
    expect(one.read(new DataView(bytes.buffer), 0, bytes.byteLength)).toBe(value)
    const written = one.write(value)!
    expect(one.read(new DataView(written.buffer), 0, written.byteLength)).toBe(value)
    if (written.byteLength === bytes.byteLength) expect(written).toEqual(bytes)
  })

  test.each<[Partial<TableField>, TableOption['length'], string]>([
    [{ type: 'boolean' }, 4, '02000000'],
    [{ type: 'float32' }, 4, '7fc00000'],
    [{ type: 'float64' }, 8, '7ff0000000000000'],
    [{ type: 'text' }, 4, 'ff000000'],
    [{ type: 'text' }, 4, '61006200'],
    [{ type: 'text' }, 4, '00000000'],
    [{ type: 'address' }, [4, 16], '0000000000000000'],
    [{ type: 'uint', bits: [32, 63] }, [4, 8], '00000000'],
    [{ type: 'uint', bytes: 4 }, 4, '0000000000000000'],
  ])('%j of %j bytes: %s is no value', (change, length, data) => {
    const bytes = hex(data)
    expect(fieldOf(change, length).read(new DataView(bytes.buffer), 0, bytes.byteLength)).toBeUndefined()
  })

  test.each<[Partial<TableField>, TableOption['length'], unknown]>([
    [{ type: 'uint', bytes: 1 }, 4, 256],
    [{ type: 'uint' }, 4, -1],
    [{ type: 'int', bytes: 1 }, 4, 128],
    [{ type: 'uint' }, 4, '1'],
    [{ type: 'uint', values: { 1: 'on' } }, 4, 'up'],
    [{ type: 'uint', values: { 1: 'on' } }, 4, '1'],
    [{ type: 'boolean' }, 0, false],
    [{ type: 'float32' }, 4, 2 ** 200],
    [{ type: 'float64' }, 8, Number.NaN],
    [{ type: 'hex' }, 4, '0123'],
    [{ type: 'hex', offset: 4 }, [8, 124], '012345'],
    [{ type: 'text' }, 4, 'abcde'],
    [{ type: 'text' }, 4, 'a\0b'],
    [{ type: 'text' }, 4, '\ud800'],
    [{ type: 'ipv4' }, 4, '::1'],
    [{ type: 'ipv6' }, 16, '192.0.2.1'],
    [{ type: 'mac', bytes: 6 }, 8, '02-00-00-00-00-01'],
  ])('%j of %j bytes: %s cannot be written', (change, length, value) => {
    expect(fieldOf(change, length).write(value)).toBeUndefined()
  })

  test('bits are read as they are written, amid others', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 64 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (first, count, any) => {
        const value = BigInt.asUintN(count, any)
        const bytes = new Uint8Array(16).map((_, at) => (at < first >> 3 || at > (first + count - 1) >> 3 ? 0xff : 0))
        writeBits(bytes, first, count, value)
        const read = readBits(new DataView(bytes.buffer), 0, first, count)
        expect(BigInt(read)).toBe(value)
        expect(typeof read).toBe(value > BigInt(Number.MAX_SAFE_INTEGER) ? 'bigint' : 'number')
      }),
    )
  })

  test('addresses are read in each of their forms', () => {
    const bytes = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    fc.assert(
      fc.property(bytes, (address) => {
        const text = addressText(new DataView(address.buffer, address.byteOffset), 0, address.length === 4 ? 4 : 6)
        expect(addressBytes(text)).toEqual(address)
      }),
    )
    const mapped = hex('00000000000000000000ffffc0000201')
    for (const text of ['::ffff:192.0.2.1', '0:0:0:0:0:ffff:192.0.2.1', '::FFFF:c000:201']) expect(addressBytes(text)).toEqual(mapped)
    for (const text of ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1::2::3', ':1:2', '::1.2.3.4:5', '1.2.3.4::', '1:2:3:4:5:6:7', '12345::'])
      expect(addressBytes(text), text).toBeUndefined()
    expect(hardwareBytes('02:00:00:00:00')).toBeUndefined()
  })
})

describe('names', () => {
  test('are derived from the vendor and the field', () => {
    const vendor = vendorFromTable({
      ...acme,
      vendor: 'Acme Networks, Inc.',
      options: [{ ...option, fields: [{ ...field, name: 'depth' }] }],
    })
    expect(vendor.options[0]!.fields[0]).toMatchObject({
      name: 'depth',
      otel: 'geneve.acme_networks_inc.depth',
      ecs: 'geneve.acme_networks_inc_depth',
      influx: 'acme_networks_inc_depth',
    })
    expect(fieldOf({ name: 'acme_depth' })).toMatchObject({ otel: 'geneve.acme.depth', ecs: 'geneve.acme_depth', influx: 'acme_depth' })
  })

  test('are those that are given', () => {
    const names = { otel: 'a.b', ecs: 'c.d', influx: 'e', unit: 'ms', instrument: 'counter', cardinality: 'bounded' } as const
    expect(fieldOf(names)).toMatchObject(names)
  })

  test.each<[Partial<TableField>, object]>([
    [{ type: 'uint' }, { instrument: 'gauge', type: 'integer', cardinality: 'unbounded', unit: '' }],
    [{ type: 'float32' }, { instrument: 'gauge', type: 'float' }],
    [{ type: 'boolean' }, { instrument: 'state', type: 'boolean', cardinality: 'bounded' }],
    [
      { type: 'uint', values: { 1: 'on' } },
      { instrument: 'state', type: 'text', cardinality: 'bounded' },
    ],
    [{ type: 'ipv4' }, { instrument: 'identity', type: 'address', cardinality: 'unbounded' }],
    [{ type: 'text' }, { instrument: 'identity', type: 'text' }],
  ])('%j is %j unless it is said otherwise', (change, expected) => {
    expect(fieldOf(change)).toMatchObject(expected)
  })

  test('a role and the sources of table and option are kept', () => {
    expect(fieldOf({ role: 'cookie' }).role).toBe('cookie')
    const sources = vendorFromTable({ ...acme, options: [option, { ...option, type: 2, source: 'page 2' }] }).options.map(
      ({ source }) => source,
    )
    expect(sources).toEqual(['the Acme manual', 'page 2'])
  })
})

testVendor(
  vendorFromTable({
    vendor: 'Acme',
    source: 'the Acme manual',
    options: [
      {
        class: 0xff01,
        type: 1,
        length: 12,
        name: 'acme_all',
        fields: [
          { ...field, name: 'acme_low', bits: [0, 2] },
          { ...field, name: 'acme_flag', type: 'boolean', bits: 3 },
          { ...field, name: 'acme_signed', type: 'int', bits: [4, 31] },
          { ...field, name: 'acme_mode', offset: 4, bytes: 1, values: { 0: 'off', 7: 'on' } },
          { ...field, name: 'acme_mac', type: 'mac', offset: 5 },
        ],
      },
      { class: 0xff01, type: 2, length: 8, fields: [{ ...field, name: 'acme_double', type: 'float64' }] },
      { class: 0xff01, type: 3, length: 4, fields: [{ ...field, name: 'acme_single', type: 'float32' }] },
      { class: 0xff01, type: 4, length: [4, 124], fields: [{ ...field, name: 'acme_text', type: 'text' }] },
      { class: 0xff01, type: 5, length: [4, 124], fields: [{ ...field, name: 'acme_hex', type: 'hex' }] },
      { class: 0xff01, type: 6, length: [4, 16], fields: [{ ...field, name: 'acme_address', type: 'address' }] },
      { class: 0xff01, type: 7, length: 0, fields: [{ ...field, name: 'acme_marker', type: 'boolean' }] },
      { class: 0xff01, type: 8, length: 8, fields: [{ ...field, name: 'acme_scope', role: 'scope', type: 'hex' }] },
    ],
  }),
  test,
)
