/** The 4 or 16 bytes of an IP address in any of its written forms (RFC 4291, 2.2); `undefined` for any other text. */
export function addressBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text)
}

/** The 6 bytes of a hardware address written `02:00:00:00:00:01`. */
export function hardwareBytes(text: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) return undefined
  return Uint8Array.from(text.split(':'), (octet) => Number.parseInt(octet, 16))
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const octets = text.split('.')
  const isAddress = octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
  return isAddress ? Uint8Array.from(octets, Number) : undefined
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  const [front, back] = [halves[0] ?? '', halves[1] ?? ''].map((half, index) => groupBytes(half, index === halves.length - 1))
  if (halves.length > 2 || front === undefined || back === undefined) return undefined
  const missing = 16 - front.length - back.length
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined
  return Uint8Array.from([...front, ...new Array<number>(missing).fill(0), ...back])
}

/** What stands before or behind `::`. Dotted decimal may be the address's last group only. */
function groupBytes(half: string, isLast: boolean): readonly number[] | undefined {
  const bytes: number[] = []
  if (half === '') return bytes
  const groups = half.split(':')
  for (const [index, group] of groups.entries()) {
    const dotted = isLast && index === groups.length - 1 ? ipv4Bytes(group) : undefined
    if (dotted !== undefined) {
      bytes.push(...dotted)
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
      const word = Number.parseInt(group, 16)
      bytes.push(word >> 8, word & 0xff)
    }
  }
  return bytes
}
