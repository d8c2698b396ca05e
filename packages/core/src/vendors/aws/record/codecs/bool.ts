import { type Codec, fills } from './codec.ts'

/** One byte: 0 or 1. */
export const bool: Codec = {
  type: 'boolean',
  allowed: 'true or false',
  schema: { type: 'boolean' },
  lengthIn: (_view, _offset, room) => (fills(1, room) ? 1 : -1),
  read(view, offset) {
    const byte = view.getUint8(offset)
    return byte > 1 ? undefined : byte === 1
  },
  put(value, view, offset) {
    if (typeof value !== 'boolean') return -1
    view.setUint8(offset, value ? 1 : 0)
    return 1
  },
}
