/** In ICMP_PAIRS, beside the counterpart's type: the message has an identifier behind its checksum. */
export const ECHO_BIT: number = 0x100

/** In ICMP_PAIRS: the type has no counterpart, so its messages go one way and are told apart by their code. */
export const ONE_WAY: number = -1

const ICMPV6_FIRST = 256

/**
 * The type that answers each type of ICMP, and from 256 on of ICMPv6; with ECHO_BIT for echoes. Source: corelight/community-id-spec, which takes the two types
 * for ports.
 */
export const ICMP_PAIRS: Int16Array = new Int16Array(2 * ICMPV6_FIRST).fill(ONE_WAY)

function pair(first: number, one: number, other: number, bits = 0): void {
  ICMP_PAIRS[first + one] = other | bits
  ICMP_PAIRS[first + other] = one | bits
}

pair(0, 8, 0, ECHO_BIT)
for (const [one, other] of [
  [13, 14],
  [15, 16],
  [10, 9],
  [17, 18],
] as const)
  pair(0, one, other)
pair(ICMPV6_FIRST, 128, 129, ECHO_BIT)
for (const [one, other] of [
  [133, 134],
  [135, 136],
  [130, 131],
  [139, 140],
  [144, 145],
] as const)
  pair(ICMPV6_FIRST, one, other)
