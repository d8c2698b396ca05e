import { ARRIVES, BACK_AT_TAP, type Events, LOST } from './events.ts'
import { inspectionLatency } from './firewall.ts'
import type { Flows } from './flows.ts'
import type { Impairments } from './impairment.ts'
import { DUPLICATE, KEEPALIVE, RETRANSMISSION, WINDOW_PROBE } from './mark.ts'
import type { PacketWriter } from './packet-writer.ts'
import type { Random } from './random.ts'

const JITTER = 0.04
const TCP = 6
const SYN = 2
const ACK = 16
const RST = 4
/** How much later a packet comes that is overtaken, and the second of two that are one. */
const LATER_NS = 150_000
const MUCH_LATER_NS = 1_500_000
const DOUBLED_NS = 4_000

/**
 * The way of a packet: from its sender to the load balancer, where the tap sees it; into the appliance and, unless that denies it, out again past the tap; and on
 * to the receiver. What comes to the tap is counted for the truth here. Packets of one side keep their order, unless an impairment says otherwise.
 */
export class Path {
  readonly #events: Events
  readonly #flows: Flows
  readonly #random: Random
  readonly #writer: PacketWriter
  readonly #impairments: Impairments

  constructor(events: Events, flows: Flows, random: Random, writer: PacketWriter, impairments: Impairments) {
    this.#events = events
    this.#flows = flows
    this.#random = random
    this.#writer = writer
    this.#impairments = impairments
  }

  /** Takes a packet from its sender at a time. */
  enter(event: number, departure: number): void {
    const { loss, reorder, duplicate } = this.#impairments
    const { oneWay, lastAtTap, lostBefore, reordered, duplicated } = this.#flows
    const end = this.#endOf(event)
    const random = this.#random
    this.#flows.pending[this.#events.flow[event]!]! += 1
    if (loss > 0 && random.chance(loss / 2)) {
      lostBefore[end]! += 1
      this.#events.kind[event] = LOST
      this.#events.schedule(event, departure)
      return
    }
    let time = departure + Math.floor(oneWay[end]! * (1 + JITTER * random.unit()))
    if (reorder > 0 && random.chance(reorder)) {
      time += random.between(LATER_NS, MUCH_LATER_NS)
      reordered[end]! += 1
    } else {
      if (time <= lastAtTap[end]!) time = lastAtTap[end]! + 1
      lastAtTap[end] = time
    }
    if (duplicate > 0 && random.chance(duplicate)) {
      const second = this.#events.copy(event)
      this.#events.mark[second]! |= DUPLICATE
      this.#flows.pending[this.#events.flow[event]!]! += 1
      this.#events.schedule(second, time + DOUBLED_NS)
      duplicated[end]! += 1
    }
    this.#events.schedule(event, time)
  }

  /** The packet goes into the appliance. Returns false if it stays there. */
  atTap(event: number): boolean {
    const { kind, flow: flowOf, flags, mark, payloadLength } = this.#events
    const { now } = this.#events
    const flow = flowOf[event]!
    const end = this.#endOf(event)
    const flows = this.#flows
    const length = this.#writer.packet(event, now, false)
    if (flows.firstFrame[flow] === 0) {
      flows.firstFrame[flow] = this.#writer.frames
      flows.start[flow] = now
    }
    flows.end[flow] = now
    flows.packets[end]! += 1
    flows.bytes[end]! += length
    flows.payloadBytes[end]! += payloadLength[event]!
    if (flows.protocol[flow] === TCP) {
      flows.flags[end]! |= flags[event]!
      if (this.#events.window[event] === 0 && (flags[event]! & (SYN | RST)) === 0) flows.zeroWindows[end]! += 1
      this.#noteHandshake(flow, flags[event]!, now)
    }
    if (mark[event] !== 0) this.#noteMarks(end, mark[event]!)
    if (flows.isDenied[flow] === 1) return false

    const latency = inspectionLatency(this.#random)
    const back = Math.max(now + latency, flows.lastBack[end]! + 1)
    flows.lastBack[end] = back
    flows.inspected[flow]! += 1
    flows.inspectionSum[flow]! += back - now
    if (back - now < flows.inspectionMin[flow]!) flows.inspectionMin[flow] = back - now
    if (back - now > flows.inspectionMax[flow]!) flows.inspectionMax[flow] = back - now
    kind[event] = BACK_AT_TAP
    this.#events.schedule(event, back)
    return true
  }

  /** The packet comes out of the appliance. Returns false if it gets lost behind the tap. */
  backAtTap(event: number): boolean {
    const { now } = this.#events
    const end = this.#endOf(event)
    const flows = this.#flows
    flows.returnedPackets[end]! += 1
    flows.returnedBytes[end]! += this.#writer.packet(event, now, true)
    flows.end[this.#events.flow[event]!] = now
    if (this.#impairments.loss > 0 && this.#random.chance(this.#impairments.loss / 2)) {
      flows.lostAfter[end]! += 1
      return false
    }
    const arrival = Math.max(now + Math.floor(flows.oneWay[end ^ 1]! * (1 + JITTER * this.#random.unit())), flows.lastArrival[end]! + 1)
    flows.lastArrival[end] = arrival
    this.#events.kind[event] = ARRIVES
    this.#events.schedule(event, arrival)
    return true
  }

  #noteHandshake(flow: number, flags: number, now: number): void {
    const { synAt, synAckAt, handshakeAt } = this.#flows
    if (handshakeAt[flow]! >= 0) return
    if ((flags & SYN) === 0) {
      if (synAckAt[flow]! >= 0 && (flags & ACK) !== 0 && (flags & RST) === 0) handshakeAt[flow] = now
    } else if ((flags & ACK) === 0) {
      if (synAt[flow]! < 0) synAt[flow] = now
    } else if (synAckAt[flow]! < 0) synAckAt[flow] = now
  }

  #noteMarks(end: number, mark: number): void {
    const { retransmissions, probes, keepalives } = this.#flows
    if ((mark & DUPLICATE) !== 0) return
    if ((mark & RETRANSMISSION) !== 0) retransmissions[end]! += 1
    if ((mark & WINDOW_PROBE) !== 0) probes[end]! += 1
    if ((mark & KEEPALIVE) !== 0) keepalives[end]! += 1
  }

  #endOf(event: number): number {
    return this.#events.flow[event]! * 2 + this.#events.side[event]!
  }
}
