/**
 * The bytes that hexadecimal text stands for; white space is free, so that bytes in a test can look like the diagram in the RFC:
 * `hex('0200 0800 00002a00  0108 0301 deadbeef')`. Throws RangeError on anything else and on half a byte.
 */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '')
  const stranger = /[^0-9a-f]/i.exec(digits)
  if (stranger !== null) throw new RangeError(`hex: '${stranger[0]}' is no hexadecimal digit`)
  if (digits.length % 2 !== 0) throw new RangeError(`hex: ${digits.length} digits, the last byte is cut in half`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16))
}
