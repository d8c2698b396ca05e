import type { PacketView } from '@geneve-telemetry/core/wire'
import { ipv4Text } from '@geneve-telemetry/core/wire'
import { type Made, packetsOf } from './made.ts'

/** A TCP segment as the tap sees it on its way into the appliance. */
export interface Segment {
  readonly frame: number
  readonly sequence: number
  readonly acknowledged: number
  readonly length: number
  readonly flags: number
  readonly window: number
  /** Of the inner IPv4 header; -1 in IPv6. */
  readonly id: number
  /** All from the GENEVE header on. */
  readonly tunnelled: Uint8Array
}

const TCP = 6

/** The segments of each side of each connection, by cookie and source port. */
export function segmentsOf(made: Made): ReadonlyMap<string, readonly Segment[]> {
  const nodes = nodesOf(made)
  const sides = new Map<string, Segment[]>()
  for (const packet of packetsOf(made)) {
    if (packet.protocol !== TCP || !nodes.has(ipv4Text(packet.view, packet.outerSource))) continue
    const key = `${packet.view.getUint32(packet.cookie).toString(16).padStart(8, '0')} ${packet.innerSourcePort}`
    const side = sides.get(key) ?? []
    sides.set(key, side)
    side.push(segmentOf(packet))
  }
  return sides
}

export function nodesOf({ truth }: Made): ReadonlySet<string> {
  const [scenario] = truth
  return new Set(scenario?.kind === 'scenario' ? scenario.vpcs.map(({ node }) => node) : [])
}

function segmentOf({ view, transport, payloadLength, tcpFlags, frame, ipId, geneve, end }: PacketView): Segment {
  return {
    frame,
    sequence: view.getUint32(transport + 4),
    acknowledged: view.getUint32(transport + 8),
    length: payloadLength,
    flags: tcpFlags,
    window: view.getUint16(transport + 14),
    id: ipId,
    tunnelled: new Uint8Array(view.buffer, view.byteOffset + geneve, end - geneve).slice(),
  }
}
