import type { FlowRecord, MetricRecord } from '@geneve-telemetry/core'
import { type GenevePacketFields, genevePacket, icmp, sampleMetricRecord, udp } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import { Traffic } from '../src/traffic.ts'
import { weighed } from '../src/weighed.ts'
import { back, endpoint, Tap } from './tap.ts'

const COUNT = 2_000

/** A flow of its own for each number: of several protocols, both ways, some through two scopes or a second time. */
function conversation(index: number): readonly GenevePacketFields[] {
  const inner = { source: `10.1.${index >> 8}.${index & 255}`, destination: '10.2.0.1', id: index }
  const ports = { sourcePort: 1024 + index, destinationPort: 443 }
  const other = { sourcePort: 443, destinationPort: 1024 + index }
  const way = (there: GenevePacketFields, answer: GenevePacketFields): GenevePacketFields[] => [there, { ...back(there), ...answer }]
  if (index % 4 === 0)
    return way({ inner, segment: icmp({ type: 8, rest: index * 65536 }) }, { segment: icmp({ type: 0, rest: index * 65536 }) })
  if (index % 4 === 1) return way({ inner, segment: udp(ports), vni: 1 }, { segment: udp(other), vni: 2 })
  if (index % 4 === 2)
    return way({ inner, segment: udp(ports), options: [endpoint('a')] }, { segment: udp(other), options: [endpoint('b')] })
  const ipv6 = { source: `2001:db8::${index}`, destination: '2001:db8:1::1' }
  const there = { inner: ipv6, tcp: { ...ports, flags: 'PA', sequence: index } }
  const outer = { source: '10.0.0.2', destination: '10.0.0.1' }
  return [...way(there, {}), { ...there, outer }]
}

function sampled(sample?: { oneIn: number; seed?: number }): { flows: readonly FlowRecord[]; tap: Tap } {
  const tap = new Tap({ duplicates: 'auto', ...(sample !== undefined && { sample }) })
  for (let index = 0; index < COUNT; index++) {
    for (const fields of conversation(index)) tap.frame(genevePacket(fields), index / 1000)
  }
  return { flows: tap.flows(), tap }
}

const all = sampled()

test.each([2, 4, 16])('one flow in %i is followed whole, and says so', (oneIn) => {
  const { flows, tap } = sampled({ oneIn })
  const chosen = new Set(flows.map(({ flow }) => flow))
  expect(flows).toEqual(all.flows.filter(({ flow }) => chosen.has(flow)).map((flow) => ({ ...flow, weight: oneIn })))
  const { closed, copies, sampledOut } = tap.table.ledger
  expect(closed + (copies['hairpin'] ?? 0) + sampledOut!).toBe(tap.frames)
  // Five standard deviations of a binomial distribution.
  const addresses = new Set(flows.flatMap(({ source, destination }) => [source, destination])).size - 2
  expect(Math.abs(addresses - COUNT / oneIn)).toBeLessThan(5 * Math.sqrt((COUNT / oneIn) * (1 - 1 / oneIn)))
})

test('both directions are in the sample, or none, also through two scopes', () => {
  const packetsOf = new Map<string, number>()
  for (const { source, destination, forward, reverse } of sampled({ oneIn: 3 }).flows) {
    const host = [source, destination].find((address) => address !== '10.2.0.1' && address !== '2001:db8:1::1')!
    packetsOf.set(host, (packetsOf.get(host) ?? 0) + forward.packets + reverse.packets)
  }
  expect(new Set(packetsOf.values())).toEqual(new Set([2]))
})

test('who is in a smaller sample is in each larger one; another seed is another sample', () => {
  const flowsOf = (oneIn: number, seed?: number): ReadonlySet<string> =>
    new Set(sampled({ oneIn, ...(seed !== undefined && { seed }) }).flows.map(({ flow }) => flow))
  const samples = [2, 3, 8, 64].map((oneIn) => flowsOf(oneIn))
  for (const [index, larger] of samples.slice(0, -1).entries()) expect(samples[index + 1]!.isSubsetOf(larger)).toBe(true)
  expect(flowsOf(8)).toEqual(samples[2])
  const other = flowsOf(8, 1).intersection(samples[2]!).size
  expect(other).toBeLessThan(samples[2]!.size / 3)
})

test('packets, bytes and flows of metrics are estimates of all; nothing else is', () => {
  const records: MetricRecord[] = []
  const source = { origin: 'test', observer: 'tap-1' }
  const tap = new Tap({
    analyzers: [new Traffic(source)],
    sample: { oneIn: 4 },
    emit: (record) => record.kind === 'metric' && records.push(record),
  })
  for (let index = 0; index < COUNT; index++) tap.packets({ tcp: { sourcePort: index, flags: 'RA' } })
  tap.flows()
  const kept = tap.frames - tap.table.ledger.sampledOut!
  const sumOf = (measurement: string, figure: string): number =>
    records.filter((record) => record.measurement === measurement).reduce((sum, { points }) => sum + Number(points[figure]!.value), 0)
  expect(sumOf('traffic', 'packets')).toBe(4 * kept)
  expect(sumOf('traffic', 'flows')).toBe(4 * kept)
  expect(sumOf('traffic', 'bytes')).toBe(4 * kept * 40)
  expect(sumOf('traffic', 'resets')).toBe(kept)
  expect(sumOf('decoder', 'frames')).toBe(kept)
  expect(records.every(({ weight }) => weight === 4)).toBe(true)
})

test('an estimate beyond 2^53 is exact', () => {
  const points = { bytes: { type: 'sum', value: 2 ** 53 - 1 }, flows: { type: 'sum', value: 5n } } as const
  expect(weighed({ ...sampleMetricRecord(), points }, 3)).toMatchObject({
    weight: 3,
    points: { bytes: { value: 27_021_597_764_222_973n }, flows: { value: 15n } },
  })
})

test('what has no addresses is chosen by its frame, and later fragments as their first one', () => {
  const tap = new Tap({ sample: { oneIn: 4 } })
  for (let index = 0; index < COUNT; index++) tap.packets({ protocolType: 0x0806, payload: new Uint8Array(28) })
  const kept = Object.values(tap.table.ledger.unattributed).reduce((sum, packets) => sum + packets, 0)
  expect(Math.abs(kept - COUNT / 4)).toBeLessThan(5 * Math.sqrt((COUNT / 4) * 0.75))

  const fragments = new Tap({ sample: { oneIn: 4 } })
  for (let index = 0; index < COUNT; index++) {
    const segment = udp({ sourcePort: 1 + index, destinationPort: 53 }, new Uint8Array(16))
    fragments.packets({ inner: { id: index, moreFragments: true }, segment })
    fragments.packets({ inner: { id: index, fragmentOffset: 24 }, segment: { protocol: 17, bytes: () => new Uint8Array(8) } })
  }
  expect(fragments.flows().every(({ forward }) => forward.packets === 2)).toBe(true)
  expect(fragments.table.ledger.unattributed).toEqual({})
})

test('a sample that cannot be is refused', () => {
  expect(() => new Tap({ sample: { oneIn: 0 } })).toThrow('sample: oneIn: 0')
  expect(() => new Tap({ sample: { oneIn: 2 ** 21 } })).toThrow('oneIn')
  expect(() => new Tap({ sample: { oneIn: 2, seed: 0.5 } })).toThrow('sample: seed: 0.5')
})
