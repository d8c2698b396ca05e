import type { Quantity } from '../../telemetry/quantity.ts'

/** Bits that a number holds exactly. */
const EXACT_BITS = 53

/** `count` bits (1 to 64), most significant first, from bit `first` on; bit 0 is the most significant one of the byte at `offset`. */
export function readBits(view: DataView, offset: number, first: number, count: number): Quantity {
  const last = first + count - 1
  const behind = 7 - (last & 7)
  let at = offset + (first >> 3)
  const end = offset + (last >> 3)
  const front = view.getUint8(at) & (0xff >> (first & 7))
  if (count + behind <= EXACT_BITS) {
    let value = front
    while (++at <= end) value = value * 256 + view.getUint8(at)
    return Math.floor(value / 2 ** behind)
  }
  let value = BigInt(front)
  while (++at <= end) value = (value << 8n) | BigInt(view.getUint8(at))
  value >>= BigInt(behind)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

/** Sets those bits, which must be 0 so far, to `value`. */
export function writeBits(bytes: Uint8Array, first: number, count: number, value: bigint): void {
  for (let bit = first + count - 1; bit >= first; bit--) {
    bytes[bit >> 3]! |= Number(value & 1n) << (7 - (bit & 7))
    value >>= 1n
  }
}
