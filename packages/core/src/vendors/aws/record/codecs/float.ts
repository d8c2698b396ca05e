import { shortestDecimal } from '../../../shortest-decimal.ts'
import { type Codec, fills } from './codec.ts'

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
