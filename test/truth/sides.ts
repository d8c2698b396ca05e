import type { FlowRecord, FlowSide } from '@geneve-telemetry/core'
import type { FlowTruth, SideTruth } from '@geneve-telemetry/generator'

/** What went one way between two ends in one scope, all flows that used the same addresses and ports together. */
export interface Side {
  readonly flows: number
  readonly packets: number
  readonly bytes: number
  readonly returnedPackets: number
  readonly returnedBytes: number
  readonly tcpFlags: number
}

/** By scope, protocol, and the ends in this direction. */
export type Sides = Map<string, Side>

const NOTHING: Side = { flows: 0, packets: 0, bytes: 0, returnedPackets: 0, returnedBytes: 0, tcpFlags: 0 }

/** What the truth says was sent. */
export function trueSides(flows: readonly FlowTruth[]): Sides {
  const sides: Sides = new Map()
  for (const flow of flows) {
    const { initiator, responder, scope, protocol, icmp_id: id } = flow
    add(sides, keyOf(scope, protocol, initiator, responder, id), sent(initiator))
    add(sides, keyOf(scope, protocol, responder, initiator, id), sent(responder))
  }
  return sides
}

/** What flow records say came. An echo's flow has no ports. */
export function recordedSides(flows: readonly FlowRecord[]): Sides {
  const sides: Sides = new Map()
  for (const flow of flows) {
    const scope = String(flow.telemetry?.['Amazon']?.['gwlb_endpoint_id'])
    const source = { address: flow.source, port: flow.sourcePort ?? 0 }
    const destination = { address: flow.destination, port: flow.destinationPort ?? 0 }
    add(sides, keyOf(scope, flow.protocol, source, destination), came(flow.forward))
    add(sides, keyOf(scope, flow.protocol, destination, source), came(flow.reverse))
  }
  return sides
}

interface End {
  readonly address: string
  readonly port: number
}

/** Echoes are told apart by their identifier, which flow records do not have: those between the same two are compared together. */
function keyOf(scope: string, protocol: number, from: End, to: End, echo?: number): string {
  const port = ({ port }: End): number => (echo === undefined ? port : 0)
  return `${scope} ${protocol} ${from.address}:${port(from)} > ${to.address}:${port(to)}`
}

function sent({ packets, bytes, returned_packets: returnedPackets, returned_bytes: returnedBytes, tcp_flags: tcpFlags }: SideTruth): Side {
  return { flows: 1, packets, bytes, returnedPackets, returnedBytes, tcpFlags }
}

function came({ packets, bytes, returnedPackets = 0, returnedBytes = 0, tcpFlags }: FlowSide): Side {
  return { flows: 1, packets, bytes, returnedPackets, returnedBytes, tcpFlags }
}

function add(sides: Sides, key: string, more: Side): void {
  const side = sides.get(key) ?? NOTHING
  sides.set(key, {
    flows: side.flows + more.flows,
    packets: side.packets + more.packets,
    bytes: side.bytes + more.bytes,
    returnedPackets: side.returnedPackets + more.returnedPackets,
    returnedBytes: side.returnedBytes + more.returnedBytes,
    tcpFlags: side.tcpFlags | more.tcpFlags,
  })
}
