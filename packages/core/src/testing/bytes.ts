/** The parts one behind the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** One byte. Throws RangeError on a value that does not fit, as all of these do: a builder can be told to lie, but not to say what cannot be said. */
export function uint8(value: number): Uint8Array {
  return networkOrder(value, 1)
}

/** Two bytes in network order. */
export function uint16(value: number): Uint8Array {
  return networkOrder(value, 2)
}

/** Three bytes in network order. */
export function uint24(value: number): Uint8Array {
  return networkOrder(value, 3)
}

/** Four bytes in network order. */
export function uint32(value: number): Uint8Array {
  return networkOrder(value, 4)
}

/** Numbers of less than a byte side by side, the first in the highest bits: `bits([4, 4], [5, 4])` is 0x45. Together they are whole bytes, at most four. */
export function bits(...fields: readonly (readonly [value: number, width: number])[]): Uint8Array {
  let number = 0
  let width = 0
  for (const [value, own] of fields) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** own) throw new RangeError(`${value} does not fit ${own} bits`)
    number = number * 2 ** own + value
    width += own
  }
  return networkOrder(number, width / 8)
}

function networkOrder(value: number, length: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError(`${value} does not fit ${length * 8} bits`)
  return Uint8Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256)
}
