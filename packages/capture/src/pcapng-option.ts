const END_OF_OPTIONS = 0

/**
 * |  code 2  |  length 2  |  value, padded to 4  |
 *
 * The offset of the value of the first option with this code and length in `view[at, end)`, or -1. Options that overrun are not options.
 */
export function findOption(view: DataView, at: number, end: number, little: boolean, code: number, length: number): number {
  while (end - at >= 4) {
    const found = view.getUint16(at, little)
    const valueLength = view.getUint16(at + 2, little)
    const next = at + 4 + ((valueLength + 3) & ~3)
    if (found === END_OF_OPTIONS || next > end) return -1
    if (found === code && valueLength === length) return at + 4
    at = next
  }
  return -1
}
