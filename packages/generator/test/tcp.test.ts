import { addWords, internetChecksum } from '@geneve-telemetry/core/encode'
import { ipv4Text, type PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'
import type { FlowTruth, SideTruth } from '../src/index.ts'
import { type Made, make, packetsOf } from './made.ts'
import { nodesOf, type Segment, segmentsOf } from './segments.ts'

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16]
const PACKETS = 10_000
const RATE = 4_000

/** What a segment moves the sequence number on by. */
const reach = ({ length, flags }: Segment): number => length + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1)
const key = (flow: FlowTruth, side: 'initiator' | 'responder'): string => `${flow.cookie} ${flow[side].port}`
const total = ({ flows }: Made, name: keyof SideTruth): number =>
  flows.reduce((sum, { initiator, responder }) => sum + Number(initiator[name]) + Number(responder[name]), 0)
const tcpFlows = ({ flows }: Made): readonly FlowTruth[] => flows.filter(({ protocol }) => protocol === 6)

describe('unimpaired', () => {
  const made = make({ seed: 11, packets: PACKETS, rate: RATE })
  const segments = segmentsOf(made)

  test('each side sends every byte once, one behind the other, from SYN to FIN', () => {
    let sides = 0
    for (const side of segments.values()) {
      sides++
      let expected = side[0]!.sequence
      expect(side[0]!.flags & (SYN | RST)).not.toBe(0)
      for (const segment of side) {
        expect(segment.sequence, `frame ${segment.frame}`).toBe(expected)
        expected = (expected + reach(segment)) >>> 0
      }
    }
    expect(sides).toBeGreaterThan(200)
  })

  test('nobody acknowledges what the tap has not seen, and all that is sent in a finished flow is acknowledged', () => {
    let finished = 0
    for (const flow of tcpFlows(made)) {
      if (flow.ending !== 'finished') continue
      finished++
      for (const [from, to] of [['initiator', 'responder'] as const, ['responder', 'initiator'] as const]) {
        const sent = segments.get(key(flow, from))!
        const answers = segments.get(key(flow, to))!
        const last = sent.at(-1)!
        const end = (last.sequence + reach(last)) >>> 0
        const behind = answers.filter(({ acknowledged, flags }) => (flags & (RST | ACK)) === ACK && (acknowledged - end) << 0 > 0)
        expect(behind).toEqual([])
        expect(answers.at(-1)!.acknowledged).toBe(end)
      }
    }
    expect(finished).toBeGreaterThan(100)
  })

  test('the round trips of the handshake are as drawn, and the appliance and jitter beside them', () => {
    for (const { handshake, round_trip, inspection, responder } of tcpFlows(made)) {
      if (handshake === undefined) continue
      const appliance = inspection!.max_ns
      expect(responder.packets).toBeGreaterThan(0)
      expect(handshake.responder_ns).toBeGreaterThanOrEqual(round_trip.responder_ns)
      expect(handshake.responder_ns).toBeLessThanOrEqual(round_trip.responder_ns * 1.04 + appliance + 1)
      expect(handshake.initiator_ns).toBeGreaterThanOrEqual(round_trip.initiator_ns)
      expect(handshake.initiator_ns).toBeLessThanOrEqual(round_trip.initiator_ns * 1.04 + appliance + 1)
    }
  })

  test('inspection latencies are distributed as the truth says', () => {
    const all = made.flows.flatMap(({ inspection }) => (inspection === undefined ? [] : [inspection]))
    // A packet that goes the slow path holds up all behind it, so flows with one say little: 12 µs + 24 µs, and what a packet waits for the one before it.
    const fast = all.filter(({ max_ns }) => max_ns < 300_000)
    const packets = fast.reduce((sum, { packets: count }) => sum + count, 0)
    const mean = fast.reduce((sum, { sum_ns }) => sum + sum_ns, 0) / packets
    expect(fast.length).toBeGreaterThan(all.length * 0.9)
    expect(mean).toBeGreaterThan(35_000)
    expect(mean).toBeLessThan(45_000)
    expect(Math.min(...all.map(({ min_ns }) => min_ns))).toBeGreaterThanOrEqual(12_000)
  })

  test('what is denied goes in and does not come back, and is denied by the first rule that matches', () => {
    const denied = made.flows.filter(({ verdict }) => verdict === 'deny')
    expect(denied.length).toBeGreaterThan(10)
    for (const { initiator, responder, rule } of denied) {
      expect([initiator.returned_packets, responder.packets, responder.returned_packets]).toEqual([0, 0, 0])
      if (initiator.address.startsWith('203.0.113.')) expect(rule).toBe(4)
      else if (responder.port === 23) expect(rule).toBe(1)
      else if (responder.port === 445) expect(rule).toBe(2)
      else expect([3, 5]).toContain(rule)
    }
  })

  test('ports are used again, and sequence numbers wrap', () => {
    expect(made.flows.filter(({ reuse_of }) => reuse_of !== undefined).length).toBeGreaterThan(0)
    const wrapping = [...segments.values()].filter((side) => side.some(({ sequence }) => sequence < side[0]!.sequence))
    expect(wrapping.length).toBeGreaterThan(0)
  })

  test('two connections with the same addresses and ports run at once in two VPCs', () => {
    const tuple = ({ initiator, responder }: FlowTruth): string =>
      `${initiator.address} ${initiator.port} ${responder.address} ${responder.port}`
    const scopes = Map.groupBy(tcpFlows(made), tuple)
    const twins = [...scopes.values()].filter((flows) => new Set(flows.map(({ scope }) => scope)).size > 1)
    expect(twins.length).toBeGreaterThan(0)
  })
})

test.each(['ethernet', 'raw'] as const)('all checksums are right: %s', (link) => {
  for (const packet of packetsOf(make({ seed: 12, packets: 3_000, link, impair: { loss: 0.05 } }))) {
    expect(badChecksums(packet), `frame ${packet.frame}`).toEqual([])
  }
})

test('a packet comes back as it went in, its outer addresses swapped', () => {
  const made = make({ seed: 13, packets: PACKETS, impair: { loss: 0.02, duplicate: 0.02, reorder: 0.01 } })
  const nodes = nodesOf(made)
  const inside = new Map<string, Uint8Array[]>()
  let back = 0
  for (const packet of packetsOf(made)) {
    if (packet.control === 1) continue
    const { view, udp, end, cookie, innerSource, outerSource, outerDestination } = packet
    const bytes = new Uint8Array(view.buffer, view.byteOffset + udp, end - udp).slice()
    const [from, to] = [ipv4Text(view, outerSource), ipv4Text(view, outerDestination)]
    const isInward = nodes.has(from)
    const side = `${isInward ? from : to} ${isInward ? to : from} ${view.getUint32(cookie)} ${view.getUint32(innerSource)}`
    const waiting = inside.get(side) ?? []
    inside.set(side, waiting)
    if (isInward) waiting.push(bytes)
    else {
      back++
      expect(bytes).toEqual(waiting.shift())
    }
  }
  expect(back).toBeGreaterThan(PACKETS / 3)
})

describe('impaired', () => {
  test('loss: what got lost is sent again until it has arrived', () => {
    const made = make({ seed: 14, packets: PACKETS, rate: RATE, impair: { loss: 0.03 } })
    const segments = segmentsOf(made)
    for (const name of ['lost_before_tap', 'lost_after_tap', 'retransmissions'] as const) expect(total(made, name)).toBeGreaterThan(20)
    let repeated = 0
    for (const flow of tcpFlows(made).filter(({ ending }) => ending === 'finished')) {
      for (const side of ['initiator', 'responder'] as const) {
        const sent = segments.get(key(flow, side))!
        expect(gapIn(sent), key(flow, side)).toBe(false)
        if (flow[side].retransmissions > 0) repeated++
      }
    }
    expect(repeated).toBeGreaterThan(5)
  })

  test('reorder: later packets come before earlier ones', () => {
    const made = make({ seed: 15, packets: PACKETS, impair: { reorder: 0.05 } })
    expect(total(made, 'reordered')).toBeGreaterThan(100)
    const late = [...segmentsOf(made).values()].filter((side) =>
      side.some(({ sequence }, at) => at > 0 && (sequence - side[at - 1]!.sequence) << 0 < 0),
    )
    expect(late.length).toBeGreaterThan(5)
  })

  test('duplicate: the capture has as many twice as the truth says', () => {
    const made = make({ seed: 16, packets: PACKETS, impair: { duplicate: 0.05 } })
    let twice = 0
    for (const side of segmentsOf(made).values()) {
      const seen = new Set<string>()
      for (const { tunnelled } of side) {
        const text = Buffer.from(tunnelled).toString('latin1')
        if (seen.has(text)) twice++
        seen.add(text)
      }
    }
    const doubled = tcpFlows(made).reduce((sum, { initiator, responder }) => sum + initiator.duplicated + responder.duplicated, 0)
    expect(twice).toBeGreaterThan(50)
    // Those whose second one comes after the last packet, and IPv6's, which have nothing that tells two acknowledgments apart.
    expect(Math.abs(twice - doubled) / doubled).toBeLessThan(0.25)
  })

  test('zero-window: windows close, are asked for and open again, and nothing is lost', () => {
    const made = make({ seed: 17, packets: PACKETS, rate: RATE, impair: { 'zero-window': 0.5 } })
    let closed = 0
    for (const side of segmentsOf(made).values())
      closed += side.filter(({ window, flags }) => window === 0 && (flags & (SYN | RST)) === 0).length
    expect(closed).toBe(total(made, 'zero_windows'))
    expect(closed).toBeGreaterThan(20)
    expect(total(made, 'window_probes')).toBeGreaterThan(5)
    expect(total(made, 'retransmissions')).toBe(0)
    expect(
      tcpFlows(made).filter(({ ending, responder }) => ending === 'finished' && responder.zero_windows + responder.window_probes > 0)
        .length,
    ).toBeGreaterThan(0)
  })

  test('keepalive: a segment without payload, one number back', () => {
    const made = make({ seed: 18, packets: PACKETS, rate: RATE, impair: { keepalive: 0.5 } })
    let asked = 0
    for (const side of segmentsOf(made).values()) {
      let next = side[0]!.sequence
      for (const segment of side) {
        if (segment.length === 0 && segment.sequence === (next - 1) >>> 0 && (segment.flags & (SYN | FIN | RST)) === 0) asked++
        else next = (segment.sequence + reach(segment)) >>> 0
      }
    }
    expect(asked).toBe(total(made, 'keepalives'))
    expect(asked).toBeGreaterThan(20)
  })

  test('wrap: most connections that send enough pass 2^32', () => {
    const sides = [...segmentsOf(make({ seed: 19, packets: PACKETS, impair: { wrap: 1 } })).values()]
    expect(sides.filter((side) => side[0]!.sequence < 2 ** 32 - 4_001 && (side[0]!.flags & RST) === 0)).toEqual([])
    expect(sides.filter((side) => side.some(({ sequence }) => sequence < 2 ** 31)).length).toBeGreaterThan(50)
  })
})

/** Whether some byte between the first one and the last never came to the tap. */
function gapIn(sent: readonly Segment[]): boolean {
  const first = sent[0]!.sequence
  const ranges = sent.map((segment) => [(segment.sequence - first) >>> 0, ((segment.sequence - first) >>> 0) + reach(segment)] as const)
  let reached = 0
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    if (from > reached) return true
    reached = Math.max(reached, to)
  }
  return false
}

function badChecksums(packet: PacketView): readonly string[] {
  const { view, outerHeader, udp, innerVersion, innerHeader, innerLength, transport, protocol } = packet
  const bad: string[] = []
  const check = (what: string, sum: number): void => {
    if (internetChecksum(sum) !== 0) bad.push(what)
  }
  check('outer IP', addWords(view, outerHeader, 20))
  const udpLength = view.getUint16(udp + 4)
  check('outer UDP', addWords(view, udp, udpLength, addWords(view, outerHeader + 12, 8, 17 + udpLength)))
  if (innerVersion === 0) return bad
  if (innerVersion === 4) check('inner IP', addWords(view, innerHeader, 20))
  const length = innerHeader + innerLength - transport
  const pseudo = innerVersion === 4 ? addWords(view, innerHeader + 12, 8) : addWords(view, innerHeader + 8, 32)
  check('inner transport', addWords(view, transport, length, protocol === 1 ? 0 : pseudo + protocol + length))
  return bad
}
