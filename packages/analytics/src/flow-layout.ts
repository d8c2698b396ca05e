// Who is in a hot loop takes these apart into constants of its own file: V8 folds those, and loads an imported one at each use (bench: flows).

/**
 * Words of 32 bits in a flow's row of `FlowStore.words`: all that its packets are compared with and counted in, two cache lines. Side A (0) is the sender
 * of the flow's first packet, B (1) the other. What has a side is there twice, B's behind A's.
 */
export const ROW = {
  /** Words in a row are 2 ** ROW_SHIFT. */
  ROW_SHIFT: 5,
  /** The IPv4 address, or the last 32 bits of the IPv6 address. */
  ADDRESS: 0,
  /** A's port in the upper 16 bits, B's in the lower; for ICMP the type of A's messages and its counterpart or their code. */
  PORTS: 2,
  /** Protocol, IPv6, and the identifier of an echo: see TRAITS. */
  TRAITS: 3,
  /** The ids of the first two 802.1Q tags in 12 bits each, and how many there are in the upper 8; then the ids of the next two. */
  VLANS: 4,
  /** optionClass * 256 + type of the scope's option, -1 where the VNI is the scope; then the option's 8 bytes. */
  SCOPE_OPTION: 6,
  SCOPE_HIGH: 7,
  SCOPE_LOW: 8,
  /** VNI by side. Where it is the scope: the one that packets must have, also before there were any; -1 = none will be of this flow. */
  VNI: 9,
  /** TCP flags from A in the lowest byte, from B in the next, of this part of the flow, and the bits of flow-state.ts. */
  STATE: 11,
  /** The recency's epoch in which the row was moved. */
  EPOCH: 12,
  LAST_NANOS: 13,
  FIRST_NANOS: 30,
} as const

/** 64-bit floats in the same row. */
export const ROW_FLOATS = {
  FLOAT_SHIFT: 4,
  LAST_SECONDS: 7,
  FIRST_SECONDS: 8,
  /** By side: packets, inner bytes, tunnel bytes. */
  COUNTERS: 9,
  COUNTERS_OF_SIDE: 3,
} as const

export const TRAITS = { PROTOCOL_MASK: 0xff, IPV6_BIT: 0x100, IDENTIFIER_MASK: -0x1_0000 } as const

/** Words in a flow's row of `FlowStore.origins`: what its first packet said, written once. */
export const ORIGIN = {
  ORIGIN_SHIFT: 3,
  /** A 64-bit float, number 0 of the row's 4. */
  FRAME: 0,
  ORIGIN_FLOAT_SHIFT: 2,
  /** IP versions of the innermost, the outer and the first inner header, 4 bits each (0 = there is none, or it is the innermost), then 8 bits of ICMP code. */
  FORMS: 2,
  OUTER_VERSION_SHIFT: 4,
  FIRST_INNER_VERSION_SHIFT: 8,
  ICMP_CODE_SHIFT: 12,
  /** As PacketView has them, and in the highest 4 bits how many. */
  ENCAPSULATIONS: 3,
  COOKIE_OPTION: 4,
  COOKIE: 5,
  /** Source and destination: IPv4 addresses, or the last 32 bits of IPv6's. */
  OUTER: 6,
} as const

/**
 * Words in a flow's row of `FlowStore.lives`: the number of its part, the sequence number before the first byte of side A, then of B; and the row that has the
 * key of its second scope, or in such a row the flow's own; 0 where there is none.
 */
export const LIFE = { LIFE_SHIFT: 2, PART: 0, BASE_OF_SIDE: 1, PARTNER: 3 } as const

/** In PARTNER: the flow has a scope, and its SYN waits for an answer that may come through another one. */
export const WAITING: number = -1

/** 64-bit floats in a flow's row of `FlowStore.returned`: packets and bytes of side A, then of B. */
export const RETURNED = { RETURNED_SHIFT: 3, RETURNED_FLOAT_SHIFT: 2 } as const

/**
 * Words in a flow's row of `FlowStore.addresses`, for IPv6 and for tunnels in the tunnel: the first 96 bits of outer and innermost addresses, and whole first
 * inner addresses. Each is a pair, of source and destination or of sides A and B.
 */
export const ADDRESSES = { ADDRESSES_OF_ROW: 20, UPPER_WORDS: 3, OUTER_UPPER: 0, SIDES_UPPER: 6, FIRST_INNER: 12, WHOLE_WORDS: 4 } as const
