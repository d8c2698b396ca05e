import type { Encoded, FieldValue, FlowRecord, FlowSide, Format, MetricRecord } from '@geneve-telemetry/core'
import { ATTRIBUTES, isRejected, MEASURES } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, sampleToldRecord, testFormat } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type InfluxdbRecord, influxdb } from '../src/index.ts'
import { type Point, parseLines } from './parser.ts'
import { anyFlow, anyMetric, example, vendorOf } from './records.ts'

const format = influxdb({ flows: true, vendors: [example] })

const metric: MetricRecord = {
  ...sampleMetricRecord(),
  points: { packets: { type: 'sum', value: 18 }, load: { type: 'gauge', value: 0.5 } },
}

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

function encode(record: MetricRecord | FlowRecord, by: Format<InfluxdbRecord> = format): Encoded {
  const encoded = by.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  return encoded
}

/** The point of a record, as all servers read it. */
function pointOf(record: MetricRecord | FlowRecord): Point {
  const line = decode(encode(record).bytes)
  const [point, ...more] = parseLines(line, false)
  expect(more).toEqual([])
  expect(parseLines(line, true)).toEqual([point])
  return point!
}

const parse = (body: Uint8Array): number => parseLines(decode(body), true).length
testFormat(() => influxdb(), { records: [metric, sampleToldRecord()], parse }, test)
testFormat(
  () => influxdb({ flows: true, vendors: [example] }) as Format,
  { records: [metric, sampleFlowRecord(), sampleToldRecord()], parse },
  test,
)

/** What cannot be sent stands in another form; half a character becomes the sign for one. */
function visible(text: string): string {
  return [...text.toWellFormed()]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0
      if (code < 0x20) return String.fromCodePoint(0x2400 + code)
      return code === 0x7f ? '␡' : code >= 0x80 && code < 0xa0 ? '�' : character
    })
    .join('')
}
const visibleTag = (text: string): string => visible(text).replaceAll('\\', '＼')

const nanos = ({ seconds, nanos }: { seconds: number; nanos: number }): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanos)
const present = <T>(all: Record<string, T | undefined>): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== '')) as Record<string, T>

const INFLUX = new Map<string, string>([
  ...ATTRIBUTES.map(({ name, influx }): [string, string] => [name, influx]),
  ['endpoint_id', 'endpoint'],
  ['cookie', 'cookie'],
])

test('a metric record is one line', () => {
  expect(decode(encode(metric).bytes)).toBe(
    'geneve_traffic,network_type=ipv4,observer=tap-1,origin=0123456789abcdef,transport=tcp,vni=10 packets=18i,geneve_traffic_load=0.5 1795428000000000000\n',
  )
})

test('any metric comes back: all attributes are tags, all figures fields', () => {
  fc.assert(
    fc.property(anyMetric, (record) => {
      const tags = Object.entries(record.attributes).map(([name, value]) => [
        visibleTag(INFLUX.get(name) ?? `geneve_${name}`),
        visibleTag(String(value)),
      ])
      const fields = Object.entries(record.points).map(([name, { type, value }]) => {
        const measures = Object.hasOwn(MEASURES, record.measurement) ? MEASURES[record.measurement] : undefined
        const key = measures?.find((measure) => measure.name === name)?.influx
        return [key ?? visibleTag(`geneve_${record.measurement}_${name}`.replaceAll('.', '_')), type === 'sum' ? `${value}i` : `${value}`]
      })
      expect(pointOf(record)).toEqual({
        measurement: visibleTag(`geneve_${record.measurement}`),
        tags: present({
          observer: visibleTag(record.observer),
          origin: visibleTag(record.id.split('-')[0] ?? ''),
          ...Object.fromEntries(tags),
        }),
        fields: Object.fromEntries(fields),
        time: String(nanos(record.start)),
      })
    }),
    { numRuns: 500 },
  )
})

function toldOf(value: FieldValue, key: string, tag: boolean): [string, string | { string: string }][] {
  if (typeof value === 'object') return Object.entries(value).flatMap(([part, leaf]) => toldOf(leaf, `${key}_${part}`, tag))
  if (tag) return [[key, visibleTag(String(value))]]
  if (typeof value === 'string') return [[key, { string: visible(value) }]]
  return [[key, typeof value === 'boolean' ? String(value) : `${value}i`]]
}

test('any flow comes back', () => {
  const flags = (bits: number) => ({ string: [...'FSRPAUEC'].filter((_, bit) => (bits & (1 << bit)) !== 0).join('') })
  const sums = (end: string, { packets, bytes, tunnelBytes }: { packets: unknown; bytes: unknown; tunnelBytes: unknown }) => ({
    [`${end}packets`]: `${packets}i`,
    [`${end}bytes`]: `${bytes}i`,
    [`${end}tunnel_bytes`]: `${tunnelBytes}i`,
  })
  const both = (one: FlowSide, other: FlowSide) => ({
    packets: BigInt(one.packets) + BigInt(other.packets),
    bytes: BigInt(one.bytes) + BigInt(other.bytes),
    tunnelBytes: BigInt(one.tunnelBytes) + BigInt(other.tunnelBytes),
  })
  const integer = (value: number | undefined) => (value === undefined ? undefined : `${value}i`)
  const numbers = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' } as Record<number, string>
  fc.assert(
    fc.property(anyFlow, (record) => {
      const { forward, reverse, protocol } = record
      const told = Object.entries(record.telemetry?.['Example'] ?? {}).map(([name, value]) => ({
        tag: name === 'endpoint_id',
        all: toldOf(value, INFLUX.get(name) ?? visibleTag(`geneve_${name}`), name === 'endpoint_id'),
      }))
      const toldIn = (tag: boolean) => Object.fromEntries(told.flatMap((one) => (one.tag === tag ? one.all : [])))
      const vni = forward.vni ?? reverse.vni
      const point = pointOf(record)
      expect(point).toEqual({
        measurement: 'geneve_flow',
        tags: present({
          observer: visibleTag(record.observer),
          flow: visibleTag(record.flow),
          part: String(record.part),
          network_type: `ipv${record.version}`,
          transport: numbers[protocol] ?? point.tags['transport'],
          vni: vni === undefined ? undefined : String(vni),
          ...toldIn(true),
        }),
        fields: present({
          source: { string: visible(record.source) },
          source_port: integer(record.sourcePort),
          destination: { string: visible(record.destination) },
          destination_port: integer(record.destinationPort),
          icmp_type: integer(record.icmpType),
          icmp_code: integer(record.icmpCode),
          ...sums('', both(forward, reverse)),
          ...sums('source_', forward),
          ...sums('destination_', reverse),
          source_vni: integer(forward.vni),
          destination_vni: integer(reverse.vni),
          source_tcp_flags: protocol === 6 ? flags(forward.tcpFlags) : undefined,
          destination_tcp_flags: protocol === 6 ? flags(reverse.tcpFlags) : undefined,
          duration_ns: `${nanos(record.end) - nanos(record.start)}i`,
          final: String(record.final),
          end_reason: { string: record.reason },
          end_code: { fin: '3i', evicted: '5i', 'end-of-input': '4i' }[record.reason as string],
          state: record.state === undefined ? undefined : { string: record.state },
          asymmetric: record.asymmetric === undefined ? undefined : 'true',
          community_id: record.communityId === undefined ? undefined : { string: visible(record.communityId) },
          weight: integer(record.weight),
          source_returned_packets: integer(forward.returnedPackets),
          source_returned_bytes: integer(forward.returnedBytes),
          destination_returned_packets: integer(reverse.returnedPackets),
          destination_returned_bytes: integer(reverse.returnedBytes),
          initiator: { string: record.initiator },
          frame: `${record.frame}i`,
          ...toldIn(false),
        }),
        time: String(nanos(record.start)),
      })
    }),
    { numRuns: 500 },
  )
})

describe('no point overwrites another', () => {
  /** What a server knows a point by. */
  const identity = (record: MetricRecord | FlowRecord): string => {
    const { measurement, tags, time } = pointOf(record)
    return JSON.stringify([measurement, tags, time])
  }
  const flow = sampleFlowRecord()

  test.each<[string, MetricRecord | FlowRecord, MetricRecord | FlowRecord]>([
    ['two captures of the same time', metric, { ...metric, id: 'fedcba9876543210-traffic-10' }],
    ['two observers', metric, { ...metric, observer: 'tap-2' }],
    ['two series', metric, { ...metric, attributes: { ...metric.attributes, vni: 11 } }],
    ['the rest of an interval after a restart', metric, { ...metric, start: { seconds: metric.start.seconds + 20, nanos: 0 } }],
    ['two flows that begin in the same nanosecond', flow, { ...flow, flow: '0123456789abcdef-f2' }],
    ['two parts of a flow that begin in the same nanosecond', flow, { ...flow, part: 1 }],
    ['the same flow of two captures', flow, { ...flow, flow: 'fedcba9876543210-f1' }],
  ])('%s', (_, one, other) => {
    expect(identity(other)).not.toBe(identity(one))
  })

  test('and the same record twice is one point', () => {
    expect(encode(metric).bytes).toEqual(encode(structuredClone(metric)).bytes)
    expect(encode(flow).bytes).toEqual(encode(structuredClone(flow)).bytes)
  })
})

test('flows are written only when wanted', () => {
  const without = influxdb({ vendors: [example] })
  expect(without.accepts).toEqual(['metric', 'telemetry'])
  expect(without.encode(sampleFlowRecord())).toEqual({ rejected: 'flows are not wanted: see the option flows' })
  expect(format.accepts).toEqual(['metric', 'telemetry', 'flow'])
})

test('what cannot be said is rejected with the reason', () => {
  const points = (all: MetricRecord['points']) => format.encode({ ...metric, points: all })
  const sum = (value: number | bigint) => points({ bytes: { type: 'sum', value } })
  expect(decode(encode({ ...metric, points: { bytes: { type: 'sum', value: 2n ** 63n - 1n } } }).bytes)).toContain(
    ' bytes=9223372036854775807i ',
  )
  for (const value of [2n ** 63n, 0.5, Number.NaN]) {
    expect(sum(value)).toEqual({ rejected: `bytes is ${value}: an integer is a whole number below 2^63` })
  }
  const gauge = points({ load: { type: 'gauge', value: Number.NaN } })
  expect(gauge).toEqual({ rejected: 'geneve_traffic_load is NaN: a float is a finite number' })
  expect(points({})).toEqual({ rejected: 'there are no figures' })
  const notATime = { rejected: 'the time is not within the years 1970 to 2262' }
  for (const time of [
    { seconds: -1, nanos: 0 },
    { seconds: 9_223_372_036, nanos: 0 },
    { seconds: 0, nanos: Number.NaN },
  ]) {
    expect(format.encode({ ...metric, start: time })).toEqual(notATime)
    expect(format.encode({ ...sampleFlowRecord(), start: time })).toEqual(notATime)
    expect(format.encode({ ...sampleFlowRecord(), end: time })).toEqual(notATime)
  }
  const twice = vendorOf({ name: 'other', influx: 'geneve_a', otel: 'x', ecs: 'geneve.x' })
  expect(influxdb({ vendors: [twice] }).encode({ ...metric, attributes: { other: 'x', a: 'y' } })).toEqual({
    rejected: 'two things are called geneve_a',
  })
  expect(format.encode({ ...metric, observer: 'x'.repeat(70_000) })).toEqual({ rejected: 'observer is longer than 65535 bytes' })
  const flow = sampleFlowRecord()
  expect(format.encode({ ...flow, forward: { ...flow.forward, packets: 0.5 } })).toEqual({
    rejected: 'packets is NaN: an integer is a whole number below 2^63',
  })
  expect(format.encode({ ...flow, telemetry: { One: { a: 'x' }, Two: { a: 'y' } } })).toEqual({
    rejected: 'two things are called geneve_a',
  })
})

test('a body is its lines one behind the other', () => {
  const batch = [metric, sampleFlowRecord(), metric].map((record) => encode(record))
  expect(decode(format.body(batch))).toBe(batch.map(({ bytes }) => decode(bytes)).join(''))
  expect(format.body([])).toEqual(new Uint8Array(0))
})

test('options that cannot be are refused by name', () => {
  expect(() => influxdb({ flows: 'yes' as unknown as boolean })).toThrow('flows: yes is neither true nor false')
  for (const influx of ['', '_field', 'time', 'observer', 'origin', 'flow', 'source', 'packets', 'frames', 'duration_ns']) {
    expect(() => influxdb({ vendors: [vendorOf({ influx })] })).toThrow(
      `vendors: the field "endpoint_id" has the influx name "${influx}", which is taken or begins with _`,
    )
  }
})

test('the keys of a flow are all taken', () => {
  fc.assert(
    fc.property(anyFlow, (record) => {
      const { telemetry: _, ...untold } = record
      const { tags, fields } = pointOf(untold)
      for (const key of [...Object.keys(tags), ...Object.keys(fields)]) {
        expect(() => influxdb({ vendors: [vendorOf({ influx: key })] }), key).toThrow(/has the influx /)
      }
    }),
    { numRuns: 20 },
  )
})
