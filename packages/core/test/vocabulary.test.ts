import { expect, test } from 'vitest'
import type { Field } from '../src/telemetry/field.ts'
import { flowId, originOf, packetId } from '../src/telemetry/identity.ts'
import { ATTRIBUTES, MEASURES } from '../src/telemetry/names.ts'
import type { Vendor } from '../src/vendors/vendor.ts'
import { measureName, unlistedName, valueTypeOf, vocabulary } from '../src/vendors/vocabulary.ts'

const field = (name: string): Field => ({
  name,
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'A field.',
  otel: `geneve.${name}`,
  ecs: `geneve.${name}`,
  influx: name,
  read: () => undefined,
  write: () => undefined,
})

const vendor = (name: string, ...fields: readonly Field[]): Vendor => ({
  name,
  options: fields.map((each, type) => ({ optionClass: 0xfff0, type, length: 4, fields: [each], source: 'test' })),
})

test('holds all attributes and all fields of the vendors', () => {
  const endpoint = field('endpoint_id')
  const names = vocabulary([vendor('Example', endpoint, field('cookie'))])
  expect(names.get('endpoint_id')).toBe(endpoint)
  expect([...names.keys()]).toEqual([...ATTRIBUTES.map(({ name }) => name), 'endpoint_id', 'cookie'])
})

test('a vendor may say one field in several options', () => {
  expect(() => vocabulary([vendor('Example', field('cookie'), field('cookie'))])).not.toThrow()
})

test('one name has one meaning', () => {
  expect(() => vocabulary([vendor('One', field('cookie')), vendor('Two', field('cookie'))])).toThrow(
    'vendors: the field "cookie" of Two has the name cookie, which One cookie has already',
  )
  expect(() => vocabulary([vendor('One', field('vni'))])).toThrow('has the name vni, which geneve-telemetry vni has already')
  for (const world of ['otel', 'ecs', 'influx'] as const) {
    const other = { ...field('other'), [world]: field('cookie')[world] }
    expect(() => vocabulary([vendor('One', field('cookie'), other)])).toThrow(
      `has the ${world} ${field('cookie')[world]}, which One cookie has`,
    )
  }
})

test('figures are named by their measurement, what stands in no table under geneve', () => {
  for (const [measurement, names] of Object.entries(MEASURES)) {
    for (const name of names) expect(measureName(measurement, name.name)).toBe(name)
  }
  expect(measureName('traffic', 'jumps')).toMatchObject({
    otel: 'geneve.traffic.jumps',
    ecs: 'geneve.traffic.jumps',
    influx: 'geneve_traffic_jumps',
  })
  expect(measureName('__proto__', 'packets')).toMatchObject({ otel: 'geneve.__proto__.packets' })
  expect(measureName('tcp', 'packets')).toMatchObject({ otel: 'geneve.tcp.packets' })
  expect(unlistedName('color')).toMatchObject({ name: 'color', otel: 'geneve.color', ecs: 'geneve.color', influx: 'geneve_color' })
})

test('values are what the table says, else texts of what names a thing and whole numbers of what is counted', () => {
  const name = unlistedName('a')
  for (const instrument of ['identity', 'state'] as const) expect(valueTypeOf({ ...name, instrument })).toBe('text')
  for (const instrument of ['gauge', 'counter', 'delta'] as const) expect(valueTypeOf({ ...name, instrument })).toBe('integer')
  expect(valueTypeOf({ ...name, instrument: 'counter', type: 'float' })).toBe('float')
})

test('an id begins with its origin', () => {
  expect(originOf(packetId('0a1b', 17))).toBe('0a1b')
  expect(originOf(flowId('0a1b', 17))).toBe('0a1b')
  expect(originOf('alone')).toBe('alone')
  expect(originOf('')).toBe('')
})
