import { ipv4Bytes } from './address.ts'
import { bits, concat, uint8, uint16 } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { Segment } from './segment.ts'
import { patched } from './segment.ts'

export interface Ipv4Fields {
  readonly source?: string
  readonly destination?: string
  readonly version?: number
  /** In words of 4 bytes. */
  readonly headerLength?: number
  readonly serviceType?: number
  /** As it is; 0 for a packet beyond 65,535 bytes, as Linux captures one before segmentation. */
  readonly totalLength?: number
  readonly id?: number
  readonly dontFragment?: boolean
  readonly moreFragments?: boolean
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number
  readonly ttl?: number
  /** The segment's own; needed for a payload of bare bytes. */
  readonly protocol?: number
  readonly checksum?: number
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array
}

const HEADER_LENGTH = 20
const CHECKSUM_OFFSET = 10
/** RFC 3692: for experimentation and testing. */
const EXPERIMENTAL_PROTOCOL = 253

/** An IPv4 packet (RFC 791). */
export function ipv4(fields: Ipv4Fields, payload: Segment | Uint8Array): Uint8Array {
  const source = ipv4Bytes(fields.source ?? '192.0.2.1')
  const destination = ipv4Bytes(fields.destination ?? '192.0.2.2')
  const options = fields.options ?? new Uint8Array(0)
  const data = payload instanceof Uint8Array ? payload : payload.bytes({ source, destination })
  const length = HEADER_LENGTH + options.byteLength + data.byteLength
  const header = concat(
    bits([fields.version ?? 4, 4], [fields.headerLength ?? (HEADER_LENGTH + options.byteLength) / 4, 4]),
    uint8(fields.serviceType ?? 0),
    uint16(fields.totalLength ?? (length > 0xffff ? 0 : length)),
    uint16(fields.id ?? 0),
    bits([0, 1], [fields.dontFragment ? 1 : 0, 1], [fields.moreFragments ? 1 : 0, 1], [(fields.fragmentOffset ?? 0) / 8, 13]),
    uint8(fields.ttl ?? 64),
    uint8(fields.protocol ?? (payload instanceof Uint8Array ? EXPERIMENTAL_PROTOCOL : payload.protocol)),
    uint16(0),
    source,
    destination,
    options,
  )
  return concat(patched(header, CHECKSUM_OFFSET, fields.checksum ?? internetChecksum(header)), data)
}
