import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, geneveOption, hex } from '../../src/testing/testing.ts'
import { awsRecord, RecordEncoder } from '../../src/vendors/aws/aws.ts'
import { AWS_FIELDS } from '../../src/vendors/aws/record/fields.ts'
import { decodeOptions, optionsIn, packetsOf, RECORD_CLASS } from './options.ts'
import { recordsOf } from './values.ts'

const option = (type: number, data: string): Uint8Array => geneveOption({ class: RECORD_CLASS, type, data: hex(data) })
const encoder = new RecordEncoder()

/** The region, which stands whatever is wrong beside it. */
const REGION = encoder.encode({ region: 'us-east-1' })

test.each([
  ['a number that no field has', option(15, '00000001'), 15, 'unknown-number', undefined],
  ['number 0', option(0, '00000001'), 0, 'unknown-number', undefined],
  ['an extended number that no field has', option(127, 'ffff0001'), 0xffff, 'unknown-number', undefined],
  ['an extended option without a number', option(127, ''), 127, 'wrong-length', undefined],
  ['a critical bit', option(0x80 | 17, '000000fa'), 17, 'critical', undefined],
  ['a u32 of 8 bytes', option(17, '00000000000000fa'), 17, 'wrong-length', undefined],
  ['a u64 of 4 bytes', option(16, '000000fa'), 16, 'wrong-length', undefined],
  ['no bytes at all', option(17, ''), 17, 'wrong-length', undefined],
  ['an identifier of 8 bytes', option(6, '1234567800000000'), 6, 'wrong-length', undefined],
  ['an address of 8 bytes', option(30, '0a00000100000000'), 30, 'wrong-length', undefined],
  ['an account of 13 digits', option(2, '000000e8d4a51000'), 2, 'impossible-value', undefined],
  ['an identifier of 18 digits', option(6, '10000000000000000000 0000'), 6, 'impossible-value', undefined],
  ['a bool of 2', option(112, '02000000'), 112, 'impossible-value', undefined],
  ['a float that is NaN', option(18, '7fc00000'), 18, 'impossible-value', undefined],
  ['a float that is infinite', option(18, 'ff800000'), 18, 'impossible-value', undefined],
  ['a double that is infinite', option(102, '7ff0000000000000'), 102, 'impossible-value', undefined],
  ['a text that is not UTF-8', option(26, 'ff000000'), 26, 'impossible-value', undefined],
  ['an empty text', option(26, '00000000'), 26, 'impossible-value', undefined],
  ['a choice that there is not', option(25, '4d415942'), 25, 'impossible-value', undefined],
  ['a VLAN above 4095', option(127, '00c21000'), 194, 'impossible-value', undefined],
  ['a connection in capitals', option(127, '00c0 6478636f6e2d4646 0000'), 192, 'impossible-value', undefined],
  ['padding behind a port', option(32, '01bb0001'), 32, 'padding', { source_port: 443 }],
  ['padding behind a text', option(26, '74637000 61000000'), 26, 'padding', { protocol: 'tcp' }],
  ['padding behind an identifier', option(6, '00123456789abcdef0 000001'), 6, 'padding', { vpc_id: 'vpc-0123456789abcdef0' }],
  ['a word of padding too much', option(26, '7463700000000000'), 26, 'not-shortest', { protocol: 'tcp' }],
  ['a small number in an extended option', option(127, '0011000000fa0000'), 17, 'not-shortest', { latency: 250 }],
  ['an ARN whose account is not known', option(97, '78000000'), 97, 'no-head', { lb_arn: 'x' }],
])('%s is an issue of that field alone', (_, bytes, number, issue, value) => {
  for (const area of [concat(REGION, bytes), concat(bytes, REGION)]) {
    const { values, entries } = decodeOptions(area)!
    expect(values).toEqual({ region: 'us-east-1', ...value })
    const entry = entries.find((each) => each.number === number)
    expect(entry?.issue).toBe(issue)
    expect(entry?.value).toEqual(value === undefined ? undefined : Object.values(value)[0])
    expect(entries).toHaveLength(2)
  }
})

test('of a field that is there twice the first one stands; a list goes on', () => {
  const { values, entries } = decodeOptions(
    concat(option(17, '00000001'), option(17, '00000002'), option(9, '12345678'), option(9, '00000001')),
  )!
  expect(values).toEqual({ latency: 1, security_groups: ['sg-12345678', 'sg-00000001'] })
  expect(entries.map(({ value, issue }) => [value, issue])).toEqual([
    [1, undefined],
    [undefined, 'duplicate'],
    [['sg-12345678'], undefined],
    [['sg-00000001'], undefined],
  ])
})

test('options of another class are no part of it', () => {
  const other = geneveOption({ class: 0x0108, type: 17, data: hex('000000fa') })
  expect(decodeOptions(other)).toBeUndefined()
  expect(decodeOptions(new Uint8Array())).toBeUndefined()
  expect(decodeOptions(concat(other, REGION))!.entries).toEqual([expect.objectContaining({ offset: 8, number: 3 })])
})

test('whatever the bytes are, each option has an entry, nothing outside is read, nothing throws', () => {
  const numbers = AWS_FIELDS.map(({ number }) => number)
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 124 }),
    fc.string({ maxLength: 124 }).map((text) => new TextEncoder().encode(text).subarray(0, 124)),
  )
  const any = fc.tuple(fc.oneof(fc.constantFrom(...numbers), fc.nat(255)), data).map(([number, bytes]) => {
    const whole = concat(...(number < 128 ? [] : [Uint8Array.of(0, number)]), bytes).subarray(0, 124)
    const padded = new Uint8Array(Math.ceil(whole.byteLength / 4) * 4)
    padded.set(whole)
    return geneveOption({ class: RECORD_CLASS, type: Math.min(number, 127), data: padded })
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), fc.nat(255), (options, poison) => {
      const bytes = concat(...options)
      const alone = decodeOptions(bytes)
      expect(alone?.entries.length ?? 0).toBe(options.length)
      const amid = new Uint8Array(bytes.byteLength + 512).fill(poison)
      amid.set(bytes, 256)
      const there = awsRecord().decode(new DataView(amid.buffer), 256, 256 + bytes.byteLength)
      expect(there?.values).toEqual(alone?.values)
      expect(there?.entries.map(({ offset, ...entry }) => ({ ...entry, offset: offset - 256 }))).toEqual(
        alone?.entries.map((entry) => ({ ...entry })),
      )
    }),
    { numRuns: 500 },
  )
})

test('an option cut short is an issue or another value of that field, never of its neighbours', () => {
  // Heads of ARNs are made of other fields, which is the one thing that a field has of another.
  const fields = recordsOf(4).filter((record) => Object.keys(record).every((name) => !name.endsWith('_arn')))
  const said = (options: readonly Uint8Array[], without: number): string =>
    (decodeOptions(concat(...options))?.entries ?? [])
      .filter((_, place) => place !== without)
      .map(({ value, issue }) => `${String(value)} ${issue}`)
      .join()
  fc.assert(
    fc.property(fields, (record) => {
      for (const bytes of packetsOf(record)) {
        const options = optionsIn(bytes)
        for (const [index, each] of options.entries()) {
          const cuts = Array.from({ length: each.byteLength / 4 - 1 }, (_, words) => each.subarray(4, 4 + words * 4))
          const type = each[2]!
          const others = cuts.map((data) => said(options.with(index, geneveOption({ class: RECORD_CLASS, type, data })), index))
          expect(new Set(others)).toEqual(new Set(cuts.length === 0 ? [] : [said(options, index)]))
        }
      }
    }),
  )
})
