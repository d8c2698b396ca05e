import type { Analyzer, FlowEnd, FlowView } from '@geneve-telemetry/core'
import { addressText, type PacketView, protocolName } from '@geneve-telemetry/core/wire'
import { endpoint } from '../packet-text.ts'

/** Bytes of a row: both addresses, as long as IPv6's. */
const ADDRESSES = 32
const DESTINATION = 16
/** Numbers of a row. */
const NUMBERS = 10
const PACKETS = 0
const BYTES = 1
const PACKETS_BEFORE = 2
const BYTES_BEFORE = 3
/** Protocol, ports, VNI: of the packet that began the flow. */
const PROTOCOL = 4
const SOURCE_PORT = 5
const DESTINATION_PORT = 6
const VNI = 7
const PACKETS_MARKED = 8
const BYTES_MARKED = 9

/** What is 0 for a row without a flow, else the IP version of its packets; and with this bit, side 1 is the initiator. */
const VERSION_MASK = 7
const INITIATOR_1 = 8

/** What has come of a flow, both ways. */
export interface FlowTraffic {
  readonly packets: number
  readonly bytes: number
  /** Of these what came since the mark before the last one. */
  readonly newPackets: number
  readonly newBytes: number
}

/** Counts for each flow that is open what came altogether and since the last look. Flat arrays by the flow table's rows: a packet allocates nothing. */
export class OpenFlows implements Analyzer {
  readonly name: string = 'open-flows'
  readonly #kinds: Uint8Array
  readonly #numbers: Float64Array
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** No row above it was used. */
  #used = 0

  constructor(maxFlows: number) {
    this.#kinds = new Uint8Array(maxFlows + 1)
    this.#numbers = new Float64Array((maxFlows + 1) * NUMBERS)
    this.#bytes = new Uint8Array((maxFlows + 1) * ADDRESSES)
    this.#view = new DataView(this.#bytes.buffer)
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    if (flow === undefined) return
    const { row, side, direction } = flow
    if (flow.isNew) this.#begin(row, packet)
    // Who began it may be known only by a later packet.
    this.#kinds[row] = (this.#kinds[row]! & VERSION_MASK) | (side === direction ? 0 : INITIATOR_1)
    const at = row * NUMBERS
    this.#numbers[at + PACKETS] = this.#numbers[at + PACKETS]! + 1
    this.#numbers[at + BYTES] = this.#numbers[at + BYTES]! + Math.max(packet.innerLength, 0)
  }

  flow({ row }: FlowView, reason: FlowEnd): void {
    if (reason !== 'active-timeout') this.#kinds[row] = 0
  }

  advance(): void {}

  finish(): void {}

  /** The rows with flows. */
  *rows(): Generator<number, void, undefined> {
    for (let row = 1; row <= this.#used; row++) if (this.#kinds[row] !== 0) yield row
  }

  trafficOf(row: number): FlowTraffic {
    const numbers = this.#numbers
    const at = row * NUMBERS
    const packets = numbers[at + PACKETS]!
    const bytes = numbers[at + BYTES]!
    return { packets, bytes, newPackets: packets - numbers[at + PACKETS_BEFORE]!, newBytes: bytes - numbers[at + BYTES_BEFORE]! }
  }

  /** A refresh is over: what came since the last mark, and what comes until the next one, is new. */
  mark(): void {
    const numbers = this.#numbers
    for (let at = NUMBERS; at <= this.#used * NUMBERS; at += NUMBERS) {
      numbers[at + PACKETS_BEFORE] = numbers[at + PACKETS_MARKED]!
      numbers[at + BYTES_BEFORE] = numbers[at + BYTES_MARKED]!
      numbers[at + PACKETS_MARKED] = numbers[at + PACKETS]!
      numbers[at + BYTES_MARKED] = numbers[at + BYTES]!
    }
  }

  /** The side that began the flow. */
  initiatorOf(row: number): 0 | 1 {
    return (this.#kinds[row]! & INITIATOR_1) === 0 ? 0 : 1
  }

  protocolOf(row: number): string {
    return protocolName(this.#numbers[row * NUMBERS + PROTOCOL]!)
  }

  vniOf(row: number): number {
    return this.#numbers[row * NUMBERS + VNI]!
  }

  /** Address and port of one end, side 0 being who sent the first packet. */
  endOf(row: number, side: 0 | 1): string {
    const at = row * ADDRESSES + side * DESTINATION
    const port = this.#numbers[row * NUMBERS + SOURCE_PORT + side]!
    const version = (this.#kinds[row]! & VERSION_MASK) === 6 ? 6 : 4
    return endpoint(addressText(this.#view, at, version), port < 0 ? undefined : port)
  }

  #begin(row: number, packet: PacketView): void {
    const { view, innerVersion } = packet
    const length = innerVersion === 6 ? 16 : 4
    const at = row * ADDRESSES
    for (let index = 0; index < length; index++) {
      this.#bytes[at + index] = view.getUint8(packet.innerSource + index)
      this.#bytes[at + DESTINATION + index] = view.getUint8(packet.innerDestination + index)
    }
    this.#kinds[row] = innerVersion
    this.#numbers.fill(0, row * NUMBERS, (row + 1) * NUMBERS)
    this.#numbers[row * NUMBERS + PROTOCOL] = packet.protocol
    this.#numbers[row * NUMBERS + SOURCE_PORT] = packet.innerSourcePort
    this.#numbers[row * NUMBERS + DESTINATION_PORT] = packet.innerDestinationPort
    this.#numbers[row * NUMBERS + VNI] = packet.vni
    if (row > this.#used) this.#used = row
  }
}
