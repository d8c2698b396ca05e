/** Adds the 16-bit words of [offset, offset + length) to `sum`, an odd last byte padded with zero (RFC 1071). Only what is added last may be odd. */
export function addWords(view: DataView, offset: number, length: number, sum = 0): number {
  const end = offset + length
  let at = offset
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at)
  return at < end ? sum + (view.getUint8(at) << 8) : sum
}

/** The Internet checksum of words added up: what makes their sum and itself all ones (RFC 1071). `sum` is below 2^47. */
export function internetChecksum(sum: number): number {
  let folded = ((sum % 0x1_0000_0000) >>> 16) + (sum & 0xffff) + Math.floor(sum / 0x1_0000_0000)
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16)
  return ~folded & 0xffff
}

/** The same for UDP, in which 0 says that there is none: all ones stand for it (RFC 768). */
export function udpChecksum(sum: number): number {
  return internetChecksum(sum) || 0xffff
}
