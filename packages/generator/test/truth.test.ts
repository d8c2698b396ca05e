import { awsRecord } from '@geneve-telemetry/core/vendors/aws'
import { addressText, IS_GENEVE, ipv4Text, type PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'
import type { FlowTruth, SideTruth, TruthLine } from '../src/index.ts'
import { type Made, make, packetsOf } from './made.ts'

const IMPAIRED = { loss: 0.02, reorder: 0.01, duplicate: 0.01, 'zero-window': 0.1, keepalive: 0.1, wrap: 0.2 }
const PACKETS = 12_000
const record = awsRecord()

const RUNS = [
  { name: 'unimpaired', made: make({ seed: 1, packets: PACKETS }) },
  { name: 'without Ethernet', made: make({ seed: 2, packets: PACKETS, link: 'raw' }) },
  { name: 'impaired', made: make({ seed: 3, packets: PACKETS, impair: IMPAIRED }) },
  { name: 'spread over a day', made: make({ seed: 4, packets: PACKETS, rate: PACKETS / 86_400 }) },
]

type Counted = Pick<SideTruth, 'packets' | 'bytes' | 'returned_packets' | 'returned_bytes' | 'tcp_flags'>

/** What is compared, by scope, protocol and one side's way through the flow: of flows that use ports again, all together. */
type Sides = Record<string, Counted>

describe.each(RUNS)('$name', ({ made }) => {
  test('every packet decodes without an issue, in the order of time', () => {
    let frames = 0
    let before = 0
    for (const packet of packetsOf(made)) {
      frames++
      expect(packet.outcome).toBe(IS_GENEVE)
      expect(packet.issue, `frame ${packet.frame}`).toBe(0)
      const time = packet.seconds * 1e9 + packet.nanos
      expect(time).toBeGreaterThanOrEqual(before)
      before = time
    }
    expect(frames).toBe(PACKETS)
  })

  test('the truth has each packet and each byte of each flow', () => {
    expect(decodedSides(made)).toEqual(toldSides(made.flows))
  })

  test('a flow begins where the truth says, and ends in time', () => {
    const first = new Map(made.flows.map((flow) => [flow.first_frame, flow]))
    let seen = 0
    for (const packet of packetsOf(made)) {
      const flow = first.get(packet.frame)
      if (flow === undefined) continue
      seen++
      expect(keyOf(packet)).toBe(sideKey(flow, flow.initiator.packets > 0 && isFrom(packet, flow.initiator) ? 0 : 1))
      expect({ seconds: packet.seconds, nanos: packet.nanos }).toEqual(flow.start)
    }
    expect(seen).toBe(made.flows.length)
  })

  test('records that stand alone say what the truth says, frame by frame', () => {
    const told = new Map(made.truth.flatMap((line) => (line.kind === 'told' ? [[line.frame, line.values] as const] : [])))
    let alone = 0
    for (const packet of packetsOf(made)) {
      if (packet.control === 0) continue
      alone++
      const decoded = record.decode(packet.view, packet.optionsStart, packet.optionsEnd)
      expect(decoded?.entries.filter(({ issue }) => issue !== undefined)).toEqual([])
      expect(decoded?.values).toEqual(told.get(packet.frame))
      expect(packet.protocolType).toBe(0)
      expect(packet.payload).toBe(packet.end)
    }
    expect(alone).toBe(told.size)
    expect(alone).toBe(made.totals.packets_told)
    expect(alone).toBeGreaterThan(PACKETS / 200)
  })

  test('packets that carry a record carry that of their flow', () => {
    const values = new Map(made.flows.flatMap((flow) => (flow.told === undefined ? [] : [[flow.cookie, flow.told] as const])))
    let carrying = 0
    for (const packet of packetsOf(made)) {
      if (packet.record < 0 || packet.control === 1) continue
      carrying++
      const cookie = packet.view.getUint32(packet.cookie).toString(16).padStart(8, '0')
      expect(record.decode(packet.view, packet.optionsStart, packet.optionsEnd)?.values).toEqual(values.get(cookie))
    }
    expect(carrying).toBe(made.totals.packets_with_record)
    expect(carrying).toBeGreaterThan(0)
  })

  test('the totals are those of the capture', () => {
    const options: Record<string, number> = {}
    const counts = { packets: 0, bytes: 0, packets_inward: 0, packets_returned: 0, packets_told: 0, inner_bytes: 0 }
    const nodes = nodesOf(made.truth)
    for (const packet of packetsOf(made)) {
      counts.packets++
      counts.bytes += packet.wireLength
      if (packet.control === 1) counts.packets_told++
      else if (nodes.has(ipv4Text(packet.view, packet.outerSource))) counts.packets_inward++
      else counts.packets_returned++
      counts.inner_bytes += Math.max(0, packet.innerLength)
      for (const name of optionsIn(packet)) options[name] = (options[name] ?? 0) + 1
    }
    const retransmissions = sum(made.flows.flatMap(({ initiator, responder }) => [initiator.retransmissions, responder.retransmissions]))
    expect(made.totals).toMatchObject({ ...counts, options, flows: made.flows.length, retransmissions })
  })
})

test('every service tells of itself', () => {
  const services = new Set(RUNS[0]!.made.truth.flatMap((line) => (line.kind === 'told' ? [line.values['service_type']] : [])))
  expect([...services].sort()).toEqual(
    ['VPC', 'VPC_ENDPOINT', 'NAT_GATEWAY', 'ECS', 'EKS', 'FARGATE', 'ALB', 'NLB', 'CLOUDFRONT', 'TRANSIT_GATEWAY', 'DIRECT_CONNECT'].sort(),
  )
})

test('the incidents are there, each with what it is', () => {
  const incidents = RUNS[0]!.made.truth.flatMap((line) => (line.kind === 'incident' ? [line] : []))
  expect(incidents.map(({ incident }) => incident)).toEqual(['syn_flood', 'port_scan', 'noisy_neighbour'])
  const [flood, scan, noisy] = incidents
  expect(flood!.flows).toBeGreaterThan(20)
  expect(flood!.ports).toBe(1)
  expect(scan!.ports).toBe(scan!.flows)
  expect(noisy!.bytes / noisy!.packets).toBeGreaterThan(500)
})

/** What the decoder and nothing else says of the capture. */
function decodedSides(made: Made): Sides {
  const nodes = nodesOf(made.truth)
  const sides: Sides = {}
  for (const packet of packetsOf(made)) {
    if (packet.control === 1) continue
    const isInward = nodes.has(ipv4Text(packet.view, packet.outerSource))
    add(sides, keyOf(packet), {
      packets: isInward ? 1 : 0,
      bytes: isInward ? packet.innerLength : 0,
      returned_packets: isInward ? 0 : 1,
      returned_bytes: isInward ? 0 : packet.innerLength,
      tcp_flags: Math.max(0, packet.tcpFlags),
    })
  }
  return sides
}

function toldSides(flows: readonly FlowTruth[]): Sides {
  const sides: Sides = {}
  for (const flow of flows) {
    if (flow.initiator.packets > 0) add(sides, sideKey(flow, 0), flow.initiator)
    if (flow.responder.packets > 0) add(sides, sideKey(flow, 1), flow.responder)
  }
  return sides
}

function add(sides: Sides, key: string, more: Counted): void {
  const side = sides[key] ?? { packets: 0, bytes: 0, returned_packets: 0, returned_bytes: 0, tcp_flags: 0 }
  sides[key] = {
    packets: side.packets + more.packets,
    bytes: side.bytes + more.bytes,
    returned_packets: side.returned_packets + more.returned_packets,
    returned_bytes: side.returned_bytes + more.returned_bytes,
    tcp_flags: side.tcp_flags | more.tcp_flags,
  }
}

function keyOf(packet: PacketView): string {
  const { view, scope, protocol, innerVersion, innerSource, innerDestination, innerSourcePort, innerDestinationPort } = packet
  const endpoint = view.getBigUint64(scope).toString(16).padStart(16, '0')
  const isEcho = packet.icmp >= 0
  const source = isEcho ? view.getUint16(packet.transport + 4) : innerSourcePort
  const destination = isEcho ? 0 : innerDestinationPort
  const [from, to] = [addressText(view, innerSource, innerVersion), addressText(view, innerDestination, innerVersion)]
  return `vpce-0${endpoint} ${protocol} ${from} ${source} ${to} ${destination}`
}

function sideKey({ scope, protocol, icmp_id, initiator, responder }: FlowTruth, side: 0 | 1): string {
  const [from, to] = side === 0 ? [initiator, responder] : [responder, initiator]
  return `${scope} ${protocol} ${from.address} ${icmp_id ?? from.port} ${to.address} ${icmp_id === undefined ? to.port : 0}`
}

function isFrom(packet: PacketView, side: SideTruth): boolean {
  return addressText(packet.view, packet.innerSource, packet.innerVersion) === side.address
}

function* optionsIn(packet: PacketView): Iterable<string> {
  const { view } = packet
  for (let at = packet.optionsStart; at < packet.optionsEnd; at += 4 + (view.getUint8(at + 3) & 0x1f) * 4) {
    yield `0x${view.getUint16(at).toString(16).padStart(4, '0')}/${view.getUint8(at + 2)}`
  }
}

function nodesOf(truth: readonly TruthLine[]): ReadonlySet<string> {
  return new Set(truth.flatMap((line) => (line.kind === 'scenario' ? line.vpcs.map(({ node }) => node) : [])))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
