import { GCProfiler } from 'node:v8'
import type { Analyzer, FlowRecord, FlowView } from '@geneve-telemetry/core'
import { arp, ethernet, type GenevePacketFields, genevePacket, icmp, LINKTYPE, rawSegment, tcp, udp } from '@geneve-telemetry/core/testing'
import { decodePacket, type PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'
import { FlowTable } from '../src/flow-table.ts'
import { back, endpoint, Tap } from './tap.ts'

const endsOf = (tap: Tap) => tap.flows().map((flow) => [flow.reason, flow.sourcePort, flow.forward.packets + flow.reverse.packets])
const from = (sourcePort: number): GenevePacketFields => ({ tcp: { sourcePort } })

/** The flows of these packets; and the same in tables so small that different keys often have one bucket. */
function flowsOf(packets: readonly GenevePacketFields[]): readonly FlowRecord[] {
  const flows = new Tap().packets(...packets).flows()
  for (let seed = 0; seed < 40; seed++) expect(new Tap({ seed, maxFlows: flows.length }).packets(...packets).flows()).toEqual(flows)
  return flows
}

describe('what keeps equal addresses apart', () => {
  test('the VNI, where there is no scope', () => {
    const flows = flowsOf([{ vni: 1 }, { vni: 0 }, { vni: 1 }, { vni: 0xffffff }])
    expect(flows.map(({ forward }) => [forward.vni, forward.packets])).toEqual([
      [1, 2],
      [0, 1],
      [0xffffff, 1],
    ])
  })

  test('the scope, and then not the VNI', () => {
    const scopes = ['a', 'b', 'a00000000', '10000000a'].map((digits) => ({ options: [endpoint(digits)] }))
    const flows = flowsOf([...scopes, { vni: 5, ...scopes[0] }, { ...back({}), vni: 6, ...scopes[0] }, {}])
    expect(flows.map(({ telemetry }) => telemetry?.['Amazon']?.['gwlb_endpoint_id'])).toEqual([
      'vpce-0000000000000000a',
      'vpce-0000000000000000b',
      'vpce-00000000a00000000',
      'vpce-0000000010000000a',
      undefined,
    ])
    expect(flows[0]).toMatchObject({ forward: { packets: 2, vni: 0 }, reverse: { packets: 1, vni: 6 } })
  })

  test('the option that the scope stands in', () => {
    const { data } = endpoint('a')
    expect(flowsOf([{ options: [endpoint('a')] }, { options: [{ class: 0xfff0, type: 7, data }] }]).length).toBe(2)
  })

  test('each 802.1Q tag, and how many there are', () => {
    const tags = [[], [0], [0, 0], [7], [7, 8], [8, 7], [7, 8, 9], [7, 8, 9, 10], [7, 8, 9, 11], [7, 8, 9, 10, 0]]
    const packets = tags.map((vlans) => ({ innerEthernet: { vlans } }))
    const flows = flowsOf([...packets, {}, ...packets])
    // A record shows four.
    expect(flows.map(({ vlan }) => vlan)).toEqual(tags.map((vlans) => vlans.slice(0, 4)))
    expect(flows.map(({ forward }) => forward.packets)).toEqual([3, 2, 2, 2, 2, 2, 2, 2, 2, 2])
  })

  test('protocol and ports', () => {
    const ports = [
      [1, 2],
      [2, 1],
      [1, 1],
      [65535, 0],
      [0, 65535],
    ] as const
    const segments = ports.map(([sourcePort, destinationPort]) => tcp({ sourcePort, destinationPort }))
    const flows = flowsOf(
      [...segments, udp({ sourcePort: 1, destinationPort: 2 }), rawSegment(51, new Uint8Array(4)), rawSegment(50, new Uint8Array(4))].map(
        (segment) => ({ segment }),
      ),
    )
    expect(flows.length).toBe(8)
  })

  test('the IP version', () => {
    const inner = { source: '::192.0.2.1', destination: '::192.0.2.2' }
    const flows = flowsOf([{ inner }, {}, back({ inner }), back({})])
    expect(flows.map(({ version, source, forward, reverse }) => [version, source, forward.packets, reverse.packets])).toEqual([
      [6, '::c000:201', 1, 1],
      [4, '192.0.2.1', 1, 1],
    ])
  })
})

describe('packets of no flow', () => {
  const fragment = (fragmentOffset: number) => ({
    inner: { fragmentOffset, moreFragments: fragmentOffset === 0 },
    segment: udp({}, new Uint8Array(24)),
  })
  const cut = (bytes: number) => genevePacket().subarray(0, 14 + 20 + 8 + 8 + bytes)
  test.each([
    ['a control packet', 'control', genevePacket({ control: true })],
    ['ARP', 'no-ip', genevePacket({ payload: ethernet({ type: 0x0806 }, arp({})) })],
    ['a payload that nobody knows', 'no-ip', genevePacket({ protocolType: 0x88b5 })],
    ['the same with a wrong C bit', 'no-ip', genevePacket({ protocolType: 0x88b5, critical: true })],
    ['all but the first fragment', 'inner-fragment', genevePacket(fragment(24))],
    ['an IP header that is cut', 'issue:truncated', cut(19)],
    ['ports that are cut', 'issue:truncated', cut(23)],
    ['an IP header that is too short', 'issue:bad-length', genevePacket({ inner: { headerLength: 4 } })],
    ['an IP version that is none', 'issue:unsupported-version', genevePacket({ inner: { version: 5 }, protocolType: 0x0800 })],
    ['ICMP without its type', 'issue:truncated', genevePacket({ segment: icmp({}) }).subarray(0, 14 + 20 + 8 + 8 + 20)],
  ])('%s', (_name, reason, bytes) => {
    const tap = new Tap().frame(bytes, 0, 1, 200)
    expect(tap.flows()).toEqual([])
    expect(tap.table.ledger).toEqual({ closed: 0, live: 0, unattributed: { [reason]: 1 }, copies: {} })
  })

  test('but a first fragment and cut ports have one', () => {
    const tap = new Tap().frame(genevePacket(fragment(0))).frame(cut(24), 0, 1, 200)
    expect(tap.table.ledger).toEqual({ closed: 0, live: 2, unattributed: {}, copies: {} })
  })

  test('frames that are not GENEVE are counted nowhere', () => {
    const tap = new Tap().frame(ethernet({ type: 0x88b5 }, new Uint8Array(50))).frame(genevePacket().subarray(0, 45), 0, 1, 100)
    expect(tap.table.ledger).toEqual({ closed: 0, live: 0, unattributed: {}, copies: {} })
  })
})

describe('a full table', () => {
  test('gives up the flow that was not used for longest', () => {
    const tap = new Tap({ maxFlows: 3 })
    tap.packets(from(1), from(2), from(3), from(1), from(4), from(3), from(5), from(2))
    expect(endsOf(tap)).toEqual([
      ['evicted', 2, 1],
      ['evicted', 1, 2],
      ['evicted', 4, 1],
      ['end-of-input', 3, 2],
      ['end-of-input', 5, 1],
      ['end-of-input', 2, 1],
    ])
    expect(tap.table.counts).toEqual({ opened: 6, open: 0, evicted: 3, ambiguous: 0, unjoined: 0 })
    expect(tap.table.ledger).toEqual({ closed: 8, live: 0, unattributed: {}, copies: {} })
  })

  test('of one row holds one flow', () => {
    expect(endsOf(new Tap({ maxFlows: 1 }).packets(from(1), from(1), from(2), from(1)))).toEqual([
      ['evicted', 1, 2],
      ['evicted', 2, 1],
      ['end-of-input', 1, 1],
    ])
  })

  test('of many rows spares what was used in the last sixteenth of new flows', () => {
    const tap = new Tap({ maxFlows: 64, timeouts: { activeSeconds: 86_400 } })
    for (let port = 0; port < 1000; port++) tap.packets(from(port), from(0))
    const flows = tap.flows()
    expect(flows.find(({ sourcePort }) => sourcePort === 0)).toMatchObject({ reason: 'end-of-input', forward: { packets: 1001 } })
    expect(flows.filter(({ reason }) => reason === 'evicted').map(({ sourcePort }) => sourcePort)).toEqual(
      Array.from({ length: 1000 - 64 }, (_, index) => index + 1),
    )
  })

  test.each([15, 16])('of 16 rows, %i of them taken, notes a use after each new flow', (count) => {
    const tap = new Tap({ maxFlows: 16 }).packets(from(1))
    for (let port = 2; port <= count; port++) tap.packets(from(port), from(1))
    for (let port = 100; port < 116; port++) tap.packets(from(port))
    const evicted = tap.flows().filter(({ reason, sourcePort = 0 }) => reason === 'evicted' && sourcePort < 100)
    expect(evicted.map(({ sourcePort }) => sourcePort)).toEqual([...Array.from({ length: count - 1 }, (_, index) => index + 2), 1])
  })

  test('finishes once', () => {
    const tap = new Tap({ maxFlows: 2 }).packets(from(1), from(2), from(3), from(3))
    expect(tap.flows().length).toBe(3)
    expect(tap.flows().length).toBe(3)
    expect(tap.table.ledger).toEqual({ closed: 4, live: 0, unattributed: {}, copies: {} })
    expect(tap.table.counts).toEqual({ opened: 3, open: 0, evicted: 1, ambiguous: 0, unjoined: 0 })
  })

  test('that nobody listens to has the same ledger', () => {
    const tap = new Tap({ maxFlows: 2, records: false }).packets(from(1), from(2), from(3), from(3))
    expect(tap.table.ledger).toEqual({ closed: 1, live: 3, unattributed: {}, copies: {} })
    expect(tap.flows()).toEqual([])
    expect(tap.table.ledger).toEqual({ closed: 4, live: 0, unattributed: {}, copies: {} })
    expect(tap.table.counts).toEqual({ opened: 3, open: 0, evicted: 1, ambiguous: 0, unjoined: 0 })
  })

  test('makes no garbage and takes no more memory for more flows', () => {
    const bytes = genevePacket({ options: [endpoint('a')] })
    const view = new DataView(bytes.buffer)
    const source = 14 + 20 + 8 + 8 + 12 + 12
    const { table, packet } = new Tap({ maxFlows: 4096, records: false })
    /** How often memory had to be collected meanwhile, and how much was taken outside the heap. */
    const flood = (from: number, to: number): { collections: number; bytes: number } => {
      const profiler = new GCProfiler()
      const before = process.memoryUsage().arrayBuffers
      profiler.start()
      for (let flow = from; flow < to; flow++) {
        view.setUint32(source, flow)
        decodePacket(view, 0, bytes.byteLength, LINKTYPE.ethernet, packet)
        table.packet(packet)
      }
      return { collections: profiler.stop()!.statistics.length, bytes: process.memoryUsage().arrayBuffers - before }
    }
    // Code that is not compiled yet does make some.
    flood(0, 100_000)
    // The smallest object for each flow would fill the young generation more than once.
    const rounds = [0, 1].map((round) => flood(100_000 + round * 1_500_000, 100_000 + (round + 1) * 1_500_000))
    expect(Math.min(...rounds.map(({ collections }) => collections))).toBe(0)
    expect(Math.min(...rounds.map(({ bytes }) => bytes))).toBe(0)
    expect(table.counts).toEqual({ opened: 3_100_000, open: 4096, evicted: 3_100_000 - 4096, ambiguous: 0, unjoined: 0 })
  })
})

test.each([
  [{ maxFlows: 0 }, /maxFlows: 0 .* 1 to 16777216/],
  [{ maxFlows: 2.5 }, /maxFlows: 2.5/],
  [{ maxFlows: 2 ** 24 + 1 }, /maxFlows/],
  [{ seed: Number.NaN }, /seed: NaN is not an integer/],
])('%o is refused', (options, message) => {
  expect(() => new FlowTable({ origin: 'test', observer: 'tap', emit: () => {}, ...options })).toThrow(message)
})

test('results do not depend on the seed', () => {
  const flowsOf = (seed: number) =>
    new Tap({ seed, maxFlows: 20 }).packets(...Array.from({ length: 100 }, (_, index) => from((index * index) % 37))).flows()
  expect(flowsOf(-5)).toEqual(flowsOf(12345))
})

test('without records a flow still ends for the analyzers', () => {
  const seen: unknown[] = []
  const analyzer: Analyzer = {
    name: 'seen',
    packet: (packet: PacketView, flow: FlowView | undefined) => seen.push([packet.frame, flow?.row, flow?.direction, flow?.isNew]),
    flow: (flow, reason) => seen.push([reason, flow.row]),
    advance: (watermark) => seen.push(['advance', watermark.seconds]),
    finish: () => seen.push('finish'),
  }
  const tap = new Tap({ maxFlows: 1, records: false, analyzers: [analyzer] })
  tap.packets(back({ tcp: { flags: 'SA' } }), { tcp: { flags: 'A' } }, { control: true }, from(2)).frame(new Uint8Array(10))
  tap.table.advance({ seconds: 5, nanos: 0 })
  expect(tap.flows()).toEqual([])
  expect(seen).toEqual([
    [1, 1, 1, true],
    [2, 1, 0, false],
    [3, undefined, undefined, undefined],
    ['evicted', 1],
    [4, 1, 0, true],
    [5, undefined, undefined, undefined],
    ['advance', 5],
    ['end-of-input', 1],
    'finish',
  ])
})

test('finished in parts, the records are the same in the same order', () => {
  const packets = Array.from({ length: 25 }, (_, index) => from((index * 7) % 10))
  const whole = new Tap().packets(...packets).flows()
  const parts = new Tap().packets(...packets)
  const sizes: number[] = []
  while (parts.table.finishSome(4)) sizes.push(parts.records.length)
  expect(sizes).toEqual([4, 8])
  expect(parts.flows()).toEqual(whole)
  expect(whole).toHaveLength(10)
})
