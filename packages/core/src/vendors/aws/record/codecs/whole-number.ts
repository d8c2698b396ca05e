import { type Codec, fills } from './codec.ts'

/** A whole number of 1, 2 or 4 bytes, big-endian. */
class WholeNumber implements Codec {
  readonly type = 'integer'
  readonly allowed: string
  readonly schema: Codec['schema']
  readonly #bytes: number
  readonly #least: number
  readonly #most: number

  constructor(bytes: number, least: number, most: number) {
    this.#bytes = bytes
    this.#least = least
    this.#most = most
    this.allowed = `a whole number from ${least} to ${most}`
    this.schema = { type: 'integer', minimum: least, maximum: most }
  }

  lengthIn(_view: DataView, _offset: number, room: number): number {
    return fills(this.#bytes, room) ? this.#bytes : -1
  }

  read(view: DataView, offset: number): number | undefined {
    const value = this.#least < 0 ? view.getInt32(offset) : readUnsigned(view, offset, this.#bytes)
    return value > this.#most ? undefined : value
  }

  put(value: unknown, view: DataView, offset: number): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || Object.is(value, -0) || value < this.#least || value > this.#most)
      return -1
    if (this.#bytes === 1) view.setUint8(offset, value)
    else if (this.#bytes === 2) view.setUint16(offset, value)
    else view.setInt32(offset, value)
    return this.#bytes
  }
}

function readUnsigned(view: DataView, offset: number, bytes: number): number {
  if (bytes === 4) return view.getUint32(offset)
  return bytes === 2 ? view.getUint16(offset) : view.getUint8(offset)
}

export const u8: Codec = new WholeNumber(1, 0, 0xff)
/** Two bytes, of which the upper four bits are 0. */
export const u12: Codec = new WholeNumber(2, 0, 0xfff)
export const u16: Codec = new WholeNumber(2, 0, 0xffff)
export const u32: Codec = new WholeNumber(4, 0, 0xffff_ffff)
export const i32: Codec = new WholeNumber(4, -0x8000_0000, 0x7fff_ffff)
