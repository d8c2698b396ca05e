import { fragmentHeader, type GenevePacketFields, genevePacket, udp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { back, endpoint, Tap } from './tap.ts'

const PORTS = { sourcePort: 5000, destinationPort: 53 }
const rest = { protocol: 17, bytes: () => new Uint8Array(16) }
const IPV6 = { source: '2001:db8:1::1', destination: '2001:db8:1::2' }

type Forms = Readonly<Record<string, (id: number, offset: number, moreFragments: boolean) => GenevePacketFields['inner']>>
const FORMS: Forms = {
  IPv4: (id, fragmentOffset, moreFragments) => ({ id, fragmentOffset, moreFragments }),
  IPv6: (id, offset, moreFragments) => ({ ...IPV6, extensionHeaders: [fragmentHeader({ id, offset, moreFragments })] }),
}

describe.each(Object.entries(FORMS))('fragments of %s', (_, form) => {
  const first = (id: number, more: GenevePacketFields = {}): GenevePacketFields => ({
    inner: form(id, 0, true)!,
    segment: udp(PORTS, new Uint8Array(16)),
    ...more,
  })
  const later = (id: number, offset: number, more: GenevePacketFields = {}): GenevePacketFields => ({
    inner: form(id, offset, offset < 40)!,
    segment: rest,
    ...more,
  })

  test('are packets of the flow that their first one has the ports of', () => {
    const tap = new Tap({ duplicates: 'auto' }).packets(first(7), later(7, 24), later(7, 40), first(8), later(8, 40))
    expect(tap.flows()).toMatchObject([{ ...PORTS, forward: { packets: 5 }, reverse: { packets: 0 } }])
    expect(tap.table.ledger).toMatchObject({ unattributed: {}, copies: {} })
  })

  test('of an answer are of the other side', () => {
    const answer = back({ inner: form(9, 0, true)! })
    const tap = new Tap().packets(first(7), {
      ...first(9),
      ...answer,
      segment: udp({ sourcePort: 53, destinationPort: 5000 }, new Uint8Array(16)),
    })
    tap.packets({ ...later(9, 40), ...back({ inner: form(9, 40, false)! }) })
    expect(tap.flows()).toMatchObject([{ forward: { packets: 1 }, reverse: { packets: 2 } }])
  })

  test('without their first one are of no flow: it was not seen, is of another scope, too old, or its flow has ended', () => {
    const unknown = (tap: Tap): number | undefined => tap.table.ledger.unattributed['inner-fragment']
    expect(unknown(new Tap().packets(later(7, 24), first(7)))).toBe(1)
    expect(unknown(new Tap().packets(first(7), later(8, 24)))).toBe(1)
    expect(unknown(new Tap().packets(first(7, { vni: 1 }), later(7, 24, { vni: 2 })))).toBe(1)
    expect(unknown(new Tap().packets(first(7, { options: [endpoint('a')] }), later(7, 24, { options: [endpoint('b')] })))).toBe(1)
    const times = (seconds: number): Tap => new Tap().frame(genevePacket(first(7)), 0).frame(genevePacket(later(7, 24)), seconds)
    expect(unknown(times(30))).toBeUndefined()
    expect(unknown(times(31))).toBe(1)
    const other = { segment: udp({ sourcePort: 1, destinationPort: 2 }) }
    expect(unknown(new Tap({ maxFlows: 1 }).packets(first(7), other, later(7, 24)))).toBe(1)
  })

  test('that are many push each other out, and all are somewhere', () => {
    const tap = new Tap()
    const count = 20_000
    for (let id = 1; id <= count; id++) tap.frame(genevePacket(first(id)), 0)
    for (let id = 1; id <= count; id++) tap.frame(genevePacket(later(id, 24)), 0)
    const { live, unattributed } = tap.table.ledger
    expect(live + unattributed['inner-fragment']!).toBe(2 * count)
    expect(live - count).toBeGreaterThan(3_000)
    expect(live - count).toBeLessThanOrEqual(4_096)
  })
})
