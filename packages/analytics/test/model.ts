import type { FlowEnd } from '@geneve-telemetry/core'
import { type GenevePacketFields, hex, icmp, tcp, udp } from '@geneve-telemetry/core/testing'
import { endpoint } from './tap.ts'

/** A packet of a small world, in which flows meet often. */
export interface WorldPacket {
  readonly from: number
  readonly to: number
  readonly version: 4 | 6
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly fromPort: number
  readonly toPort: number
  readonly flags: string
  readonly sequence: number
  readonly acknowledgement: number
  readonly vni: number
  readonly scope: string
  readonly vlan: number
  readonly outerFrom: number
  readonly outerTo: number
  readonly seconds: number
}

const innerAddress = (host: number, version: number): string => (version === 4 ? `192.0.2.${host}` : `2001:db8:${host}::1`)

/** The frame of such a packet. An ICMP packet is an echo, a request where its first port is the smaller one, with the sum of both as its identifier. */
export function fieldsOf(packet: WorldPacket): GenevePacketFields {
  const ports = { sourcePort: packet.fromPort, destinationPort: packet.toPort }
  const type = packet.fromPort < packet.toPort ? 8 : 0
  const segment = {
    tcp: () => tcp({ ...ports, flags: packet.flags, sequence: packet.sequence, acknowledgement: packet.acknowledgement }),
    udp: () => udp(ports),
    icmp: () => icmp({ type, rest: (packet.fromPort + packet.toPort) * 65536 }),
  }[packet.protocol]()
  return {
    vni: packet.vni,
    options: packet.scope === '' ? [] : [endpoint(packet.scope), { class: 0x0108, type: 3, data: hex('00000001') }],
    outer: { source: `10.0.0.${packet.outerFrom}`, destination: `10.0.0.${packet.outerTo}` },
    ...(packet.vlan > 0 && { innerEthernet: { vlans: [packet.vlan] } }),
    inner: { source: innerAddress(packet.from, packet.version), destination: innerAddress(packet.to, packet.version) },
    segment,
  }
}

interface Side {
  packets: number
  flags: Set<string>
  vni: number | undefined
  /** The sequence number before its first byte, of TCP. */
  base: number | undefined
  /** Flags of all parts. */
  readonly ever: Set<string>
}

/** A flow as the rules say it, in plain words and maps. */
export interface ModelFlow {
  readonly frame: number
  readonly tuple: string
  readonly reversed: string
  readonly scoped: boolean
  /** The same as `reversed`, without the scope. */
  readonly endsReversed: string
  /** It began with a SYN. */
  readonly hasSyn: boolean
  /** Of the second scope, as its side B sends. */
  second: { readonly tuple: string; readonly reversed: string } | undefined
  readonly outer: string
  readonly sides: readonly [Side, Side]
  /** Where the VNI is the scope: the one that the packets of each side have. */
  vnis: [number | undefined, number | undefined]
  initiator: 0 | 1
  bySyn: boolean
  start: number
  end: number
  stamp: number
  part: number
  readonly protocol: WorldPacket['protocol']
  reason: FlowEnd
  final: boolean
}

/** Of the table in the test. */
export const TIMEOUTS = { activeSeconds: 8, tcpIdleSeconds: 20, idleSeconds: 12, closedSeconds: 3 }

/** What FlowTable does, written for reading: all flows are looked through for each packet. */
export class Model {
  readonly ended: ModelFlow[] = []
  ambiguous = 0
  unjoined = 0
  readonly #maxFlows: number
  /** The least recently used first. */
  #flows: ModelFlow[] = []
  #frame = 0
  #opened = 0
  #now = Number.NEGATIVE_INFINITY

  constructor(maxFlows: number) {
    this.#maxFlows = maxFlows
  }

  packet(packet: WorldPacket): void {
    this.#frame++
    if (packet.seconds > this.#now) {
      this.#now = packet.seconds
      for (const flow of this.#flows) if (flow.end + timeoutOf(flow) < this.#now) this.#end(flow, 'idle')
    }
    const known = this.#find(packet)
    if (known !== undefined && isNewConnection(known.flow.sides[known.side], packet)) this.#end(known.flow, 'reused')
    const { flow, side } = this.#find(packet) ?? this.#question(packet) ?? this.#acknowledged(packet) ?? this.#open(packet)
    if (packet.seconds - flow.start >= TIMEOUTS.activeSeconds) this.#cut(flow, packet)
    learnBases(flow, side, packet)
    const { packets, flags, ever, vni } = flow.sides[side]
    if (vni === undefined) flow.vnis[side] = packet.vni
    flow.sides[side].packets = packets + 1
    flow.sides[side].vni = vni ?? packet.vni
    if (packet.protocol === 'tcp') {
      for (const flag of packet.flags) {
        flags.add(flag)
        ever.add(flag)
      }
      if (packet.flags.includes('S') && !flow.bySyn) {
        flow.bySyn = true
        flow.initiator = packet.flags.includes('A') ? other(side) : side
      }
    }
    flow.start = Math.min(flow.start, packet.seconds)
    flow.end = Math.max(flow.end, packet.seconds)
    if (flow.stamp !== this.#epoch || this.#epochLength === 0) {
      this.#flows = [...this.#flows.filter((one) => one !== flow), flow]
      flow.stamp = this.#epoch
    }
  }

  finish(): void {
    for (const flow of this.#flows.toSorted((one, two) => one.frame - two.frame)) this.#end(flow, 'end-of-input')
  }

  get #epochLength(): number {
    return Math.floor(this.#maxFlows / 16)
  }

  get #epoch(): number {
    return this.#epochLength === 0 ? this.#opened : Math.floor(this.#opened / this.#epochLength)
  }

  #find(packet: WorldPacket): { flow: ModelFlow; side: 0 | 1 } | undefined {
    for (const flow of this.#flows) {
      const side = sideOf(flow, packet)
      if (side !== undefined && (flow.scoped || flow.vnis[side] === packet.vni)) return { flow, side }
    }
    return undefined
  }

  #question(packet: WorldPacket): { flow: ModelFlow; side: 0 | 1 } | undefined {
    if (packet.scope !== '' || (packet.protocol === 'tcp' && packet.flags.includes('S') && !packet.flags.includes('A'))) return undefined
    const found = this.#flows.filter(
      (flow) => sideOf(flow, packet) === 1 && flow.sides[1].vni === undefined && flow.outer === `${packet.outerTo}>${packet.outerFrom}`,
    )
    if (found.length > 1) this.ambiguous++
    return found.length === 1 ? { flow: found[0]!, side: 1 } : undefined
  }

  #acknowledged(packet: WorldPacket): { flow: ModelFlow; side: 1 } | undefined {
    const { protocol, scope, flags, acknowledgement } = packet
    if (scope === '' || protocol !== 'tcp' || isSyn(packet)) return undefined
    const candidates = this.#flows.filter(
      (flow) => flow.scoped && flow.hasSyn && flow.sides[1].vni === undefined && flow.endsReversed === endsOf(packet),
    )
    const found = candidates.filter((flow) => flags.includes('S') && flow.sides[0].base === acknowledgement - 1)
    if (found.length !== 1) {
      if (candidates.length > 0) this.unjoined++
      return undefined
    }
    const [flow] = found as [ModelFlow]
    if (this.#isFull) {
      if (this.#flows[0] === flow) return undefined
      this.#end(this.#flows[0]!, 'evicted')
    }
    flow.second = { tuple: tupleOf(packet), reversed: tupleOf(reverse(packet)) }
    return { flow, side: 1 }
  }

  /** A second key takes the place of a flow. */
  get #isFull(): boolean {
    return this.#flows.length + this.#flows.filter(({ second }) => second !== undefined).length === this.#maxFlows
  }

  #open(packet: WorldPacket): { flow: ModelFlow; side: 0 } {
    if (this.#isFull) this.#end(this.#flows[0]!, 'evicted')
    const isTaken = this.#flows.some((flow) => {
      const side = sideOf(flow, packet)
      return side !== undefined && flow.vnis[other(side)] === packet.vni
    })
    const flow: ModelFlow = {
      frame: this.#frame,
      tuple: tupleOf(packet),
      reversed: tupleOf(reverse(packet)),
      scoped: packet.scope !== '',
      endsReversed: endsOf(reverse(packet)),
      hasSyn: isSyn(packet),
      second: undefined,
      outer: `${packet.outerFrom}>${packet.outerTo}`,
      sides: [
        { packets: 0, flags: new Set(), vni: undefined, base: undefined, ever: new Set() },
        { packets: 0, flags: new Set(), vni: undefined, base: undefined, ever: new Set() },
      ],
      vnis: [packet.vni, isTaken ? undefined : packet.vni],
      initiator: 0,
      bySyn: false,
      start: packet.seconds,
      end: packet.seconds,
      stamp: -1,
      part: 0,
      protocol: packet.protocol,
      reason: 'end-of-input',
      final: true,
    }
    this.#opened++
    this.#flows.push(flow)
    return { flow, side: 0 }
  }

  /** What there is so far is a part; the packet is the first one of the next. */
  #cut(flow: ModelFlow, packet: WorldPacket): void {
    const sides = flow.sides.map((side) => ({ ...side, flags: new Set(side.flags) })) as unknown as ModelFlow['sides']
    this.ended.push({ ...flow, sides, reason: 'active-timeout', final: false })
    flow.part++
    flow.start = packet.seconds
    for (const side of flow.sides) {
      side.packets = 0
      side.flags.clear()
    }
  }

  #end(flow: ModelFlow, reason: ModelFlow['reason']): void {
    flow.reason = isReset(flow) ? 'rst' : isClosed(flow) ? 'fin' : reason
    this.ended.push(flow)
    this.#flows = this.#flows.filter((one) => one !== flow)
  }
}

function isSyn({ protocol, flags }: WorldPacket): boolean {
  return protocol === 'tcp' && flags.includes('S') && !flags.includes('A')
}

function timeoutOf(flow: ModelFlow): number {
  if (flow.protocol !== 'tcp') return TIMEOUTS.idleSeconds
  return isReset(flow) || isClosed(flow) ? TIMEOUTS.closedSeconds : TIMEOUTS.tcpIdleSeconds
}

function isReset({ sides }: ModelFlow): boolean {
  return sides.some(({ ever }) => ever.has('R'))
}

function isClosed({ sides }: ModelFlow): boolean {
  return sides.every(({ ever }) => ever.has('F'))
}

function isNewConnection({ base }: Side, { protocol, flags, sequence }: WorldPacket): boolean {
  return protocol === 'tcp' && flags.includes('S') && !flags.includes('A') && base !== undefined && base !== sequence
}

/** What a side's first packet says of it, and what the first one with an acknowledgement says of the other. */
function learnBases(flow: ModelFlow, side: 0 | 1, { protocol, flags, sequence, acknowledgement }: WorldPacket): void {
  const [me, peer] = [flow.sides[side], flow.sides[other(side)]]
  if (protocol !== 'tcp') return
  me.base ??= flags.includes('S') ? sequence : sequence - 1
  if (flags.includes('A')) peer.base ??= acknowledgement - 1
}

const other = (side: 0 | 1): 0 | 1 => (side === 0 ? 1 : 0)

function sideOf(flow: ModelFlow, packet: WorldPacket): 0 | 1 | undefined {
  const tuple = tupleOf(packet)
  if (tuple === flow.tuple || tuple === flow.second?.reversed) return 0
  return tuple === flow.reversed || tuple === flow.second?.tuple ? 1 : undefined
}

function reverse(packet: WorldPacket): WorldPacket {
  return { ...packet, from: packet.to, to: packet.from, fromPort: packet.toPort, toPort: packet.fromPort }
}

/** All of the key but the VNI. */
function tupleOf(packet: WorldPacket): string {
  return `${endsOf(packet)} ${packet.scope}`
}

function endsOf({ version, protocol, from, to, fromPort, toPort, vlan }: WorldPacket): string {
  const ports = protocol === 'icmp' ? `${fromPort < toPort ? 'request' : 'reply'} ${fromPort + toPort}` : `${fromPort}>${toPort}`
  return `${version} ${protocol} ${from}>${to} ${ports} ${vlan}`
}
