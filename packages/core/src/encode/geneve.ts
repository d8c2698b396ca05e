export const GENEVE_LENGTH: number = 8
const OPTION_LENGTH = 4
const MOST_OPTIONS = 252
const LARGEST_VNI = 0xff_ffff
const CRITICAL = 0x80

const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
const ETHERTYPE_ETHERNET = 0x6558

/** What a GENEVE packet is made of (RFC 8926, 3.4). All reserved bits are 0. */
export interface GeneveFields {
  /** 24 bits; 0 if not given. */
  readonly vni?: number
  /** All options one behind the other, each with its header, 252 bytes at most. Whether one is critical decides about the C bit. */
  readonly options?: Uint8Array
  /** The O bit: no data packet, nothing is to be forwarded. */
  readonly control?: boolean
  /** EtherType of the payload. If not given: 0 without a payload, else IPv4 or IPv6 by the payload's first four bits, else Ethernet. */
  readonly protocolType?: number
  /** Nothing if not given: what is told then stands in the options alone. */
  readonly payload?: Uint8Array
}

/**
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |     RFC 8926, 3.4
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 *
 * `optionsLength` is in bytes, a multiple of 4 up to 252. Returns where the options begin.
 */
export function writeGeneve(
  view: DataView,
  at: number,
  optionsLength: number,
  control: boolean,
  critical: boolean,
  protocolType: number,
  vni: number,
): number {
  view.setUint8(at, optionsLength >> 2)
  view.setUint8(at + 1, (control ? 0x80 : 0) | (critical ? 0x40 : 0))
  view.setUint16(at + 2, protocolType)
  view.setUint32(at + 4, vni * 256)
  return at + GENEVE_LENGTH
}

/** A GENEVE datagram, as it goes into a UDP socket. Throws RangeError on what cannot be, naming the member. */
export function encodeGeneve(fields: GeneveFields): Uint8Array {
  const bytes = new Uint8Array(geneveLength(fields))
  writeGeneveDatagram(bytes, 0, fields)
  return bytes
}

/** How many bytes it takes. */
export function geneveLength({ options, payload }: GeneveFields): number {
  return GENEVE_LENGTH + (options?.byteLength ?? 0) + (payload?.byteLength ?? 0)
}

/** Writes header, options and payload at `offset` of `bytes`. Throws RangeError before the first byte. */
export function writeGeneveDatagram(bytes: Uint8Array, offset: number, fields: GeneveFields): void {
  const { vni = 0, options = new Uint8Array(0), control = false, payload = new Uint8Array(0) } = fields
  const { protocolType = protocolTypeOf(payload) } = fields
  within('vni', vni, LARGEST_VNI)
  within('protocolType', protocolType, 0xffff)
  const critical = hasCriticalOption(options)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = writeGeneve(view, offset, options.byteLength, control, critical, protocolType, vni)
  bytes.set(options, at)
  bytes.set(payload, at + options.byteLength)
}

/** Throws RangeError naming the member unless `value` is a whole number from 0 to `most`. */
export function within(member: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new RangeError(`${member}: ${value} is not a whole number from 0 to ${most}`)
}

/**
 * |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5
 *
 * Also sees that the options' lengths add up, which a receiver asks for.
 */
function hasCriticalOption(options: Uint8Array): boolean {
  const length = options.byteLength
  if (length > MOST_OPTIONS) throw new RangeError(`options: ${length} bytes are more than ${MOST_OPTIONS}`)
  if (length % 4 !== 0) throw new RangeError(`options: ${length} bytes are not a multiple of 4`)
  let critical = false
  let at = 0
  while (at < length) {
    critical ||= options[at + 2]! >= CRITICAL
    at += OPTION_LENGTH + (options[at + 3]! & 0x1f) * 4
  }
  if (at !== length) throw new RangeError(`options: their lengths add up to ${at} bytes, and there are ${length}`)
  return critical
}

function protocolTypeOf(payload: Uint8Array): number {
  const first = payload[0]
  if (first === undefined) return 0
  if (first >> 4 === 4) return ETHERTYPE_IPV4
  return first >> 4 === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_ETHERNET
}
