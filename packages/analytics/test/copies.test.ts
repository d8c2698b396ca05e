import type { FlowRecord } from '@geneve-telemetry/core'
import { type GenevePacketFields, genevePacket, icmp, udp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { back, endpoint, Tap } from './tap.ts'

const toAppliance = { source: '10.0.0.1', destination: '10.0.0.2' }
const fromAppliance = { source: '10.0.0.2', destination: '10.0.0.1' }
const options = [endpoint('abc')]

/** A packet as a load balancer hands it to the appliance behind it; both directions of a connection come this way. */
const handed = (fields: GenevePacketFields = {}): GenevePacketFields => ({ options, outer: toAppliance, ...fields })
/** The same on its way back, as far as the inner packet goes the same way. */
const returned = (fields: GenevePacketFields): GenevePacketFields => ({ ...fields, outer: { ...fromAppliance, ttl: 64 } })
const answer = (fields: GenevePacketFields): GenevePacketFields => ({ ...back(fields), options, outer: toAppliance })

const data = (sequence: number, more: object = {}): GenevePacketFields =>
  handed({ tcp: { flags: 'PA', sequence, acknowledgement: 1 }, inner: { id: sequence, ...more } })

interface Seen {
  readonly flows: readonly (readonly [packets: number, back: number, returned: number, returnedBack: number])[]
  readonly copies: Readonly<Record<string, number>>
}

/** What the table makes of packets that come a millisecond apart, or at the times given. */
function seen(packets: readonly GenevePacketFields[], duplicates: 'auto' | 'drop' | 'count' = 'auto', times?: readonly number[]): Seen {
  const tap = new Tap({ duplicates })
  packets.forEach((fields, index) => {
    tap.frame(genevePacket(fields), times?.[index] ?? index / 1000)
  })
  const flows = tap.flows().map(({ forward, reverse }: FlowRecord) => {
    return [forward.packets, reverse.packets, forward.returnedPackets ?? 0, reverse.returnedPackets ?? 0] as const
  })
  return { flows, copies: tap.table.ledger.copies }
}

describe('what an appliance sends back', () => {
  const packets = [
    data(1),
    returned(data(1)),
    answer(data(50)),
    returned(answer(data(50))),
    data(2),
    data(3),
    returned(data(2)),
    returned(data(3)),
  ]

  test('is no packet of the flow; what came back is counted beside', () => {
    expect(seen(packets)).toEqual({ flows: [[3, 1, 3, 1]], copies: { hairpin: 4 } })
    expect(seen(packets, 'drop')).toEqual({ flows: [[3, 1, 0, 0]], copies: { hairpin: 4 } })
    expect(seen(packets, 'count')).toEqual({ flows: [[6, 2, 0, 0]], copies: {} })
  })

  test('in whatever order, and also where some never come back', () => {
    expect(seen([data(1), data(2), data(3), returned(data(3)), returned(data(1))])).toEqual({
      flows: [[3, 0, 2, 0]],
      copies: { hairpin: 2 },
    })
  })

  test('has the bytes of what came back', () => {
    const tap = new Tap({ duplicates: 'auto' }).packets(data(1), returned(data(1)), returned(data(2)))
    expect(tap.flows()[0]?.forward).toMatchObject({ packets: 2, returnedPackets: 1, returnedBytes: 40 })
  })

  test('each original comes back once: of those that are alike one for each', () => {
    const ack = handed({ tcp: { flags: 'A', sequence: 7, acknowledgement: 9 }, inner: { id: 0 } })
    expect(seen([ack, ack, returned(ack), returned(ack), returned(ack)])).toEqual({ flows: [[3, 0, 2, 0]], copies: { hairpin: 2 } })
  })

  test('is told by IP id, numbers and length, not by what an appliance may change', () => {
    const syn = handed({ tcp: { flags: 'S', sequence: 5, options: { mss: 1460 } }, inner: { id: 3, ttl: 60 } })
    const clamped = returned({ ...syn, tcp: { ...syn.tcp, options: { mss: 1392 } }, inner: { ...syn.inner, ttl: 59 } })
    expect(seen([syn, clamped]).copies).toEqual({ hairpin: 1 })
    for (const other of [{ sequence: 6 }, { acknowledgement: 1 }]) {
      expect(seen([syn, returned({ ...syn, tcp: { ...syn.tcp, flags: 'SA', ...other } })]).copies).toEqual({})
    }
    expect(seen([syn, returned({ ...syn, inner: { ...syn.inner, id: 4 } })]).copies).toEqual({})
  })

  test('comes within 10 seconds', () => {
    expect(seen([data(1), returned(data(1))], 'auto', [0, 10]).copies).toEqual({ hairpin: 1 })
    expect(seen([data(1), returned(data(1))], 'auto', [0, 10.000000001]).copies).toEqual({})
  })

  test('an answer between two tunnel endpoints is none, whatever it looks like', () => {
    const ping = { vni: 7, segment: icmp({ type: 8 }) }
    const same = { ...ping, inner: { source: '192.0.2.1', destination: '192.0.2.1' } }
    expect(seen([ping, back(ping)]).copies).toEqual({})
    expect(seen([same, { ...same, outer: toAppliance }]).copies).toEqual({ tap: 1 })
  })

  test('of UDP and ICMP, and of IPv6', () => {
    for (const segment of [udp({ sourcePort: 1000, destinationPort: 53 }, new Uint8Array(20)), icmp({ type: 8 })]) {
      const packet = handed({ segment })
      expect(seen([packet, returned(packet)]).copies).toEqual({ hairpin: 1 })
    }
    const six = handed({ inner: { source: '2001:db8::1', destination: '2001:db8::2' } })
    expect(seen([six, returned(six)]).copies).toEqual({ hairpin: 1 })
  })
})

describe('what a tap sees twice', () => {
  test('is one packet', () => {
    expect(seen([data(1), data(1), data(2), data(2)])).toEqual({ flows: [[2, 0, 0, 0]], copies: { tap: 2 } })
    expect(seen([data(1), data(1)], 'count')).toEqual({ flows: [[2, 0, 0, 0]], copies: {} })
  })

  test('also with another TTL outside or inside', () => {
    const hop = { ...data(1), outer: { ...toAppliance, ttl: 3 } }
    expect(seen([data(1), hop, data(1, { ttl: 9 })]).copies).toEqual({ tap: 2 })
  })

  test('comes within 10 ms', () => {
    expect(seen([data(1), data(1)], 'auto', [0, 0.01]).copies).toEqual({ tap: 1 })
    expect(seen([data(1), data(1)], 'auto', [0, 0.010000001]).copies).toEqual({})
  })

  test('is none with other outer addresses, another VNI, other bytes', () => {
    const other = (fields: GenevePacketFields): unknown => seen([data(1), { ...data(1), ...fields }]).copies
    expect(other({ outer: { source: '10.0.0.9', destination: '10.0.0.2' } })).toEqual({})
    expect(other({ vni: 9 })).toEqual({})
    expect(other({ udp: { sourcePort: 60_002 } })).toEqual({})
    expect(other({ tcp: { ...data(1).tcp, window: 9 } })).toEqual({})
    expect(other({ inner: { id: 2 } })).toEqual({})
  })

  test('acknowledgments that a sender makes alike are copies only where others are', () => {
    const ack = handed({ tcp: { flags: 'A', sequence: 7, acknowledgement: 9 }, inner: { id: 0 } })
    expect(seen([data(1), ack, ack, ack]).copies).toEqual({})
    expect(seen([data(1), data(1), ack, ack]).copies).toEqual({ tap: 2 })
  })

  test('and comes back twice', () => {
    expect(seen([data(1), data(1), returned(data(1)), returned(data(1))]).copies).toEqual({ tap: 2, hairpin: 1 })
  })
})

test('more packets than are remembered do not mislead', () => {
  const tap = new Tap({ duplicates: 'auto' })
  for (let sequence = 0; sequence < 70_000; sequence++)
    tap.frame(genevePacket(data(sequence & 0xffff, { ttl: sequence >> 16 })), sequence / 1e6)
  tap.frame(genevePacket(returned(data(69_999 & 0xffff))), 0.08)
  expect(tap.table.ledger.copies).toEqual({ hairpin: 1 })
})
