import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat } from '../../src/testing/testing.ts'
import { AWS_EXAMPLES, parseRecord, RecordEncoder } from '../../src/vendors/aws/aws.ts'
import { AWS_FIELDS } from '../../src/vendors/aws/record/fields.ts'
import { decodeOptions, optionsIn, packetsOf } from './options.ts'
import { recordsOf, valueOrList } from './values.ts'

const encoder = new RecordEncoder()

test.each(AWS_FIELDS.map((field) => [field.name, field] as const))('%s: each value comes back', (name, field) => {
  fc.assert(
    fc.property(valueOrList(field), (value) => {
      const bytes = encoder.encode({ [name]: value })
      const decoded = decodeOptions(bytes)!
      expect(decoded.values).toEqual({ [name]: value })
      expect(decoded.entries.every(({ issue, number }) => issue === undefined && number === field.number)).toBe(true)
      expect(bytes.byteLength % 4).toBe(0)
    }),
    { numRuns: 60 },
  )
})

test('a record comes back as it was, in the order of its numbers, and its bytes are the same again', () => {
  fc.assert(
    fc.property(recordsOf(8), (record) => {
      for (const bytes of packetsOf(record)) {
        const decoded = decodeOptions(bytes)!
        expect(decoded.entries.filter(({ issue }) => issue !== undefined)).toEqual([])
        expect(encoder.encode(decoded.values)).toEqual(bytes)
        for (const [name, value] of Object.entries(decoded.values)) expect(value).toEqual(record[name])
        const numbers = decoded.entries.map(({ number }) => number)
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
      }
    }),
  )
})

test('options in any order say the same', () => {
  const LIST = 9
  fc.assert(
    fc.property(recordsOf(8), fc.array(fc.nat(), { minLength: 63, maxLength: 63 }), (record, ranks) => {
      const options = optionsIn(packetsOf(record)[0]!)
      const rank = new Map(options.map((option, index) => [option, option[2] === LIST ? ranks[0]! : ranks[index]!]))
      const mixed = options.toSorted((one, other) => rank.get(one)! - rank.get(other)!)
      expect(decodeOptions(concat(...mixed))!.values).toEqual(decodeOptions(concat(...options))!.values)
    }),
  )
})

test('what the encoder takes, JSON says too', () => {
  fc.assert(
    fc.property(recordsOf(6), (record) => {
      const json: unknown = JSON.parse(JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
      const parsed = parseRecord(json)
      // JSON has no -0.
      expect(parsed).toEqual({
        ok: true,
        values: Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value === 0 ? 0 : value])),
      })
    }),
  )
})

test.each(Object.entries(AWS_EXAMPLES))('the example of %s fits into one packet and comes back', (service, example) => {
  expect(example.service_type).toBe(service)
  const bytes = encoder.encode(example)
  expect(bytes.byteLength).toBeLessThanOrEqual(252)
  expect(decodeOptions(bytes)!.values).toEqual(example)
})
