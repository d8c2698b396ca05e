import { IPV4_LENGTH, IPV6_LENGTH, internetChecksum, udpChecksum } from '@geneve-telemetry/core/encode'
import type { Arena } from './arena.ts'
import { type Content, REGION_MASK } from './content.ts'
import type { Events } from './events.ts'
import type { Flows } from './flows.ts'
import { writeRecordHeader } from './pcap.ts'
import type { Connections } from './tcp/connections.ts'
import { TCP_LENGTH, tcpOptionsLength, writeTcpHeader } from './tcp/header.ts'
import type { Templates } from './templates.ts'
import type { Vpc } from './world.ts'

const TCP = 6
const UDP = 17
const ICMP = 1
const DATAGRAM_LENGTH = 8
const ONES = 0xffff
const NODE_TIME_TO_LIVE = 255

/**
 * Writes packets in flight as the tap sees them: into the appliance, and out of it with outer addresses swapped. All checksums are right. None takes a walk over
 * the packet: what does not change was summed before, and an inner packet whose own checksum is right adds up to its pseudo-header's complement (as in local
 * checksum offload).
 */
export class PacketWriter {
  /** Frames written, and their bytes without record headers. */
  frames = 0
  bytes = 0
  readonly #arena: Arena
  readonly #events: Events
  readonly #flows: Flows
  readonly #connections: Connections
  readonly #templates: Templates
  readonly #content: Content
  readonly #vpcs: readonly Vpc[]
  readonly #startSeconds: number

  constructor(
    arena: Arena,
    world: { events: Events; flows: Flows; connections: Connections; templates: Templates; content: Content; vpcs: readonly Vpc[] },
    startSeconds: number,
  ) {
    this.#arena = arena
    this.#events = world.events
    this.#flows = world.flows
    this.#connections = world.connections
    this.#templates = world.templates
    this.#content = world.content
    this.#vpcs = world.vpcs
    this.#startSeconds = startSeconds
  }

  /** Writes a frame that is already made. */
  frame(frame: Uint8Array, now: number): void {
    const at = writeRecordHeader(this.#arena.view, this.#arena.at, this.#startSeconds, now, frame.byteLength)
    this.#arena.bytes.set(frame, at)
    this.#arena.at = at + frame.byteLength
    this.frames++
    this.bytes += frame.byteLength
  }

  /** Writes the packet of an event. Returns the length of its inner IP packet. */
  packet(event: number, now: number, isReturned: boolean): number {
    const flow = this.#events.flow[event]!
    const protocol = this.#flows.protocol[flow]!
    const header = protocol === TCP ? TCP_LENGTH + tcpOptionsLength(this.#events, this.#connections, event) : DATAGRAM_LENGTH
    const transportLength = header + this.#events.payloadLength[event]!
    const innerLength = transportLength + (this.#flows.version[flow] === 4 ? IPV4_LENGTH : IPV6_LENGTH)
    const outerLength = this.#templates.outerLength[flow]!
    const length = outerLength + innerLength
    const { view } = this.#arena
    const at = writeRecordHeader(view, this.#arena.at, this.#startSeconds, now, length)
    const innerSum = this.#inner(event, at + outerLength, innerLength, header)
    this.#outer(flow, at, length - this.#templates.linkLength, innerSum, isReturned)
    this.#arena.at = at + length
    this.frames++
    this.bytes += length
    return innerLength
  }

  /** |  link  |  IP  |  UDP  |  GENEVE  |  options  |  of a packet whose inner one adds `innerSum` to the checksum. `length` is the outer IP packet's. */
  #outer(flow: number, at: number, length: number, innerSum: number, isReturned: boolean): void {
    const { view, bytes } = this.#arena
    const { outerLength, outerIpSum, tunnelSum, linkLength } = this.#templates
    const template = this.#arena.outer(flow)
    bytes.copyWithin(at, template, template + outerLength[flow]!)
    const ip = at + linkLength
    let ipSum = outerIpSum[flow]! + length
    if (isReturned) {
      const { node, appliance, applianceTimeToLive } = this.#vpcs[this.#flows.vpc[flow]!]!
      view.setUint32(ip + 12, appliance)
      view.setUint32(ip + 16, node)
      view.setUint8(ip + 8, applianceTimeToLive)
      ipSum += ONES - (NODE_TIME_TO_LIVE - applianceTimeToLive) * 256
      if (linkLength > 0) {
        bytes.copyWithin(at, template + 6, template + 12)
        bytes.copyWithin(at + 6, template, template + 6)
      }
    }
    view.setUint16(ip + 2, length)
    view.setUint16(ip + 10, internetChecksum(ipSum))
    const udp = ip + IPV4_LENGTH
    const udpLength = length - IPV4_LENGTH
    view.setUint16(udp + 4, udpLength)
    view.setUint16(udp + 6, udpChecksum(tunnelSum[flow]! + udpLength * 2 + innerSum))
  }

  /** Returns what the inner packet adds to a checksum, which is congruent to its bytes' sum. */
  #inner(event: number, at: number, innerLength: number, header: number): number {
    const { view, bytes } = this.#arena
    const { version, protocol } = this.#flows
    const flow = this.#events.flow[event]!
    const side = this.#events.side[event]!
    const template = this.#arena.inner(flow, side)
    const isIpv4 = version[flow] === 4
    const ipLength = isIpv4 ? IPV4_LENGTH : IPV6_LENGTH
    bytes.copyWithin(at, template, template + ipLength)
    const { innerIpSum, pseudoSum } = this.#templates
    const transportLength = innerLength - ipLength
    let ipSum = 0
    if (isIpv4) {
      const id = this.#events.identification[event]!
      view.setUint16(at + 2, innerLength)
      view.setUint16(at + 4, id)
      view.setUint16(at + 10, internetChecksum(innerIpSum[flow * 2 + side]! + innerLength + id))
    } else {
      view.setUint16(at + 4, transportLength)
      ipSum = innerIpSum[flow * 2 + side]! + transportLength
    }
    const pseudo = protocol[flow] === ICMP ? 0 : pseudoSum[flow]! + transportLength
    this.#transport(event, at + ipLength, transportLength, header, pseudo)
    // The segment and its pseudo-header add up to all ones; pseudoSum has the ports too, which are the segment's own.
    const ports = protocol[flow] === TCP || protocol[flow] === UDP ? this.#flows.port[flow * 2]! + this.#flows.port[flow * 2 + 1]! : 0
    return ipSum + ONES - ((pseudo - ports) % ONES)
  }

  /** `sum` is that of pseudo-header and ports. */
  #transport(event: number, at: number, length: number, header: number, sum: number): void {
    const { view, bytes } = this.#arena
    const { flow: flowOf, side: sideOf, payloadLength: lengthOf, sequence, acknowledged, flags } = this.#events
    const flow = flowOf[event]!
    const side = sideOf[event]!
    const payloadLength = lengthOf[event]!
    const { protocol, port, content } = this.#flows
    const payload = at + header
    if (protocol[flow] === TCP) {
      const from = content[flow * 2 + side]! + ((sequence[event]! - 1) & REGION_MASK)
      if (payloadLength > 0) {
        bytes.copyWithin(payload, from, from + payloadLength)
        sum += this.#content.sum(from, payloadLength)
      }
      sum += writeTcpHeader(view, at, header, this.#events, this.#connections, this.#flows, event)
      view.setUint16(at + 16, internetChecksum(sum))
      return
    }
    const from = sequence[event]!
    bytes.copyWithin(payload, from, from + payloadLength)
    sum += this.#content.sum(from, payloadLength)
    const patch = acknowledged[event]!
    if (protocol[flow] === UDP) {
      view.setUint16(at, port[flow * 2 + side]!)
      view.setUint16(at + 2, port[flow * 2 + (side ^ 1)]!)
      view.setUint16(at + 4, length)
      view.setUint16(payload, patch)
      view.setUint16(at + 6, udpChecksum(sum + length + patch))
      return
    }
    // |     Type      |     Code      |          Checksum             |     RFC 792 and RFC 4443: an echo, and its answer
    // |           Identifier          |        Sequence Number        |
    const identifier = port[flow * 2]!
    view.setUint16(at, flags[event]! * 256)
    view.setUint16(at + 4, identifier)
    view.setUint16(at + 6, patch)
    view.setUint16(at + 2, internetChecksum(sum + flags[event]! * 256 + identifier + patch))
  }
}
