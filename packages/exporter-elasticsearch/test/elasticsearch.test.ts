import type { Encoded, FlowRecord, MetricRecord, PacketRecord, TelemetryRecord } from '@geneve-telemetry/core'
import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord, sampleToldRecord, testFormat } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EcsNames, elasticsearch, flowDocument, metricDocument, packetDocument } from '../src/index.ts'
import { anyFlow, anyMetric, anyPacket, example, vendorOf } from './records.ts'

/** A metric whose largest figure is the largest that a long holds. */
const metric = { ...sampleMetricRecord(), points: { tunnel_bytes: { type: 'sum' as const, value: 2n ** 63n - 1n } } }
const records = [samplePacketRecord(), sampleFlowRecord(), metric, sampleToldRecord()]

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

/** As the backend reads a body: pairs of lines, each an object, the last line ended too. */
function parse(body: Uint8Array): number {
  const lines = text(body).split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  if (lines.length % 2 === 1) throw new Error('an action without a document')
  lines.forEach((line, index) => {
    const object = JSON.parse(line)
    if (index % 2 === 0 && typeof object.create._index !== 'string') throw new Error('no action')
    if (index % 2 === 1 && typeof object['@timestamp'] !== 'string') throw new Error('no document')
  })
  return lines.length / 2
}

testFormat(() => elasticsearch({ vendors: [example] }), { records, parse }, test)
testFormat(() => elasticsearch({ rollup: 'time-series', namespace: 'prod' }), { records, parse }, test)

function encode(record: TelemetryRecord, format = elasticsearch({ vendors: [example] })): Encoded {
  const encoded = format.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  return encoded
}

const actionOf = (encoded: Encoded): unknown => JSON.parse(text(encoded.bytes).split('\n')[0] ?? '')

test('each kind goes to its data stream with its id', () => {
  const [packet, flow] = records
  const prod = elasticsearch({ namespace: 'prod' })
  expect(actionOf(encode(packet!))).toEqual({ create: { _index: 'logs-geneve.packet-default', _id: '0123456789abcdef-1' } })
  expect(actionOf(encode(flow!, prod))).toEqual({ create: { _index: 'logs-geneve.flow-prod', _id: '0123456789abcdef-f1-0' } })
  expect(actionOf(encode(metric, prod))).toEqual({ create: { _index: 'metrics-geneve.history-prod', _id: metric.id } })
})

test('a time series takes no id; its origin is a label', () => {
  const encoded = encode(metric, elasticsearch({ rollup: 'time-series' }))
  expect(actionOf(encoded)).toEqual({ create: { _index: 'metrics-geneve.rollup-default' } })
  expect(encoded.id).toBe(metric.id)
  const document = JSON.parse(text(encoded.bytes).split('\n')[1] ?? '')
  expect(document.event.dataset).toBe('geneve.rollup')
  expect(document.geneve.origin).toBe('0123456789abcdef')
})

test('the second line is the document', () => {
  const names = new EcsNames([example])
  const documentOf = (record: PacketRecord | FlowRecord | MetricRecord) =>
    record.kind === 'packet'
      ? packetDocument(record, names)
      : record.kind === 'flow'
        ? flowDocument(record, names)
        : metricDocument(record, names)
  fc.assert(
    fc.property(fc.oneof(anyPacket, anyFlow, anyMetric), (record) => {
      const document = documentOf(record)
      if (typeof document !== 'string') throw new Error(document.rejected)
      const [action, line, ...rest] = text(encode(record).bytes).split('\n')
      expect(JSON.parse(action ?? '').create._id).toBe(record.id.toWellFormed())
      expect(line).toBe(document)
      expect(rest).toEqual([''])
    }),
  )
})

test('a body is its records one behind the other, across slabs too', () => {
  const format = elasticsearch()
  const batch = Array.from({ length: 500 }, (_, frame) => encode({ ...samplePacketRecord(), id: `a-${frame}`, frame }, format))
  const body = text(format.body(batch))
  expect(body).toBe(batch.map(({ bytes }) => text(bytes)).join(''))
  const ids = body.split('\n').flatMap((line) => (line.startsWith('{"create"') ? JSON.parse(line).create._id : []))
  expect(ids).toEqual(batch.map(({ id }) => id))
  expect(format.body([])).toEqual(new Uint8Array(0))
})

test('an id that Elasticsearch does not take is rejected', () => {
  const format = elasticsearch()
  const rejected = { rejected: 'the id is not 1 to 512 bytes' }
  const withId = (id: string) => format.encode({ ...samplePacketRecord(), id })
  for (const id of ['', 'x'.repeat(513), 'ü'.repeat(257), '\ud800'.repeat(171)]) expect(withId(id)).toEqual(rejected)
  for (const id of ['x', 'x'.repeat(512), 'ü'.repeat(256), 'ü'.repeat(170)]) expect(isRejected(withId(id))).toBe(false)
})

test('what is larger than a request should be is rejected', () => {
  const record = { ...samplePacketRecord(), observer: 'x'.repeat(500_000) }
  expect(elasticsearch().encode(record)).toEqual({ rejected: 'larger than 1000000 bytes' })
})

test('options that cannot be are refused by name', () => {
  for (const namespace of ['', 'Prod', 'a-b', '-', '.a', 'a b', 'a/b', 'x'.repeat(101)]) {
    expect(() => elasticsearch({ namespace })).toThrow(/^namespace: ".*" is not 1 to 100 characters/)
  }
  for (const namespace of ['a', '0', 'prod_eu.1', 'x'.repeat(100)]) expect(() => elasticsearch({ namespace })).not.toThrow()
  const rollup = 'daily' as 'history'
  expect(() => elasticsearch({ rollup })).toThrow('rollup: "daily" is not one of history, time-series')
  for (const taken of [
    'source.ip',
    'geneve.frame',
    'geneve.tunnel.bytes',
    'network.vlan.name',
    'event',
    'host.ip',
    'a..b',
    '@timestamp.x',
  ]) {
    expect(() => elasticsearch({ vendors: [vendorOf({ a: taken })] })).toThrow(
      `vendors: the field "a" has the ecs name ${taken}, which is taken`,
    )
  }
})
