import { type GenevePacketFields, genevePacket, icmp, udp } from '@geneve-telemetry/core/testing'
import { DecodeRules, decodeDatagram, PacketView } from '@geneve-telemetry/core/wire'
import { expect, test } from 'vitest'
import { back, endpoint, Tap } from './tap.ts'

const there = (vni: number, fields: GenevePacketFields = {}): GenevePacketFields => ({ vni, ...fields })
const answer = (vni: number, fields: GenevePacketFields = {}): GenevePacketFields => back({ vni, ...fields })
const vnisOf = (tap: Tap) => tap.flows().map(({ forward, reverse }) => [forward.vni, forward.packets, reverse.vni, reverse.packets])

test('an answer under another VNI is of the flow that it answers, and so is what follows', () => {
  const tap = new Tap().packets(there(10), answer(11), there(10), answer(11), answer(11))
  expect(tap.table.counts).toMatchObject({ opened: 1, ambiguous: 0 })
  expect(vnisOf(tap)).toEqual([[10, 2, 11, 3]])
})

test('UDP and ICMP too', () => {
  const tap = new Tap().packets(
    { vni: 10, segment: udp({ sourcePort: 5, destinationPort: 53 }) },
    { ...answer(11), segment: udp({ sourcePort: 53, destinationPort: 5 }) },
    { vni: 10, segment: icmp({ type: 8 }) },
    { ...answer(11), segment: icmp({ type: 0 }) },
  )
  expect(vnisOf(tap)).toEqual([
    [10, 1, 11, 1],
    [10, 1, 11, 1],
  ])
})

test('a SYN begins a flow of its own, a SYN/ACK answers one', () => {
  const syn = { tcp: { flags: 'S' } }
  expect(vnisOf(new Tap().packets(there(10, syn), answer(11, { tcp: { flags: 'SA' } })))).toEqual([[10, 1, 11, 1]])
  expect(vnisOf(new Tap().packets(there(10, syn), answer(11, syn)))).toEqual([
    [10, 1, undefined, 0],
    [11, 1, undefined, 0],
  ])
})

test.each([
  ['the same direction', there(11)],
  ['other ports', answer(11, { tcp: { sourcePort: 1 } })],
  ['another VLAN', answer(11, { innerEthernet: { vlans: [5] } })],
  ['other outer addresses', answer(11, { outer: { source: '10.0.0.1', destination: '10.0.0.3' } })],
  ['outer addresses of the same direction', { ...answer(11), outer: { source: '10.0.0.1', destination: '10.0.0.2' } }],
  ['outer addresses of another version', { ...answer(11), outer: { source: 'fd00::a00:2', destination: 'fd00::a00:1' } }],
  ['a scope', answer(11, { options: [endpoint('a')] })],
])('a packet with %s is no answer', (_name, packet) => {
  expect(new Tap().packets(there(10), packet).flows().length).toBe(2)
})

test('a packet without a scope is no answer to one with it', () => {
  expect(new Tap().packets({ options: [endpoint('a')] }, answer(11)).flows().length).toBe(2)
})

test('a flow that was answered already, under its own VNI or another, has no second answer', () => {
  expect(vnisOf(new Tap().packets(there(10), answer(10), answer(11)))).toEqual([
    [10, 1, 10, 1],
    [11, 1, undefined, 0],
  ])
  expect(vnisOf(new Tap().packets(there(10), answer(11), answer(12)))).toEqual([
    [10, 1, 11, 1],
    [12, 1, undefined, 0],
  ])
})

test('a packet that could answer several flows answers none, and is counted', () => {
  const tap = new Tap().packets(there(10), there(11), answer(12))
  expect(tap.table.counts.ambiguous).toBe(1)
  expect(vnisOf(tap)).toEqual([
    [10, 1, undefined, 0],
    [11, 1, undefined, 0],
    [12, 1, undefined, 0],
  ])
})

test('two tenants with equal addresses stay apart while each is seen both ways', () => {
  expect(vnisOf(new Tap().packets(there(10), there(20), answer(10), answer(20), there(20)))).toEqual([
    [10, 1, 10, 1],
    [20, 2, 20, 1],
  ])
})

test('each direction of an answered flow has its own VNI', () => {
  // 11 is the answers' VNI: a packet of the other direction with it begins a flow, which answers with 11 do not join.
  expect(vnisOf(new Tap().packets(there(10), answer(11), there(11), answer(11), answer(10), there(10)))).toEqual([
    [10, 2, 11, 2],
    [11, 1, 10, 1],
  ])
})

test('once the answered flow has gone, its VNIs are free again', () => {
  const tap = new Tap({ maxFlows: 2 })
  tap.packets(there(10), answer(11), there(11), there(99, { tcp: { sourcePort: 9 } }), answer(11), there(10))
  expect(tap.flows().map(({ reason, forward, reverse }) => [reason, forward.vni, forward.packets, reverse.vni, reverse.packets])).toEqual([
    ['evicted', 10, 1, 11, 1],
    ['evicted', 99, 1, undefined, 0],
    ['end-of-input', 11, 1, 11, 1],
    ['end-of-input', 10, 1, undefined, 0],
  ])
})

test('a row that is used again has left nothing in the directory', () => {
  const tap = new Tap({ maxFlows: 2 })
  const other = (port: number) => there(99, { tcp: { sourcePort: port } })
  for (let round = 0; round < 20; round++) {
    // The second flow begins one-sided, is answered under its own VNI, and both are given up.
    tap.packets(there(10), answer(11), there(11), other(1), answer(11), other(2), other(3))
  }
  const flows = tap.flows()
  expect(flows.length).toBe(20 * 5)
  const { closed } = tap.table.ledger
  expect(flows.reduce((sum, { forward, reverse }) => sum + forward.packets + reverse.packets, 0)).toBe(closed)
  expect(closed).toBe(20 * 7)
})

test('outer addresses of IPv6 count in all their bits', () => {
  const outer = { source: 'fd00::1', destination: 'fd00::2' }
  expect(vnisOf(new Tap().packets(there(10, { outer }), answer(11, { outer })))).toEqual([[10, 1, 11, 1]])
  const others = { source: 'fd00:0:0:1::1', destination: 'fd00::2' }
  expect(new Tap().packets(there(10, { outer }), answer(11, { outer: others })).flows().length).toBe(2)
})

test('datagrams of a socket, which have no outer addresses', () => {
  const tap = new Tap()
  const packet = new PacketView(new DecodeRules())
  for (const fields of [there(10), answer(11), answer(11)]) {
    const bytes = genevePacket(fields).slice(14 + 20 + 8)
    decodeDatagram(new DataView(bytes.buffer), 0, bytes.byteLength, packet)
    tap.table.packet(packet)
  }
  const [flow, ...rest] = tap.flows()
  expect(rest).toEqual([])
  expect(flow).toMatchObject({ forward: { vni: 10, packets: 1 }, reverse: { vni: 11, packets: 2 } })
  expect(flow).not.toHaveProperty('outerSource')
})

test('a packet that is its own reverse answers nothing', () => {
  const self = {
    inner: { source: '192.0.2.1', destination: '192.0.2.1' },
    tcp: { sourcePort: 7, destinationPort: 7 },
    outer: { source: '10.0.0.1', destination: '10.0.0.1' },
  }
  expect(vnisOf(new Tap().packets(there(10, self), there(11, self), there(11, self), there(10, self)))).toEqual([
    [10, 2, undefined, 0],
    [11, 2, undefined, 0],
  ])
})
