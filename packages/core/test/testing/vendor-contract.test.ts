import { describe, expect, test } from 'vitest'
import type { Field } from '../../src/telemetry/field.ts'
import { testVendor } from '../../src/testing/testing.ts'
import type { OptionLayout, Vendor } from '../../src/vendors/vendor.ts'
import { failuresOf } from './outcomes.ts'

const unit: Field = {
  name: 'unit',
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'Which unit it was.',
  otel: 'acme.unit',
  ecs: 'geneve.acme.unit',
  influx: 'unit',
  read: (view, offset, end) => (end - offset === 4 ? view.getUint32(offset) : undefined),
  write: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? bytesOf(value) : undefined),
}
const layout: OptionLayout = { optionClass: 0xff01, type: 1, length: 4, fields: [unit], source: 'the ACME manual' }
const acme: Vendor = { name: 'Acme', options: [layout] }

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function withField(change: Partial<Field>): Vendor {
  return { ...acme, options: [{ ...layout, fields: [{ ...unit, ...change }] }] }
}

describe('a good table', () => {
  testVendor(acme, test)

  const half = (name: string, shift: number): Field => ({
    ...unit,
    name,
    otel: `acme.${name}`,
    ecs: `geneve.acme.${name}`,
    influx: name,
    read: (view, offset, end) => (end - offset === 4 ? (view.getUint32(offset) >>> shift) & 0xffff : undefined),
    write: (value) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) < 0x10000
        ? bytesOf((value as number) * 2 ** shift)
        : undefined,
  })
  testVendor({ name: 'Acme with reserved bits', options: [{ ...layout, name: 'padded', fields: [half('left', 16)] }] }, test)
  testVendor({ name: 'Acme with two in one', options: [{ ...layout, name: 'both', fields: [half('left', 16), half('right', 0)] }] }, test)

  const text = (least: number, most: number): Field<string> => ({
    ...unit,
    name: 'note',
    otel: 'acme.note',
    ecs: 'geneve.acme.note',
    influx: 'note',
    read(view, offset, end) {
      const bytes = Array.from({ length: end - offset }, (_, index) => view.getUint8(offset + index))
      const letters = String.fromCharCode(...bytes).replace(/\0*$/, '')
      return /^[ -~]+$/.test(letters) ? letters : undefined
    },
    write(value) {
      if (!/^[ -~]+$/.test(value) || value.length > most) return undefined
      const bytes = new Uint8Array(Math.max(least, Math.ceil(value.length / 4) * 4))
      for (let index = 0; index < value.length; index++) bytes[index] = value.charCodeAt(index)
      return bytes
    },
  })
  testVendor({ name: 'Acme of any length', options: [{ ...layout, length: [4, 124], fields: [text(4, 124)] }] }, test)
  testVendor({ name: 'Acme with two layouts', options: [layout, { ...layout, length: [8, 12], fields: [text(8, 12)] }] }, test)
})

const anyLength: OptionLayout = { ...layout, length: [4, 8] }

test.each<[string, Vendor, RegExp]>([
  ['no name', { ...acme, name: '' }, /no name/],
  ['no source', { ...acme, options: [{ ...layout, source: '' }] }, /no source/],
  ['a class of 17 bits', { ...acme, options: [{ ...layout, optionClass: 0x10000 }] }, /16 bits/],
  ['a type of 9 bits', { ...acme, options: [{ ...layout, type: 256 }] }, /8 bits/],
  ['half a word', { ...acme, options: [{ ...layout, length: 6 }] }, /31 words/],
  ['32 words', { ...acme, options: [{ ...layout, length: 128 }] }, /31 words/],
  ['an option twice', { ...acme, options: [layout, { ...layout, fields: [{ ...unit, name: 'other' }] }] }, /there twice/],
  [
    'two layouts of one length',
    { ...acme, options: [layout, { ...anyLength, fields: [{ ...unit, name: 'other' }] }] },
    /of 4 bytes is there twice/,
  ],
  ['lengths in the wrong order', { ...acme, options: [{ ...layout, length: [8, 4] }] }, /least length is above/],
  ['a scope of variable length', { ...acme, options: [{ ...anyLength, fields: [{ ...unit, role: 'scope' }] }] }, /has one length/],
  [
    'a field of variable length that writes another value',
    { ...acme, options: [{ ...anyLength, fields: [{ ...unit, write: () => bytesOf(1) }] }] },
    /written and read/,
  ],
  [
    'a field of variable length that writes too much',
    { ...acme, options: [{ ...anyLength, fields: [{ ...unit, write: () => new Uint8Array(12) }] }] },
    /is not written as an option/,
  ],
  ['a name twice in an option', { ...acme, options: [{ ...layout, name: 'both', fields: [unit, unit] }] }, /different names/],
  [
    'a name with two meanings',
    { ...acme, options: [layout, { ...layout, type: 2, fields: [{ ...unit, ecs: 'other' }] }] },
    /in another option/,
  ],
  ['a name that is taken', withField({ name: 'vni' }), /has already/],
  ['a camelCase name', withField({ name: 'theUnit' }), /snake_case/],
  ['no documentation', withField({ doc: '' }), /no doc/],
  ['a scope of 4 bytes', withField({ role: 'scope' }), /scope/],
  [
    'a field that looks behind its end',
    withField({ read: (view, offset) => (view.byteLength >= offset + 8 ? view.getUint32(offset + 4) : undefined) }),
    /amid/,
  ],
  ['a field that throws on short data', withField({ read: (view, offset) => view.getUint32(offset) }), /bounds/],
  ['a field that reads nothing', withField({ read: () => undefined }), /reads nothing/],
  [
    'a field that loses bits',
    withField({ read: (view, offset, end) => (end - offset === 4 ? view.getUint32(offset) & 0xff : undefined) }),
    /written/,
  ],
  ['a field that cannot write', withField({ write: () => undefined }), /not written/],
  ['a field that writes anything', withField({ write: (value) => bytesOf(Number(value)) }), /unit of/],
])('%s is found', async (_, vendor, message) => {
  const failures = Object.values(await failuresOf((declare) => testVendor(vendor, declare)))
  expect(
    failures.some((failure) => message.test(failure)),
    failures.join('\n'),
  ).toBe(true)
})
