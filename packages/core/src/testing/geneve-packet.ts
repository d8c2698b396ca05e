import type { EthernetFields } from './ethernet.ts'
import { ethernet } from './ethernet.ts'
import type { GeneveFields } from './geneve.ts'
import { GENEVE_PORT, geneve } from './geneve.ts'
import type { IpFields } from './ip.ts'
import { ip } from './ip.ts'
import type { Segment } from './segment.ts'
import type { TcpFields } from './tcp.ts'
import { tcp } from './tcp.ts'
import type { UdpFields } from './udp.ts'
import { udp } from './udp.ts'

/** A whole frame, outermost first; beside these stand the GENEVE header's own fields. */
export interface GenevePacketFields extends GeneveFields {
  readonly ethernet?: EthernetFields
  /** For IPv6 give both addresses. */
  readonly outer?: IpFields
  readonly udp?: UdpFields
  /** Puts an Ethernet header between GENEVE and the inner packet. */
  readonly innerEthernet?: EthernetFields
  readonly inner?: IpFields
  readonly tcp?: TcpFields
  /** What the inner IP packet carries, instead of TCP. */
  readonly segment?: Segment
  /** All behind the GENEVE header, instead of the inner packet. */
  readonly payload?: Uint8Array
}

/** An Ethernet frame with a GENEVE packet from 10.0.0.1 to 10.0.0.2, and in it a TCP segment from 192.0.2.1 to 192.0.2.2, as far as not said otherwise. */
export function genevePacket(fields: GenevePacketFields = {}): Uint8Array {
  const datagram = udp({ sourcePort: 60001, destinationPort: GENEVE_PORT, ...fields.udp }, geneveDatagram(fields))
  return ethernet(fields.ethernet ?? {}, ip({ source: '10.0.0.1', destination: '10.0.0.2', ...fields.outer }, datagram))
}

/** The same from the GENEVE header on: what a socket bound to the GENEVE port receives. */
export function geneveDatagram(fields: GenevePacketFields = {}): Uint8Array {
  const inner = ip(fields.inner ?? {}, fields.segment ?? tcp(fields.tcp ?? {}))
  return geneve(fields, fields.payload ?? (fields.innerEthernet === undefined ? inner : ethernet(fields.innerEthernet, inner)))
}
