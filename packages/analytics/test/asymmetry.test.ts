import type { GenevePacketFields } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import { back, endpoint, Tap } from './tap.ts'

const A = [endpoint('a')]
const B = [endpoint('b')]
const PORTS = { sourcePort: 40_000, destinationPort: 443 }
const there = (flags: string, sequence: number, acknowledgement = 0): GenevePacketFields => ({
  options: A,
  tcp: { ...PORTS, flags, sequence, acknowledgement },
})
const answer = (flags: string, sequence: number, acknowledgement: number, options = B): GenevePacketFields => {
  const { outer, inner, tcp } = back(there(flags, 0))
  return { options, outer: outer!, inner: inner!, tcp: { ...tcp, flags, sequence, acknowledgement } }
}

test('a SYN/ACK through another endpoint that acknowledges the SYN is of its connection, and so is what follows', () => {
  const tap = new Tap().packets(there('S', 99), answer('SA', 500, 100), there('A', 100, 501), answer('PA', 501, 100), there('FA', 100, 501))
  expect(tap.flows()).toMatchObject([
    { asymmetric: true, initiator: 'syn', source: '192.0.2.1', forward: { packets: 3 }, reverse: { packets: 2 } },
  ])
  expect(tap.table.counts).toEqual({ opened: 1, open: 0, evicted: 0, ambiguous: 0, unjoined: 0 })
})

test.each([
  ['acknowledges something else', answer('SA', 500, 101)],
  ['is no SYN/ACK', answer('A', 500, 100)],
  ['has no endpoint', { ...answer('SA', 500, 100), options: [] }],
])('what goes the other way through another endpoint and %s is a flow of its own', (_, packet) => {
  const tap = new Tap().packets(there('S', 99), packet)
  const flows = tap.flows()
  expect(flows).toMatchObject([{ forward: { packets: 1 } }, { reverse: { packets: expect.any(Number) } }])
  expect(flows.some((flow) => 'asymmetric' in flow)).toBe(false)
  expect(tap.table.counts.unjoined).toBe(packet.options?.length === 0 ? 0 : 1)
})

test('a SYN/ACK that may be of two connections is of neither', () => {
  const tap = new Tap().packets(there('S', 99), { ...there('S', 99), options: [endpoint('c')] }, answer('SA', 500, 100))
  expect(tap.flows()).toHaveLength(3)
  expect(tap.table.counts.unjoined).toBe(1)
})

test('a connection that was answered through its own endpoint stays there', () => {
  const tap = new Tap().packets(there('S', 99), answer('SA', 500, 100, A), answer('SA', 500, 100))
  expect(tap.flows()).toMatchObject([{ forward: { packets: 1 }, reverse: { packets: 1 } }, { reverse: { packets: 1 } }])
})

test('once a connection has ended, both of its keys are free', () => {
  const tap = new Tap({ maxFlows: 2 }).packets(there('S', 99), answer('SA', 500, 100), there('S', 300), answer('SA', 900, 301))
  expect(tap.flows()).toMatchObject([
    { reason: 'reused', asymmetric: true },
    { reason: 'end-of-input', asymmetric: true },
  ])
  expect(tap.table.counts).toMatchObject({ opened: 2, evicted: 0 })
})

test('both keys of IPv6 know each of the 128 bits', () => {
  const [source, destination, other] = ['2001:db8::1', '2001:db8::2', '2001:db8:1::1']
  const packet = (source: string, destination: string, fields: GenevePacketFields): GenevePacketFields => ({
    ...fields,
    inner: { source, destination },
  })
  const tap = new Tap().packets(
    packet(source, destination, there('S', 99)),
    packet(destination, other, answer('SA', 500, 100)),
    packet(destination, source, answer('SA', 500, 100)),
    packet(destination, source, answer('A', 501, 100)),
    packet(destination, other, answer('A', 501, 100)),
  )
  expect(tap.flows()).toMatchObject([
    { asymmetric: true, forward: { packets: 1 }, reverse: { packets: 2 } },
    { forward: { packets: 0 }, reverse: { packets: 2 } },
  ])
})
