import type { IssueKind } from '../../wire/issue.ts'
import { IS_GENEVE } from '../../wire/packet-view.ts'
import { GENEVE_PORT, type GeneveOptionFields, geneve } from '../geneve.ts'
import { type GenevePacketFields, geneveDatagram, genevePacket } from '../geneve-packet.ts'
import { hex } from '../hex.ts'
import { ip } from '../ip.ts'
import { ipv4 } from '../ipv4.ts'
import { LINKTYPE } from '../link-type.ts'
import type { Segment } from '../segment.ts'
import { tcp } from '../tcp.ts'
import { udp } from '../udp.ts'

/** One of every kind of packet that the decoder is there for. The tests of cuts, neighbours, random bytes and mutations all run over this table. */
export interface SamplePacket {
  readonly name: string
  readonly linkType: number
  readonly bytes: Uint8Array
  readonly outcome: number
  /** What is wrong with it. */
  readonly issue?: IssueKind
  /**
   * The layers that a decoder has to read, outermost first, each with how many of its bytes it needs: first for the fixed part, then, as the fixed part says,
   * for more. The next layer begins behind the last number, or, where a number has a `+`, behind the one before it. Absent where lengths inside the packet lie.
   */
  readonly layers?: string
}

/** A scope, an option without a role, and a cookie, as a load balancer sends them. */
export const LOAD_BALANCER_OPTIONS: readonly GeneveOptionFields[] = [
  { class: 0x0108, type: 1, data: hex('01234567 89abcdef') },
  { class: 0x0108, type: 2, data: hex('00000000 00000000') },
  { class: 0x0108, type: 3, data: hex('deadbeef') },
]
export const V6: { readonly source: string; readonly destination: string } = { source: '2001:db8::1', destination: '2001:db8::2' }
/** Layers in the short form of `SamplePacket.layers`. */
export const OUTER: string = 'link 14 > ip 20 > udp 8'
export const TCP_IN_IPV4: string = 'inner-ip 20 > inner-tcp 20'

/** The outer IP packet, without a link header. */
export function network(fields: GenevePacketFields = {}): Uint8Array {
  return ip(
    { source: '10.0.0.1', destination: '10.0.0.2', ...fields.outer },
    udp({ destinationPort: GENEVE_PORT, ...fields.udp }, geneveDatagram(fields)),
  )
}

/** A frame of Ethernet with a GENEVE packet, as far as `more` does not say otherwise. */
export function sample(name: string, bytes: Uint8Array, layers: string | undefined, more: Partial<SamplePacket> = {}): SamplePacket {
  return { name, linkType: LINKTYPE.ethernet, bytes, outcome: IS_GENEVE, ...(layers === undefined ? {} : { layers }), ...more }
}

/** The packet inside all tunnels. */
export const innermost = (): Uint8Array =>
  ipv4({ source: '198.51.100.1', destination: '198.51.100.2' }, tcp({ flags: 'PA' }, hex('01020304')))
const innerGeneve = (payload: Uint8Array): Segment => udp({ destinationPort: GENEVE_PORT }, geneve({}, payload))

/** GENEVE in GENEVE, `depth` times. */
export function nestedPacket(depth: number): Uint8Array {
  let packet = innermost()
  for (let level = 0; level < depth; level++) packet = ipv4({}, innerGeneve(packet))
  return genevePacket({ payload: packet })
}
