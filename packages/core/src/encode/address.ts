const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** The 4 or 16 bytes of an address as it is written (RFC 4291, 2.2). Throws RangeError naming the member on what is none. */
export function addressBytes(member: string, text: string): Uint8Array {
  const bytes = text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text)
  if (bytes === undefined) throw new RangeError(`${member}: '${text}' is no IPv4 or IPv6 address`)
  return Uint8Array.from(bytes)
}

/** The number of 48 bits that a hardware address stands for, written `02:00:00:00:00:01`. Throws RangeError naming the member on what is none. */
export function hardwareNumber(member: string, text: string): number {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new RangeError(`${member}: '${text}' is no hardware address`)
  return Number.parseInt(text.replaceAll(':', ''), 16)
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  const isGood = parts.length === IPV4_BYTES && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
  return isGood ? parts.map(Number) : undefined
}

function ipv6Bytes(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [front, back] = halves.map((half, index) => groupsBytes(half === '' ? [] : half.split(':'), index === halves.length - 1)) as [
    Groups,
    Groups?,
  ]
  if (front === undefined) return undefined
  if (halves.length === 1) return front.length === IPV6_BYTES ? front : undefined
  if (back === undefined || front.length + back.length > IPV6_BYTES - 2) return undefined
  return [...front, ...new Array<number>(IPV6_BYTES - front.length - back.length).fill(0), ...back]
}

type Groups = readonly number[] | undefined

function groupsBytes(groups: readonly string[], isLast: boolean): Groups {
  const bytes: number[] = []
  for (const [index, group] of groups.entries()) {
    const isTail = isLast && index === groups.length - 1 && group.includes('.')
    const ipv4 = isTail ? ipv4Bytes(group) : undefined
    if (ipv4 !== undefined) bytes.push(...ipv4)
    else if (/^[0-9a-f]{1,4}$/i.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff)
    else return undefined
  }
  return bytes
}
