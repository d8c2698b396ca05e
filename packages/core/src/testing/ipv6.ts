import { ipv6Bytes } from './address.ts'
import { bits, concat, uint8, uint16, uint32 } from './bytes.ts'
import { hex } from './hex.ts'
import type { Segment } from './segment.ts'

/** A header between the IPv6 header and the segment: its own protocol number, and its bytes once it is known what follows. */
export interface ExtensionHeader {
  readonly protocol: number
  bytes(nextHeader: number): Uint8Array
}

export interface Ipv6Fields {
  readonly source?: string
  readonly destination?: string
  readonly version?: number
  readonly trafficClass?: number
  readonly flowLabel?: number
  /** As it is; 0 for a payload beyond 65,535 bytes. */
  readonly payloadLength?: number
  /** Of the IPv6 header itself. */
  readonly nextHeader?: number
  readonly hopLimit?: number
  readonly extensionHeaders?: readonly ExtensionHeader[]
  /** Protocol of the payload: the segment's own; needed for a payload of bare bytes. */
  readonly protocol?: number
}

const FRAGMENT = 44
const AUTHENTICATION = 51
/** RFC 3692: for experimentation and testing. */
const EXPERIMENTAL_PROTOCOL = 253

/** An IPv6 packet (RFC 8200). */
export function ipv6(fields: Ipv6Fields, payload: Segment | Uint8Array): Uint8Array {
  const source = ipv6Bytes(fields.source ?? '2001:db8::1')
  const destination = ipv6Bytes(fields.destination ?? '2001:db8::2')
  let next = fields.protocol ?? (payload instanceof Uint8Array ? EXPERIMENTAL_PROTOCOL : payload.protocol)
  let data = payload instanceof Uint8Array ? payload : payload.bytes({ source, destination })
  for (const header of [...(fields.extensionHeaders ?? [])].reverse()) {
    data = concat(header.bytes(next), data)
    next = header.protocol
  }
  return concat(
    bits([fields.version ?? 6, 4], [fields.trafficClass ?? 0, 8], [fields.flowLabel ?? 0, 20]),
    uint16(fields.payloadLength ?? (data.byteLength > 0xffff ? 0 : data.byteLength)),
    uint8(fields.nextHeader ?? next),
    uint8(fields.hopLimit ?? 64),
    source,
    destination,
    data,
  )
}

/**
 * A header of next header, length in units of 8 bytes beyond the first, and `content`: hop-by-hop and destination options, routing, and the others of
 * that form (RFC 8200, 4.3 to 4.6). Content has 6 bytes or 8 more each; by default it is one PadN option.
 */
export function extensionHeader(protocol: number, content: Uint8Array = hex('0104 00000000')): ExtensionHeader {
  const units = (content.byteLength + 2) / 8 - 1
  return { protocol, bytes: (next) => concat(uint8(next), uint8(units), content) }
}

/** The option by which a hop-by-hop header gives the length of a payload beyond 65,535 bytes (RFC 2675). */
export function jumboOption(payloadLength: number): Uint8Array {
  return concat(hex('c204'), uint32(payloadLength))
}

/** A fragment header (RFC 8200, 4.5); with neither offset nor more fragments it is an atomic fragment's. `offset` in bytes, a multiple of 8. */
export function fragmentHeader(fields: { offset?: number; moreFragments?: boolean; id?: number }): ExtensionHeader {
  const place = bits([(fields.offset ?? 0) / 8, 13], [0, 2], [fields.moreFragments ? 1 : 0, 1])
  return { protocol: FRAGMENT, bytes: (next) => concat(uint8(next), uint8(0), place, uint32(fields.id ?? 0)) }
}

/** An authentication header with an integrity value of `valueLength` bytes (RFC 4302, 2). */
export function authenticationHeader(valueLength: number = 12): ExtensionHeader {
  const value = new Uint8Array(valueLength)
  return {
    protocol: AUTHENTICATION,
    bytes: (next) => concat(uint8(next), uint8((12 + valueLength) / 4 - 2), uint16(0), uint32(1), uint32(1), value),
  }
}
