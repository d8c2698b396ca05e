import { isRejected, type ToldRecord, type ToldValue, type Vendor, valueTypeOf } from '@geneve-telemetry/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyTold, gateway, told, WHOLE } from '../../../test/example-gateway.ts'
import { type Dialect, type InfluxdbOptions, influxdb } from '../src/index.ts'
import { type Point, parseLines } from './parser.ts'

const FIELDS = gateway.record!.fields

function pointOf(record: ToldRecord, options: InfluxdbOptions = {}): Point {
  const encoded = influxdb({ vendors: [gateway], ...options }).encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const [point, ...more] = parseLines(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(encoded.bytes), true)
  expect(more).toEqual([])
  return point!
}

const rejection = (values: Record<string, ToldValue>, dialect: Dialect = 'v2') =>
  influxdb({ vendors: [gateway], dialect }).encode(told(values))

test('each type of value is written as what it is', () => {
  expect(pointOf(told(WHOLE))).toEqual({
    measurement: 'geneve_telemetry_gateway_id',
    tags: {
      observer: 'tap-1',
      origin: '0a1b',
      vendor: 'Example',
      subject: 'gateway-0123456789abcdef',
      gateway_zone: 'a',
      gateway_region: 'eu-1',
      gateway_vlan: '7',
    },
    fields: {
      told_reason: { string: 'new' },
      told_packets: '1200i',
      gateway_gateway_id: { string: 'gateway-0123456789abcdef' },
      gateway_groups: { string: '["group-2","group-1"]' },
      gateway_addresses: { string: '["192.0.2.1","2001:db8::1"]' },
      gateway_peer: { string: '192.0.2.2' },
      gateway_peer_port: '443i',
      gateway_status: { string: 'available' },
      gateway_is_shared: 'false',
      gateway_connections: '55i',
      gateway_level: '-12i',
      gateway_load: '0.1',
      gateway_rate: '18446744073709551615u',
      gateway_drops: '0i',
      gateway_octets: '9007199254740993u',
    },
    time: '1795428000123456789',
  })
})

test('any number comes back as it is, always of the same type', () => {
  const suffix = { unsigned64: 'u', float: '', integer: 'i', text: 'i', boolean: '', address: '' }
  fc.assert(
    fc.property(anyTold, (record) => {
      const { fields } = pointOf(record)
      for (const field of FIELDS) {
        const value = record.values[field.name]
        if (field.instrument === 'identity' || (typeof value !== 'number' && typeof value !== 'bigint')) continue
        const type = valueTypeOf(field)
        const written = fields[field.influx]
        // Minus nothing is nothing.
        if (type === 'float') expect(Number(written)).toBe(Number(value) + 0)
        else expect(written).toBe(`${value}${suffix[type]}`)
      }
    }),
    { numRuns: 300 },
  )
})

describe('no point overwrites another', () => {
  const identity = (record: ToldRecord): string => {
    const { measurement, tags, time } = pointOf(record)
    return JSON.stringify([measurement, tags, time])
  }
  const one = told(WHOLE)

  test.each<[string, ToldRecord]>([
    ['two subjects of the same nanosecond', { ...one, subject: { ...one.subject, id: 'gateway-1' } }],
    ['two kinds of subjects with the same name', { ...one, subject: { ...one.subject, type: 'flow' } }],
    ['two vendors', { ...one, vendor: 'Other' }],
    ['two captures of the same time', { ...one, id: 'fedc-t1-fff1-new' }],
    ['two observers', { ...one, observer: 'tap-2' }],
    ['two times', { ...one, time: { ...one.time, nanos: 1 } }],
  ])('%s', (_, other) => {
    expect(identity(other)).not.toBe(identity(one))
  })

  test('and a state that changes begins no new series', () => {
    const other = { ...WHOLE, status: 'failed', is_shared: true, peer: '192.0.2.3', groups: [] }
    expect(identity({ ...one, reason: 'change', values: other })).toBe(identity(one))
  })
})

test('what no packet carried since the point before takes nothing from that', () => {
  const end = told({}, { reason: 'end', packets: 0 })
  expect(pointOf(end).fields).toEqual({ told_reason: { string: 'end' } })
  expect(pointOf(end, { dialect: 'victoriametrics' }).fields).toEqual({ told_packets: '0i' })
})

test('InfluxDB 1 has signed integers alone: what is above them is rejected, and counted by its reason', () => {
  const { fields } = pointOf(told({ octets: 2n ** 63n - 1n, rate: 1 }), { dialect: 'v1' })
  expect(fields).toMatchObject({ gateway_octets: '9223372036854775807i', gateway_rate: '1i' })
  expect(rejection({ octets: 2n ** 63n }, 'v1')).toEqual({
    rejected: 'gateway_octets is 9223372036854775808: an integer is a whole number below 2^63',
  })
  for (const dialect of ['v2', 'v3', 'victoriametrics'] as const) {
    expect(pointOf(told({ octets: 2n ** 64n - 1n }), { dialect }).fields).toMatchObject({ gateway_octets: '18446744073709551615u' })
  }
})

test('VictoriaMetrics has no texts: of those only few that never change are written, as tags', () => {
  const { tags, fields } = pointOf(told(WHOLE), { dialect: 'victoriametrics' })
  expect(tags).toMatchObject({ subject: 'gateway-0123456789abcdef', gateway_zone: 'a', gateway_region: 'eu-1', gateway_vlan: '7' })
  expect(Object.keys(tags)).toHaveLength(7)
  expect(fields).toEqual({
    told_packets: '1200i',
    gateway_peer_port: '443i',
    gateway_is_shared: 'false',
    gateway_connections: '55i',
    gateway_level: '-12i',
    gateway_load: '0.1',
    gateway_rate: '18446744073709551615u',
    gateway_drops: '0i',
    gateway_octets: '9007199254740993u',
  })
})

test('what cannot be said is rejected with the reason', () => {
  const unsigned = 'an unsigned integer is a whole number from 0 and below 2^64'
  for (const octets of [2n ** 64n, -1, 0.5]) expect(rejection({ octets })).toEqual({ rejected: `gateway_octets is ${octets}: ${unsigned}` })
  for (const drops of [2n ** 63n, 0.5]) {
    expect(rejection({ drops })).toEqual({ rejected: `gateway_drops is ${drops}: an integer is a whole number below 2^63` })
  }
  expect(rejection({ load: Number.NaN })).toEqual({ rejected: 'gateway_load is NaN: a float is a finite number' })
  const { time: _, ...rest } = told({})
  expect(influxdb().encode({ ...rest, time: { seconds: -1, nanos: 0 } })).toEqual({
    rejected: 'the time is not within the years 1970 to 2262',
  })
})

test('a field that is in no table is what its value is', () => {
  expect(pointOf(told({ some: 1, other: 0.5, text: 'x' })).fields).toMatchObject({
    geneve_some: '1i',
    geneve_other: '0.5',
    geneve_text: { string: 'x' },
  })
})

test('a field of a record may be called as a figure, and not as what its points have', () => {
  const called = (influx: string): Vendor => ({
    ...gateway,
    record: { ...gateway.record!, fields: [{ ...FIELDS[0]!, influx }] },
  })
  for (const influx of ['packets', 'bytes', 'source_port']) expect(() => influxdb({ vendors: [called(influx)] })).not.toThrow()
  for (const influx of ['', '_field', 'time', 'observer', 'origin', 'vendor', 'subject', 'told_reason', 'told_packets']) {
    expect(() => influxdb({ vendors: [called(influx)] }), influx).toThrow(
      /^vendors: the field "gateway_id" (?:of Example )?has the influx /,
    )
  }
})
