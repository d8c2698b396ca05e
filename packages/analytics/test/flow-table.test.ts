import { genevePacket, gre, hex, icmp, icmpv6, ipv4, rawSegment, sctp, tcp, udp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { back, endpoint, Tap } from './tap.ts'

const TLS = { tcp: { sourcePort: 40000, destinationPort: 443 } }
const syn = { tcp: { ...TLS.tcp, flags: 'S' } }
const synAck = back({ tcp: { ...TLS.tcp, flags: 'SA' } })

describe('a flow', () => {
  test('is both directions of a connection, the sender of the SYN first', () => {
    const [flow, ...rest] = new Tap().packets({ vni: 7, ...syn }, { vni: 7, ...synAck }, { vni: 7, ...TLS }).flows()
    expect(rest).toEqual([])
    expect(flow).toMatchObject({
      kind: 'flow',
      id: 'test-f1-0',
      flow: 'test-f1',
      part: 0,
      final: true,
      reason: 'end-of-input',
      observer: 'tap-1',
      frame: 1,
      start: { seconds: 1_700_000_000, nanos: 0 },
      end: { seconds: 1_700_000_002, nanos: 0 },
      version: 4,
      protocol: 6,
      source: '192.0.2.1',
      destination: '192.0.2.2',
      sourcePort: 40000,
      destinationPort: 443,
      initiator: 'syn',
      vlan: [],
      encapsulation: [],
      outerSource: '10.0.0.1',
      outerDestination: '10.0.0.2',
      forward: { packets: 2, bytes: 80, tunnelBytes: 2 * 90, tcpFlags: 0x12, vni: 7 },
      reverse: { packets: 1, bytes: 40, tunnelBytes: 90, tcpFlags: 0x12, vni: 7 },
    })
    expect(flow).not.toHaveProperty('telemetry')
    expect(flow).not.toHaveProperty('firstSource')
    expect(flow).not.toHaveProperty('icmpType')
  })

  test('begins with the receiver of a SYN/ACK, also where that is the first packet', () => {
    const [flow] = new Tap().packets(synAck).flows()
    expect(flow).toMatchObject({ source: '192.0.2.1', sourcePort: 40000, initiator: 'syn', outerSource: '10.0.0.2' })
    expect(flow?.forward).toEqual({ packets: 0, bytes: 0, tunnelBytes: 0, tcpFlags: 0 })
    expect(flow?.reverse.packets).toBe(1)
  })

  test('without a SYN begins with the sender of its first packet', () => {
    const [flow] = new Tap().packets(back(TLS), TLS).flows()
    expect(flow).toMatchObject({ source: '192.0.2.2', sourcePort: 443, initiator: 'first-packet' })
  })

  test('turns round when a SYN comes late, once', () => {
    const data = { ...TLS, tcp: { ...TLS.tcp, sequence: 1, acknowledgement: 1 } }
    const [flow] = new Tap().packets(back(data), syn, synAck, back(syn)).flows()
    expect(flow).toMatchObject({ source: '192.0.2.1', sourcePort: 40000, initiator: 'syn' })
    expect(flow?.forward.packets).toBe(1)
    expect(flow?.reverse.packets).toBe(3)
  })

  test('has the time of its earliest and latest packets, whatever their order', () => {
    const tap = new Tap()
    for (const seconds of [5.5, 5.25, 9, 2.75, 8.999999999, 9, 2.75]) tap.frame(genevePacket(TLS), seconds)
    expect(tap.flows()[0]).toMatchObject({
      start: { seconds: 1_700_000_002, nanos: 750_000_000 },
      end: { seconds: 1_700_000_009, nanos: 0 },
      frame: 1,
    })
  })

  test('counts bytes as the headers say, captured or not', () => {
    const bytes = genevePacket({ segment: udp({ sourcePort: 1, destinationPort: 2 }, new Uint8Array(1000)) })
    const [flow] = new Tap().frame(bytes.slice(0, bytes.byteLength - 1000), 0, 1, bytes.byteLength).flows()
    expect(flow?.forward).toMatchObject({ packets: 1, bytes: 1028, tunnelBytes: bytes.byteLength })
  })

  test('of IPv6', () => {
    const inner = { source: '2001:db8::1', destination: '2001:db8:1::1' }
    const outer = { source: 'fd00::1', destination: 'fd00::2' }
    const [flow, ...rest] = new Tap()
      .packets({ outer, inner, ...syn }, back({ outer, inner, ...syn, tcp: { ...syn.tcp, flags: 'SA' } }))
      .flows()
    expect(rest).toEqual([])
    expect(flow).toMatchObject({ version: 6, ...inner, outerSource: 'fd00::1', outerDestination: 'fd00::2', sourcePort: 40000 })
    expect(flow?.forward).toMatchObject({ packets: 1, bytes: 60 })
  })

  test('of IPv6 knows each of the 128 bits', () => {
    const segment = rawSegment(50, new Uint8Array(16))
    const source = ['2001:db8::1', '2001:db8:0:1::1', '2001:db8::1:0:1', '3001:db8::1', '2001:db8::1:1']
    const pairs = source.flatMap((one) => source.map((other) => ({ inner: { source: one, destination: other }, segment })))
    const flows = new Tap().packets(...pairs, ...pairs).flows()
    // Both orders of a pair are one flow, and an address with itself is one.
    expect(flows.length).toBe((5 * 4) / 2 + 5)
    for (const flow of flows) expect(flow.forward.packets + flow.reverse.packets).toBe(flow.source === flow.destination ? 2 : 4)
  })

  test('keeps what the options of its first packet said, and the tunnels inside the tunnel', () => {
    const packet = {
      options: [endpoint('27e34706d70df471'), { class: 0x0108, type: 3, data: hex('7a846ce4') }],
      inner: { source: '172.16.0.1', destination: '172.16.0.2' },
      segment: gre(
        {},
        ipv4({ source: '192.0.2.1', destination: '192.0.2.2' }, tcp({ sourcePort: 40000, destinationPort: 443, flags: 'SA' })),
      ),
    }
    const later = { ...packet, options: [endpoint('27e34706d70df471'), { class: 0x0108, type: 3, data: hex('00000001') }] }
    const [flow, ...rest] = new Tap().packets(packet, later).flows()
    expect(rest).toEqual([])
    expect(flow).toMatchObject({
      source: '192.0.2.2',
      encapsulation: ['gre'],
      firstSource: '172.16.0.2',
      firstDestination: '172.16.0.1',
      telemetry: { Amazon: { gwlb_endpoint_id: 'vpce-027e34706d70df471', flow_cookie: '7a846ce4' } },
      reverse: { packets: 2 },
    })
  })

  test.each([
    [
      'udp',
      udp({ sourcePort: 5, destinationPort: 53 }),
      udp({ sourcePort: 53, destinationPort: 5 }),
      { protocol: 17, sourcePort: 5, destinationPort: 53 },
    ],
    [
      'sctp',
      sctp({ sourcePort: 5, destinationPort: 7 }),
      sctp({ sourcePort: 7, destinationPort: 5 }),
      { protocol: 132, sourcePort: 5, destinationPort: 7 },
    ],
    ['another protocol', rawSegment(50, new Uint8Array(8)), rawSegment(50, new Uint8Array(12)), { protocol: 50 }],
  ])('of %s', (_name, there, andBack, expected) => {
    const flows = new Tap().packets({ segment: there }, { ...back({}), segment: andBack }).flows()
    expect(flows.length).toBe(1)
    expect(flows[0]).toMatchObject({
      ...expected,
      initiator: 'first-packet',
      forward: { packets: 1, tcpFlags: 0 },
      reverse: { packets: 1 },
    })
    if (expected.protocol === 50) expect(flows[0]).not.toHaveProperty('sourcePort')
  })
})

describe('ICMP', () => {
  const pairs = [
    [8, 0],
    [13, 14],
    [15, 16],
    [10, 9],
    [17, 18],
  ]
  const pairs6 = [
    [128, 129],
    [133, 134],
    [135, 136],
    [130, 131],
    [139, 140],
    [144, 145],
  ]
  const inner6 = { source: '2001:db8::1', destination: '2001:db8::2' }

  test.each(pairs)('of types %i and %i is one flow', (request, reply) => {
    const [flow, ...rest] = new Tap().packets({ segment: icmp({ type: request }) }, { ...back({}), segment: icmp({ type: reply }) }).flows()
    expect(rest).toEqual([])
    expect(flow).toMatchObject({ protocol: 1, icmpType: request, icmpCode: 0, forward: { packets: 1 }, reverse: { packets: 1 } })
    expect(flow).not.toHaveProperty('sourcePort')
  })

  test.each(pairs6)('of ICMPv6 types %i and %i is one flow', (request, reply) => {
    const there = { inner: inner6, segment: icmpv6({ type: request }) }
    const flows = new Tap().packets(there, { ...back(there), segment: icmpv6({ type: reply }) }).flows()
    expect(flows.length).toBe(1)
    expect(flows[0]).toMatchObject({ protocol: 58, icmpType: request, forward: { packets: 1 }, reverse: { packets: 1 } })
  })

  test('of all other types goes one way, told apart by type and code', () => {
    const types = Array.from({ length: 256 }, (_, type) => type).filter((type) => !pairs.flat().includes(type))
    const tap = new Tap()
    for (const type of types) {
      for (const code of [0, 1, type]) {
        tap.packets({ segment: icmp({ type, code }) }, { ...back({}), segment: icmp({ type, code }) })
      }
    }
    const flows = tap.flows()
    expect(flows.length).toBe(types.reduce((sum, type) => sum + 2 * new Set([0, 1, type]).size, 0))
    for (const flow of flows) expect(flow.reverse.packets).toBe(0)
    expect(flows.find(({ icmpType, icmpCode }) => icmpType === 3 && icmpCode === 1)).toBeDefined()
  })

  test('a request the other way is another flow than its answer', () => {
    const flows = new Tap().packets({ segment: icmp({ type: 8 }) }, { ...back({}), segment: icmp({ type: 8 }) }).flows()
    expect(flows.length).toBe(2)
  })

  test.each([
    ['ICMP', (id: number) => ({ segment: icmp({ type: 8, rest: id * 65536 }) })],
    ['ICMPv6', (id: number) => ({ inner: inner6, segment: icmpv6({ type: 128, rest: id * 65536 }) })],
  ])('an echo of %s is told apart by its identifier', (_name, echo) => {
    expect(new Tap().packets(...[0, 1, 255, 256, 65535, 1].map(echo)).flows().length).toBe(5)
  })

  test('an echo whose identifier is cut belongs to no flow', () => {
    const bytes = genevePacket({ inner: inner6, segment: icmpv6({ type: 128 }, new Uint8Array(8)) })
    const tap = new Tap()
    for (const cut of [0, 8, 9, 12, 13]) tap.frame(bytes.slice(0, bytes.byteLength - cut), 0, 1, bytes.byteLength)
    expect(tap.flows().map(({ forward }) => forward.packets)).toEqual([2])
    expect(tap.table.ledger).toEqual({ closed: 2, live: 0, unattributed: { 'issue:truncated': 3 }, copies: {} })
  })
})
