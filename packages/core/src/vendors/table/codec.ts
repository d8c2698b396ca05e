import type { Field } from '../../telemetry/field.ts'
import type { FieldValue } from '../../telemetry/packet.ts'
import type { BitType } from './bit-type.ts'
import { readBits, writeBits } from './bits.ts'
import type { ByteType } from './byte-type.ts'

/** How the values of a table's field are read from an option's data, and written. */
export type Codec = Pick<Field<FieldValue>, 'read' | 'write'>

/** The data of an option has one of these lengths. */
export type Lengths = readonly [least: number, most: number]

/** A value of `count` bits from bit `first` of the data on. */
export function bitCodec(type: BitType, first: number, count: number, [least, most]: Lengths): Codec {
  const bytes = Math.max(least, roundedUp((first + count) / 8))
  return {
    read(view, offset, end) {
      const length = end - offset
      return length < bytes || length > most ? undefined : type.read(readBits(view, offset, first, count))
    },
    write(value) {
      const bits = type.write(value)
      if (bits === undefined || bits !== BigInt.asUintN(count, bits)) return undefined
      const data = new Uint8Array(bytes)
      writeBits(data, first, count, bits)
      return data
    },
  }
}

/** A value of `bytes` bytes from byte `start` of the data on; without `bytes` of all that is left of it. */
export function byteCodec(type: ByteType, start: number, bytes: number | undefined, [least, most]: Lengths): Codec {
  return {
    read(view, offset, end) {
      const length = end - offset
      const stop = bytes === undefined ? length : start + bytes
      if (length < least || length > most || stop > length || start > stop) return undefined
      return type.read(view, offset + start, offset + stop)
    },
    write(value) {
      const written = type.write(value)
      if (written === undefined) return undefined
      const stop = start + (bytes ?? written.byteLength)
      const length = Math.max(least, roundedUp(stop))
      const room = (bytes === undefined ? length : stop) - start
      if (length > most || written.byteLength > room || (written.byteLength < room && !type.isPadded)) return undefined
      const data = new Uint8Array(length)
      data.set(written, start)
      return data
    },
  }
}

/** True for each option that is there. */
export function presenceCodec([least, most]: Lengths): Codec {
  return {
    read: (_, offset, end) => (end - offset >= least && end - offset <= most ? true : undefined),
    write: (value) => (value === true ? new Uint8Array(least) : undefined),
  }
}

/** Whole words of 4 bytes. */
function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}
