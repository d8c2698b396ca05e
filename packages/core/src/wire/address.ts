const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet))
const HEX_OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** Dotted decimal of the 4 bytes at `offset`. */
export function ipv4Text(view: DataView, offset: number): string {
  const word = view.getInt32(offset)
  return `${OCTETS[word >>> 24]}.${OCTETS[(word >>> 16) & 0xff]}.${OCTETS[(word >>> 8) & 0xff]}.${OCTETS[word & 0xff]}`
}

/** The 16 bytes at `offset` as RFC 5952 writes them: lower case, the longest run of two or more zero groups (the first of equals) as `::`. */
export function ipv6Text(view: DataView, offset: number): string {
  let runStart = -1
  let runLength = 1
  for (let group = 0; group < 8; group++) {
    let length = 0
    while (group + length < 8 && view.getUint16(offset + (group + length) * 2) === 0) length++
    if (length > runLength) {
      runStart = group
      runLength = length
    }
    group += length
  }
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === runStart) {
      text += '::'
      group += runLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += view.getUint16(offset + group * 2).toString(16)
  }
  // RFC 5952, 5: only IPv4-mapped addresses end in dotted decimal.
  if (runStart === 0 && runLength === 5 && view.getUint16(offset + 10) === 0xffff) return `::ffff:${ipv4Text(view, offset + 12)}`
  return text
}

/** The address at `offset`, of IP version 4 or 6. */
export function addressText(view: DataView, offset: number, version: number): string {
  return version === 4 ? ipv4Text(view, offset) : ipv6Text(view, offset)
}

/** The bytes [offset, end) in lower-case hex. */
export function hexText(view: DataView, offset: number, end: number): string {
  let text = ''
  for (let at = offset; at < end; at++) text += HEX_OCTETS[view.getUint8(at)]
  return text
}

/** A 16-bit number as the field writes option classes and EtherTypes: `0x0108`. */
export function hex16Text(value: number): string {
  return `0x${HEX_OCTETS[(value >> 8) & 0xff]}${HEX_OCTETS[value & 0xff]}`
}
