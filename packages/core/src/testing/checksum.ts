/** The ones' complement sum of 16-bit words of all parts together, an odd last byte padded with zero (RFC 1071); each part but the last is even. */
export function onesComplementSum(...parts: readonly Uint8Array[]): number {
  let sum = 0
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += 2) sum += (part[at]! << 8) | (part[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}

/** The Internet checksum: what makes the sum of the bytes and itself all ones. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  return ~onesComplementSum(...parts) & 0xffff
}

/** CRC32c with SCTP's reflected polynomial (RFC 9260, appendix A), as the number that stands on the wire in network order. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  const value = new DataView(new ArrayBuffer(4))
  value.setUint32(0, ~crc >>> 0, true)
  return value.getUint32(0)
}
