import {
  addWords,
  GENEVE_LENGTH,
  IPV4_LENGTH,
  IPV6_LENGTH,
  UDP_LENGTH,
  writeEthernet,
  writeGeneve,
  writeIpv4,
  writeIpv6,
  writeUdp,
} from '@geneve-telemetry/core/encode'
import type { Arena } from './arena.ts'
import { type Flows, MOST_FLOWS } from './flows.ts'
import { ipv6Bytes, type Vpc } from './world.ts'

const GENEVE_PORT = 6081
const UDP = 17
const TCP = 6
const IPV4 = 0x0800
const IPV6 = 0x86dd
/** The load balancer sends with it, and with identification 0 and without DF. */
const NODE_TIME_TO_LIVE = 255
const DONT_FRAGMENT = 0x4000
/** Locally administered; the appliance's zone is told apart in the last byte. */
const NODE_HARDWARE = 0x0200_0000_0100
const APPLIANCE_HARDWARE = 0x0200_0000_0200

// |          Option Class         |      Type     |R|R|R| Length  |     the three that a Gateway Load Balancer sends, in this order
const ENDPOINT_OPTION = 0x0108_0102
const ATTACHMENT_OPTION = 0x0108_0202
const COOKIE_OPTION = 0x0108_0301
const GWLB_OPTIONS_LENGTH = 32

/**
 * The headers that all packets of a flow have alike, and the sums of their words for checksums; both outer directions have the same sums, because their addresses
 * are the same two.
 */
export class Templates {
  /** From the frame's first byte to the inner packet. */
  readonly outerLength: Uint16Array = new Uint16Array(MOST_FLOWS)
  /** Of the outer IP header, without its length and checksum. */
  readonly outerIpSum: Uint32Array = new Uint32Array(MOST_FLOWS)
  /** Of the outer pseudo-header, UDP header, GENEVE header and options, without lengths. */
  readonly tunnelSum: Uint32Array = new Uint32Array(MOST_FLOWS)
  /** Of the inner pseudo-header, without its length, and of the ports where there are any. */
  readonly pseudoSum: Uint32Array = new Uint32Array(MOST_FLOWS)
  /** Of the inner IP header either side sends, without length, identification and checksum. */
  readonly innerIpSum: Uint32Array = new Uint32Array(MOST_FLOWS * 2)
  readonly linkLength: number
  readonly #arena: Arena
  readonly #flows: Flows
  readonly #vpcs: readonly Vpc[]

  constructor(arena: Arena, flows: Flows, vpcs: readonly Vpc[], linkLength: number) {
    this.#arena = arena
    this.#flows = flows
    this.#vpcs = vpcs
    this.linkLength = linkLength
  }

  /** Writes the headers of a flow whose columns say who it is; `record` is what stands behind the load balancer's own options. */
  prepare(flow: number, record: Uint8Array): void {
    const { version, protocol } = this.#flows
    this.#prepareOuter(flow, record)
    for (let side = 0; side < 2; side++) {
      if (version[flow] === 4) this.#prepareIpv4(flow, side)
      else this.#prepareIpv6(flow, side)
    }
    const { view } = this.#arena
    const isIpv4 = version[flow] === 4
    const addresses = this.#arena.inner(flow, 0) + (isIpv4 ? 12 : 8)
    const pseudo = addWords(view, addresses, isIpv4 ? 8 : 32) + protocol[flow]!
    const hasPorts = protocol[flow] === TCP || protocol[flow] === UDP
    const { port } = this.#flows
    this.pseudoSum[flow] = hasPorts ? pseudo + port[flow * 2]! + port[flow * 2 + 1]! : pseudo
  }

  #prepareOuter(flow: number, record: Uint8Array): void {
    const { view, bytes } = this.#arena
    const { version, outerPort, cookie, vpc } = this.#flows
    const { node, appliance, endpoint, index } = this.#vpcs[vpc[flow]!]!
    const start = this.#arena.outer(flow)
    const ip = this.linkLength === 0 ? start : writeEthernet(view, start, APPLIANCE_HARDWARE + index, NODE_HARDWARE + index, IPV4)
    const udp = writeIpv4(view, ip, 0, 0, NODE_TIME_TO_LIVE, UDP, node, appliance)
    view.setUint16(ip + 10, 0)
    const geneve = writeUdp(view, udp, outerPort[flow]!, GENEVE_PORT, 0)
    const optionsLength = GWLB_OPTIONS_LENGTH + record.byteLength
    const at = writeGeneve(view, geneve, optionsLength, false, false, version[flow] === 4 ? IPV4 : IPV6, 0)
    view.setUint32(at, ENDPOINT_OPTION)
    view.setUint32(at + 4, endpoint[0])
    view.setUint32(at + 8, endpoint[1])
    view.setUint32(at + 12, ATTACHMENT_OPTION)
    view.setUint32(at + 16, 0)
    view.setUint32(at + 20, 0)
    view.setUint32(at + 24, COOKIE_OPTION)
    view.setUint32(at + 28, cookie[flow]!)
    if (record.byteLength > 0) bytes.set(record, at + GWLB_OPTIONS_LENGTH)
    this.outerLength[flow] = at + optionsLength - start
    this.outerIpSum[flow] = addWords(view, ip, IPV4_LENGTH)
    this.tunnelSum[flow] = addWords(view, ip + 12, 8, UDP) + addWords(view, udp, UDP_LENGTH + GENEVE_LENGTH + optionsLength)
  }

  #prepareIpv4(flow: number, side: number): void {
    const { view } = this.#arena
    const { protocol, address, timeToLive } = this.#flows
    const at = this.#arena.inner(flow, side)
    const end = flow * 2 + side
    writeIpv4(view, at, 0, 0, timeToLive[end]!, protocol[flow]!, address[end]!, address[end ^ 1]!)
    view.setUint16(at + 10, 0)
    if (protocol[flow] === TCP) view.setUint16(at + 6, DONT_FRAGMENT)
    this.innerIpSum[end] = addWords(view, at, IPV4_LENGTH)
  }

  #prepareIpv6(flow: number, side: number): void {
    const { view } = this.#arena
    const { protocol, address, timeToLive } = this.#flows
    const at = this.#arena.inner(flow, side)
    const end = flow * 2 + side
    writeIpv6(view, at, 0, protocol[flow]!, timeToLive[end]!, ipv6Bytes(address[end]!), ipv6Bytes(address[end ^ 1]!))
    this.innerIpSum[end] = addWords(view, at, IPV6_LENGTH)
  }
}
