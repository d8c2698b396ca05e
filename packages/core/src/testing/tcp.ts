import { bits, concat, uint8, uint16, uint32 } from './bytes.ts'
import type { Checksum, Segment } from './segment.ts'
import { patched, transportChecksum } from './segment.ts'

/** Each is written only if it is given, in this order, padded to whole words with no-operations. */
export interface TcpOptions {
  readonly mss?: number
  /** The shift count. */
  readonly windowScale?: number
  readonly sackPermitted?: boolean
  /** Left and right edges of up to four blocks. */
  readonly sack?: readonly (readonly [left: number, right: number])[]
  readonly timestamps?: { readonly value: number; readonly echo: number }
}

export interface TcpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly sequence?: number
  readonly acknowledgement?: number
  /** In words of 4 bytes. */
  readonly dataOffset?: number
  /** The four bits between data offset and flags. */
  readonly reserved?: number
  /** `SA`, letters of FSRPAUEC in any order; or the number. */
  readonly flags?: string | number
  readonly window?: number
  readonly checksum?: Checksum
  readonly urgentPointer?: number
  /** By name, or a multiple of 4 bytes. */
  readonly options?: TcpOptions | Uint8Array
}

const TCP = 6
const HEADER_LENGTH = 20
const CHECKSUM_OFFSET = 16
const FLAGS = 'FSRPAUEC'
const NO_OPERATION = 1

/** A TCP segment (RFC 9293, 3.1). */
export function tcp(fields: TcpFields, payload: Uint8Array = new Uint8Array(0)): Segment {
  const options = fields.options instanceof Uint8Array ? fields.options : tcpOptions(fields.options ?? {})
  const unsigned = concat(
    uint16(fields.sourcePort ?? 49152),
    uint16(fields.destinationPort ?? 80),
    uint32(fields.sequence ?? 0),
    uint32(fields.acknowledgement ?? 0),
    bits([fields.dataOffset ?? (HEADER_LENGTH + options.byteLength) / 4, 4], [fields.reserved ?? 0, 4]),
    uint8(typeof fields.flags === 'number' ? fields.flags : tcpFlags(fields.flags ?? 'A')),
    uint16(fields.window ?? 65535),
    uint16(0),
    uint16(fields.urgentPointer ?? 0),
    options,
    payload,
  )
  return {
    protocol: TCP,
    bytes: (addresses) => patched(unsigned, CHECKSUM_OFFSET, transportChecksum(TCP, addresses, unsigned, fields.checksum)),
  }
}

/** The flag bits of letters out of FSRPAUEC. Throws RangeError on another letter. */
export function tcpFlags(letters: string): number {
  return [...letters].reduce((flags, letter) => {
    const bit = FLAGS.indexOf(letter)
    if (bit < 0) throw new RangeError(`flags: '${letter}' is none of ${FLAGS}`)
    return flags | (1 << bit)
  }, 0)
}

function tcpOptions(options: TcpOptions): Uint8Array {
  const written: Uint8Array[] = []
  if (options.mss !== undefined) written.push(tcpOption(2, uint16(options.mss)))
  if (options.windowScale !== undefined) written.push(tcpOption(3, uint8(options.windowScale)))
  if (options.sackPermitted) written.push(tcpOption(4))
  if (options.sack !== undefined) written.push(tcpOption(5, ...options.sack.flat().map(uint32)))
  if (options.timestamps !== undefined) written.push(tcpOption(8, uint32(options.timestamps.value), uint32(options.timestamps.echo)))
  const bytes = concat(...written)
  return concat(bytes, new Uint8Array((4 - (bytes.byteLength % 4)) % 4).fill(NO_OPERATION))
}

function tcpOption(kind: number, ...values: readonly Uint8Array[]): Uint8Array {
  const value = concat(...values)
  return concat(uint8(kind), uint8(2 + value.byteLength), value)
}
