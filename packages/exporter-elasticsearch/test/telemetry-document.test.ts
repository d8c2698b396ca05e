import type { ToldValue } from '@geneve-telemetry/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyTold, gateway, told, WHOLE } from '../../../test/example-gateway.ts'
import { EcsNames, elasticsearch, logFields, packetDocument, telemetryDocument } from '../src/index.ts'
import { exact, numbersAsText } from './exact.ts'
import { expectedTold } from './expected.ts'
import { anyPacket } from './records.ts'

const names = new EcsNames([gateway])

test('any telemetry record is the document built independently', () => {
  fc.assert(
    fc.property(anyTold, (record) => {
      expect(exact(telemetryDocument(record, names))).toEqual(numbersAsText(expectedTold(record)))
    }),
    { numRuns: 500 },
  )
})

test('each type of value stands in its place, numbers in full', () => {
  const document = telemetryDocument(told(WHOLE), names)
  expect(document).toContain('"octets":9007199254740993')
  expect(document).toContain('"rate":18446744073709551615')
  expect(JSON.parse(String(document))).toMatchObject({
    '@timestamp': '2026-11-23T10:00:00.123456789Z',
    event: { kind: 'state', dataset: 'geneve.telemetry', reason: 'new', id: '0a1b-t1-fff1-new' },
    cloud: { region: 'eu-1' },
    related: { ip: ['192.0.2.1', '2001:db8::1', '192.0.2.2'] },
    geneve: {
      origin: '0a1b',
      option: { vendor: ['Example'] },
      subject: { type: 'gateway_id', id: 'gateway-0123456789abcdef' },
      told: { packets: 1200 },
      gateway: { zone: 'a', groups: ['group-2', 'group-1'], vlan: 7, is_shared: false, level: -12, load: 0.1, drops: 0 },
    },
  })
})

test('it goes to its own data stream, under its id', () => {
  const encoded = elasticsearch({ vendors: [gateway], namespace: 'prod' }).encode(told(WHOLE))
  if ('rejected' in encoded) throw new Error(encoded.rejected)
  const [action = '', document] = new TextDecoder().decode(encoded.bytes).split('\n')
  expect(JSON.parse(action)).toEqual({ create: { _index: 'logs-geneve.telemetry-prod', _id: '0a1b-t1-fff1-new' } })
  expect(document).toBe(telemetryDocument(told(WHOLE), names))
})

test('a packet that carries such a record has its values in the same places', () => {
  const packet = fc.sample(anyPacket, 1)[0]!
  const document = packetDocument({ ...packet, packet: { telemetry: { Example: WHOLE } } }, names)
  const { geneve, cloud } = JSON.parse(String(telemetryDocument(told(WHOLE), names)))
  expect(JSON.parse(String(document))).toMatchObject({ geneve: { gateway: geneve.gateway }, cloud })
  expect(document).toContain('"rate":18446744073709551615')
})

test('fields have the types that the table says', () => {
  const fields = logFields([gateway])
  const types = Object.fromEntries(gateway.record!.fields.map(({ name, ecs }) => [name, fields.get(ecs)?.type]))
  expect(types).toEqual({
    ...{ gateway_id: 'keyword', zone: 'keyword', region: 'keyword', groups: 'keyword', status: 'keyword' },
    ...{ addresses: 'ip', peer: 'ip', is_shared: 'boolean', load: 'double' },
    ...{ vlan: 'long', peer_port: 'long', connections: 'long', level: 'long', drops: 'long' },
    ...{ rate: 'unsigned_long', octets: 'unsigned_long' },
  })
  expect(logFields([gateway], 'long').get('geneve.gateway.octets')).toEqual({ type: 'long' })
})

test('what a server would refuse the document for is rejected with the reason', () => {
  const tell = (field: string, value: ToldValue) => telemetryDocument(told({ [field]: value }), names)
  for (const value of [2n ** 64n, -1, 0.5, Number.NaN]) {
    expect(tell('octets', value)).toEqual({ rejected: 'octets of Example is not a whole number from 0 and below 2^64' })
  }
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 0.5, Number.NaN]) {
    expect(tell('level', value)).toEqual({ rejected: 'level of Example is not below 2^63' })
  }
  expect(tell('load', Number.POSITIVE_INFINITY)).toEqual({ rejected: 'load of Example is not a finite number' })
  for (const value of ['', 'gateway', '1.2.3.256', ['192.0.2.1', 'x']]) {
    expect(tell('peer', value)).toEqual({ rejected: 'peer of Example is not an IP address' })
  }
  expect(telemetryDocument(told({ subject: 'x' }), names)).toEqual({ rejected: 'subject of Example has a name that is taken' })
  expect(telemetryDocument(told({}, { packets: Number.NaN }), names)).toEqual({ rejected: 'packets are no whole number' })
  expect(telemetryDocument(told({}, { time: { seconds: -1, nanos: 0 } }), names)).toEqual({
    rejected: 'the time is not within the years 1970 to 9999',
  })
})

test('a field of a record cannot stand where documents have something else', () => {
  const [field] = gateway.record!.fields
  const record = { ...gateway.record!, fields: [{ ...field!, ecs: 'source.ip' }] }
  expect(() => new EcsNames([{ ...gateway, record }])).toThrow('vendors: the field "gateway_id" has the ecs name source.ip, which is taken')
})
