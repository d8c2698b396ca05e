import { expect, test } from 'vitest'
import { GeneveParser, PacketDescriber } from '../../src/index.ts'
import { geneve, hex } from '../../src/testing/testing.ts'
import { amazon, RecordEncoder } from '../../src/vendors/aws/aws.ts'
import { OptionTable } from '../../src/vendors/vendors.ts'
import { DecodeRules, decodeDatagram, PacketView } from '../../src/wire/wire.ts'
import { optionsIn } from './options.ts'

const RECORD = {
  service_type: 'VPC',
  account_id: '123456789012',
  region: 'us-east-1',
  vpc_id: 'vpc-12345678',
  security_groups: ['sg-12345678', 'sg-0123456789abcdef0'],
  latency: 250,
  rule_action: 'DENY',
} as const

const options = optionsIn(new RecordEncoder().encode(RECORD)).map((bytes) => ({ class: 0x0105, type: bytes[2]!, data: bytes.subarray(4) }))
const cookie = { class: 0x0108, type: 3, data: hex('7a846ce4') }
const unknown = { class: 0x0105, type: 15, data: hex('00000001') }
const datagram = geneve({ options: [cookie, ...options, unknown] }, new Uint8Array())

test('with enterprise extensions, the record is one entry of Amazon’s, and what it does not know another', () => {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(datagram)
  if (!result.ok) throw new Error(result.issue.kind)
  const entries = result.value.enterpriseOptions.map(({ vendorName, decoded, decodedData }) => ({ vendorName, decoded, decodedData }))
  expect(entries).toEqual([
    { vendorName: 'Amazon', decoded: true, decodedData: { flow_cookie: '7a846ce4' } },
    { vendorName: 'Amazon', decoded: true, decodedData: RECORD },
    { vendorName: 'Amazon', decoded: false, decodedData: undefined },
  ])
  expect(result.value.telemetry).toEqual({ Amazon: { flow_cookie: '7a846ce4', ...RECORD } })
  expect(result.value.geneve?.options.at(-1)).toMatchObject({ type: 15, data: '00000001', issue: 'unknown-number' })
})

test('without them, it is bytes', () => {
  const result = new GeneveParser().parsePacket(datagram)
  if (!result.ok) throw new Error(result.issue.kind)
  expect(result.value.enterpriseOptions.every(({ decoded }) => !decoded)).toBe(true)
})

test('the decoder notes where the record begins', () => {
  const table = new OptionTable([amazon])
  const packet = new PacketView(new DecodeRules(undefined, table.roles))
  decodeDatagram(new DataView(datagram.buffer), 0, datagram.byteLength, packet)
  expect(packet.record).toBe(8 + 8)
  expect(new PacketDescriber(table).describe(packet).telemetry?.['Amazon']?.['latency']).toBe(250)
})
