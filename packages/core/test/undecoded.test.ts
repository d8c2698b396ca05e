import { expect, test } from 'vitest'
import { GeneveParser } from '../src/parser.ts'
import type { Field } from '../src/telemetry/field.ts'
import { geneveDatagram, hex } from '../src/testing/testing.ts'

test.each([
  ['unassigned-class', 0x0200, 1, '00000000'],
  ['unassigned-class', 0x0000, 0x80, '00000000'],
  ['experimental-class', 0xff00, 1, '00000000'],
  ['no-public-format', 0x0104, 1, '00000000'],
  ['unknown-type', 0x0108, 9, '00000000'],
  ['other-length', 0x0108, 1, '00000000'],
  ['other-length', 0x014b, 0x81, '000000000000000000000000'],
  [undefined, 0x0108, 3, '00000000'],
])('%s: class %i, type %i, data %s', (reason, optionClass, type, data) => {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(geneveDatagram({ options: [{ class: optionClass, type, data: hex(data) }] }))
  expect(result.ok && result.value.enterpriseOptions[0]?.undecoded).toBe(reason)
})

test.each<[reason: string, read: Field['read']]>([
  ['no-value', () => undefined],
  ['reader-failed', (view) => view.getUint32(1000)],
])('%s: an option that a table has, but no value for these bytes', (reason, read) => {
  const note = {
    name: 'note',
    instrument: 'state',
    unit: '',
    cardinality: 'bounded',
    doc: 'A note.',
    otel: 'note',
    ecs: 'note',
    influx: 'note',
    read,
    write: () => undefined,
  } as const
  const parser = new GeneveParser({
    vendors: [{ name: 'Acme', options: [{ optionClass: 0xff01, type: 1, length: 4, fields: [note], source: 'test' }] }],
  })
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(geneveDatagram({ options: [{ class: 0xff01, type: 1, data: hex('ffffffff') }] }))
  expect(result).toMatchObject({ value: { enterpriseOptions: [{ vendorName: 'Acme', decoded: false, undecoded: reason }] } })
})

test('a field of a telemetry record: what is wrong with it', () => {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(geneveDatagram({ options: [{ class: 0x0105, type: 126, data: hex('00000000') }] }))
  expect(result).toMatchObject({ value: { enterpriseOptions: [{ vendorName: 'Amazon', undecoded: 'unknown-number' }] } })
})
