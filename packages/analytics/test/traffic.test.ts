import type { Analyzer, Emit, MetricRecord } from '@geneve-telemetry/core'
import { arp, ethernet, genevePacket, icmp, type TimedFrame, testAnalyzer, udp } from '@geneve-telemetry/core/testing'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { expect, test } from 'vitest'
import { FlowTable } from '../src/flow-table.ts'
import { Traffic, type TrafficOptions } from '../src/traffic.ts'
import { back, endpoint, optionTable, Tap } from './tap.ts'

const traffic = (options: Partial<TrafficOptions> = {}): Traffic =>
  new Traffic({ origin: 'test', observer: 'tap-1', optionTable, ...options })

/** A tap with a Traffic analyzer behind it. */
function tapped(options: Partial<TrafficOptions> = {}): { tap: Tap; analyzer: Traffic; metrics: () => MetricRecord[] } {
  const analyzer = traffic(options)
  const tap = new Tap({ analyzers: [analyzer], records: false })
  return { tap, analyzer, metrics: () => tap.records.filter((record) => record.kind === 'metric') }
}

const VPCE = 'vpce-000000000000000aa'
const gwlb = { options: [endpoint('aa'), { class: 0x0108, type: 2, words: 2 }] }
const notGeneve = ethernet({ type: 0x88b5 }, new Uint8Array(50))
const damaged = genevePacket().subarray(0, 14 + 20 + 8 + 4)

test('traffic, options and frames of one interval', () => {
  const { tap, metrics } = tapped()
  const length = genevePacket(gwlb).byteLength
  tap.packets(gwlb, back({ ...gwlb, tcp: { flags: 'RA' } }), { ...gwlb, segment: udp({}) }, { vni: 9, segment: icmp({}), critical: true })
  tap
    .packets({ vni: 9, payload: ethernet({ type: 0x0806 }, arp({})) })
    .frame(notGeneve)
    .frame(damaged, 6.5, 1, 90)
  tap.table.finish()
  const seen = metrics().map(({ measurement, attributes, points }) => [
    measurement,
    attributes,
    Object.fromEntries(Object.entries(points).map(([name, point]) => [name, point.value])),
  ])
  const scoped = { gwlb_endpoint_id: VPCE, vni: 0, network_type: 'ipv4' }
  expect(seen).toEqual([
    ['traffic', { ...scoped, transport: 'tcp' }, { packets: 2, bytes: 80, tunnel_bytes: 2 * length, flows: 1, resets: 1 }],
    ['traffic', { ...scoped, transport: 'udp' }, { packets: 1, bytes: 28, tunnel_bytes: length - 12, flows: 1, resets: 0 }],
    ['traffic', { vni: 9, network_type: 'ipv4', transport: 'icmp' }, { packets: 1, bytes: 28, tunnel_bytes: 78, flows: 1, resets: 0 }],
    ['traffic', { vni: 9 }, { packets: 1, bytes: 0, tunnel_bytes: 92, flows: 0, resets: 0 }],
    ['option', { vendor: 'Amazon', option_class: '0x0108', option_type: 1 }, { options: 3 }],
    ['option', { vendor: 'Amazon', option_class: '0x0108', option_type: 2 }, { options: 3 }],
    ['decoder', { outcome: 'geneve' }, { frames: 4 }],
    ['decoder', { outcome: 'geneve', issue_kind: 'critical-flag-unneeded', issue_layer: 'geneve' }, { frames: 1 }],
    ['decoder', { outcome: 'not-ip' }, { frames: 1 }],
    ['decoder', { outcome: 'damaged', issue_kind: 'truncated', issue_layer: 'geneve' }, { frames: 1 }],
  ])
  expect(metrics()[0]).toMatchObject({
    kind: 'metric',
    id: `test-traffic-gwlb_endpoint_id=${VPCE}-vni=0-network_type=ipv4-transport=tcp-1700000000.000000000`,
    observer: 'tap-1',
    start: { seconds: 1_700_000_000, nanos: 0 },
    end: { seconds: 1_700_000_006, nanos: 500_000_000 },
  })
})

test('intervals begin with the first packet, lie at multiples, and end with the latest', () => {
  // 1,700,000,000 is 20 seconds after a whole minute.
  const { tap, metrics } = tapped({ intervalSeconds: 30 })
  for (const seconds of [2.5, 9.75, 3, 10, 39.999999999, 45, 8, 190, 191.25]) tap.frame(genevePacket(), seconds)
  tap.table.finish()
  const intervals = metrics()
    .filter(({ measurement }) => measurement === 'decoder')
    .map(({ start, end, points }) => [
      start.seconds - 1_700_000_000,
      start.nanos,
      end.seconds - 1_700_000_000,
      end.nanos,
      points['frames']?.value,
    ])
  expect(intervals).toEqual([
    [2, 500_000_000, 10, 0, 3],
    [10, 0, 40, 0, 2],
    // The late packet counts in the interval that is open.
    [40, 0, 70, 0, 2],
    [190, 0, 191, 250_000_000, 2],
  ])
})

test('an interval is emitted as soon as the watermark is at its end, once', () => {
  const { tap, metrics } = tapped({ intervalSeconds: 60 })
  tap.frame(genevePacket(), 0)
  const at = (seconds: number) => {
    tap.table.advance({ seconds: 1_700_000_000 + seconds, nanos: 0 })
    return metrics().length
  }
  expect([at(39), at(40), at(41)]).toEqual([0, 2, 2])
  // A packet of the interval that has been emitted.
  tap.frame(genevePacket(), 20)
  expect([at(99), at(100)]).toEqual([2, 4])
  expect(metrics()[2]?.start.seconds).toBe(1_700_000_040)
  expect(new Set(metrics().map(({ id }) => id)).size).toBe(4)
})

test('a record waits for a watermark that is at its end', () => {
  const { tap, metrics } = tapped({ intervalSeconds: 60 })
  for (const seconds of [0, 45, 30]) tap.frame(genevePacket(), seconds)
  const at = (seconds: number) => {
    tap.table.advance({ seconds: 1_700_000_000 + seconds, nanos: 0 })
    return metrics().length
  }
  expect([at(30), at(45)]).toEqual([0, 2])
})

test('a flow in the row of another is counted in its own series', () => {
  const analyzer = traffic()
  const tap = new Tap({ analyzers: [analyzer], maxFlows: 1 })
  for (const scope of ['aa', 'bb']) {
    const packet = { options: [endpoint(scope)] }
    tap.packets(packet, back(packet), { ...back(packet), vni: 3 }, back(packet))
  }
  expect(analyzer.totals().scopes.map(({ value, packets }) => [value, packets])).toEqual([
    [VPCE, 4],
    [VPCE.replace('aa', 'bb'), 4],
  ])
  expect(analyzer.totals().vnis.map(({ value, packets }) => [value, packets])).toEqual([
    [0, 6],
    [3, 2],
  ])
})

test('beyond maxSeries everything is in one series more', () => {
  const { tap, analyzer, metrics } = tapped({ maxSeries: 2 })
  const options = [1, 2, 3, 4].map((type) => ({ class: 0x0100, type, words: 1 }))
  tap
    .packets(...[1, 2, 3, 4, 2, 5].map((vni) => ({ vni, options })))
    .frame(notGeneve)
    .frame(damaged, 7, 1, 90)
  tap.table.finish()
  const sums = (measurement: string) =>
    metrics()
      .filter((record) => record.measurement === measurement)
      .map(({ attributes, points }) => [Object.values(attributes).join(' '), Object.values(points)[0]?.value])
  expect(sums('traffic')).toEqual([
    ['other other', 3],
    ['1 ipv4 tcp', 1],
    ['2 ipv4 tcp', 2],
  ])
  expect(sums('option')).toEqual([
    ['other', 12],
    ['Linux 0x0100 1', 6],
    ['Linux 0x0100 2', 6],
  ])
  expect(sums('decoder')).toEqual([
    ['geneve', 6],
    ['not-ip', 1],
    ['damaged truncated geneve', 1],
  ])
  expect(analyzer.totals()).toMatchObject({ frames: 8, outcomes: { geneve: 6, 'not-ip': 1, damaged: 1 } })
})

test('a scope that nobody names still has a series of its own', () => {
  const { tap, metrics } = tapped({ optionTable: { describeFlow: () => undefined } })
  tap.packets({ options: [endpoint('1')] }, { options: [endpoint('2')] }, {})
  tap.table.finish()
  const series = metrics().filter(({ measurement }) => measurement === 'traffic')
  expect(series.map(({ attributes }) => attributes['scope'])).toEqual(['010801:0000000000000001', '010801:0000000000000002', undefined])
})

test('totals and collected sums are those of all intervals, ended or open', () => {
  const { tap, analyzer } = tapped({ intervalSeconds: 1 })
  expect(analyzer.collect()).toEqual([])
  const packets = [
    gwlb,
    { ...gwlb, vni: 5 },
    { vni: 5, segment: udp({}) },
    gwlb,
    { options: [{ class: 0xff00, type: 200 }, { class: 0x0090 }] },
  ]
  tap.packets(...packets).frame(damaged, 9, 1, 90)
  const { totals, collected } = { totals: analyzer.totals(), collected: analyzer.collect() }
  tap.table.finish()
  expect(analyzer.totals()).toEqual(totals)
  expect(analyzer.collect()).toEqual(collected)
  expect(totals).toMatchObject({
    frames: 6,
    outcomes: { geneve: 5, damaged: 1 },
    scopes: [{ attribute: 'gwlb_endpoint_id', value: VPCE, packets: 3, bytes: 120, flows: 1 }],
    vnis: [
      { attribute: 'vni', value: 0, packets: 3, flows: 2 },
      { attribute: 'vni', value: 5, packets: 2, flows: 1 },
    ],
    transports: [
      { attribute: 'transport', value: 'tcp', packets: 4, flows: 2 },
      { attribute: 'transport', value: 'udp', packets: 1, flows: 1 },
    ],
    options: [
      { vendor: 'Amazon', class: '0x0108', type: 1, options: 3 },
      { vendor: 'Amazon', class: '0x0108', type: 2, options: 3 },
      { vendor: 'Experimental Use', class: '0xff00', type: 200, options: 1 },
      { class: '0x0090', type: 0, options: 1 },
    ],
    issues: [{ kind: 'truncated', layer: 'geneve', frames: 1 }],
  })
  expect(collected.find(({ measurement }) => measurement === 'traffic')).toMatchObject({
    start: { seconds: 1_700_000_000 },
    end: { seconds: 1_700_000_009 },
    points: { packets: { type: 'sum', value: 2 } },
  })
})

test.each([
  [{ intervalSeconds: 0 }, /intervalSeconds: 0/],
  [{ intervalSeconds: 1.5 }, /intervalSeconds: 1.5 is not a whole number/],
  [{ maxSeries: 0 }, /maxSeries: 0 .* 1 to 1000000/],
])('%o is refused', (options, message) => {
  expect(() => traffic(options)).toThrow(message)
})

const frames: readonly TimedFrame[] = Array.from({ length: 100 }, (_, index) => ({
  bytes: index % 7 === 0 ? notGeneve : genevePacket({ ...gwlb, vni: index % 5 }),
  time: { seconds: 1_795_428_000 + Math.floor(index * 0.7), nanos: index },
}))

/** The walk that the contract's tests lead an analyzer along: decoder and flow table. */
function walk(analyzer: Analyzer, emit: Emit) {
  const table = new FlowTable({ origin: 'test', observer: 'tap-1', analyzers: [analyzer], emit: () => {}, records: false, maxFlows: 16 })
  const packet = new PacketView(new DecodeRules([6081], optionTable.roles))
  return {
    frames: (chunk: readonly TimedFrame[]) => {
      for (const { bytes, time } of chunk) {
        packet.seconds = time.seconds
        packet.nanos = time.nanos
        decodePacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, 1, packet)
        table.packet(packet)
      }
    },
    end: () => analyzer.finish(emit),
  }
}

testAnalyzer(
  () => traffic({ intervalSeconds: 10 }),
  { frames, walk, framesIn: (record) => (record.kind === 'metric' ? Number(record.points['frames']?.value ?? 0) : 0) },
  test,
)
