import { type Codec, fills } from './codec.ts'

const SCALES = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
/** Between them a float32 is told apart from its neighbours by its decimals alone, and products with `SCALES` are exact. */
const LEAST_PLAIN = 1e-3
const MOST_PLAIN = 2 ** 24

/** The number whose decimal is the shortest of all that round to this float32: 0.1, not 0.10000000149011612. */
function shortestDecimal(float: number): number {
  const size = Math.abs(float)
  if (size === 0) return float
  if (size >= LEAST_PLAIN && size < MOST_PLAIN) {
    for (const scale of SCALES) {
      const short = Math.round(float * scale) / scale
      if (Math.fround(short) === float) return short
    }
  }
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits))
    if (Math.fround(short) === float) return short
  }
  return Number(float.toPrecision(9))
}

const allowed = 'a number, not NaN and not infinite'
const schema = { type: 'number' }

/** IEEE 754 binary32, big-endian. */
export const float32: Codec = {
  type: 'float',
  allowed: 'a number that a float of 32 bits is near to, not NaN and not infinite',
  schema,
  lengthIn: (_view, _offset, room) => (fills(4, room) ? 4 : -1),
  read(view, offset) {
    const value = view.getFloat32(offset)
    return Number.isFinite(value) ? shortestDecimal(value) : undefined
  },
  put(value, view, offset) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) return -1
    view.setFloat32(offset, value)
    return 4
  },
}

/** IEEE 754 binary64, big-endian. */
export const float64: Codec = {
  type: 'float',
  allowed,
  schema,
  lengthIn: (_view, _offset, room) => (fills(8, room) ? 8 : -1),
  read(view, offset) {
    const value = view.getFloat64(offset)
    return Number.isFinite(value) ? value : undefined
  },
  put(value, view, offset) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return -1
    view.setFloat64(offset, value)
    return 8
  },
}
