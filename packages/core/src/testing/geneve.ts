import { bits, concat, uint8, uint16, uint24 } from './bytes.ts'
import { ETHERNET, etherTypeOf } from './ether-type.ts'

export interface GeneveOptionFields {
  readonly class?: number
  /** All 8 bits: a critical option has 128 or more. */
  readonly type?: number
  /** The three R bits. */
  readonly reserved?: number
  /** In words of 4 bytes, as the header says it; by default what is there. */
  readonly length?: number
  /** A multiple of 4 bytes, up to 124. */
  readonly data?: Uint8Array
  /** Instead of `data`: so many words of 0xab bytes. */
  readonly words?: number
}

export interface GeneveFields {
  readonly version?: number
  /** In words of 4 bytes, as the header says it; by default what is there. */
  readonly optionsLength?: number
  readonly control?: boolean
  /** By default set exactly when an option is critical. */
  readonly critical?: boolean
  /** The six bits behind C. */
  readonly reserved?: number
  /** By the payload's first byte: IPv4, IPv6, else Ethernet. */
  readonly protocolType?: number
  readonly vni?: number
  /** The byte behind the VNI. */
  readonly reservedByte?: number
  readonly options?: readonly GeneveOptionFields[]
}

/** A GENEVE packet (RFC 8926, 3.4): the payload of a UDP datagram to GENEVE_PORT. */
export function geneve(fields: GeneveFields, payload: Uint8Array): Uint8Array {
  const options = concat(...(fields.options ?? []).map(geneveOption))
  const critical = fields.critical ?? fields.options?.some((option) => (option.type ?? 0) >= 0x80) ?? false
  return concat(
    bits([fields.version ?? 0, 2], [fields.optionsLength ?? options.byteLength / 4, 6]),
    bits([fields.control ? 1 : 0, 1], [critical ? 1 : 0, 1], [fields.reserved ?? 0, 6]),
    uint16(fields.protocolType ?? etherTypeOf(payload, ETHERNET)),
    uint24(fields.vni ?? 0),
    uint8(fields.reservedByte ?? 0),
    options,
    payload,
  )
}

/** A GENEVE option (RFC 8926, 3.5). */
export function geneveOption(fields: GeneveOptionFields): Uint8Array {
  const data = fields.data ?? new Uint8Array((fields.words ?? 0) * 4).fill(0xab)
  return concat(
    uint16(fields.class ?? 0xffff),
    uint8(fields.type ?? 0),
    bits([fields.reserved ?? 0, 3], [fields.length ?? data.byteLength / 4, 5]),
    data,
  )
}

/** The options that stand in these bytes, whole ones only, as `geneve` takes them: what an encoder wrote. */
export function geneveOptions(bytes: Uint8Array): readonly GeneveOptionFields[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const options: GeneveOptionFields[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const next = at + 4 + (view.getUint8(at + 3) & 0x1f) * 4
    options.push({ class: view.getUint16(at), type: view.getUint8(at + 2), data: bytes.slice(at + 4, next) })
    at = next
  }
  return options
}

/** The UDP port of GENEVE. */
export const GENEVE_PORT: number = 6081
