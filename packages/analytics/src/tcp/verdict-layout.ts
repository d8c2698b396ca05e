/**
 * Words of 32 bits that tshark's rules need to know of one side of a connection: `TcpVerdicts` has two such rows a flow. Sequence numbers are as they stand
 * in the header. As in tshark, 0 means "not known" for NEXT, CONTIGUOUS and LAST_ACK, and what is not known of an old packet is what the field had before.
 */
export const SIDE = {
  /** The first sequence number. */
  BASE: 0,
  /** The highest end of what was sent, and when it was. */
  NEXT: 1,
  NEXT_SECONDS: 2,
  NEXT_NANOS: 3,
  /** The highest end that was reached without a gap. */
  CONTIGUOUS: 4,
  /** Acknowledgement number, time, window and verdicts of the last packet. The window is -1 before there was one. */
  LAST_ACK: 5,
  LAST_SECONDS: 6,
  LAST_NANOS: 7,
  WINDOW: 8,
  LAST_VERDICTS: 9,
  /** The shift count; see SCALE. */
  SCALE: 10,
  /** How often the last acknowledgement was repeated; -1 after one of what was never seen. */
  REPEATS: 11,
  /** The bits of SIDE_FLAGS. */
  FLAGS: 12,
  /** Bytes in the blocks that the last packet acknowledged selectively. */
  SACKED: 13,
  /** Segments sent and not acknowledged, by their numbers in the pool: first, last and how many; and the lowest start and the highest end among them. */
  HEAD: 14,
  TAIL: 15,
  COUNT: 16,
  LOWEST: 17,
  HIGHEST: 18,
  /** Of the connection, in the row of side 0: when its latest SYN was sent; and a 64-bit float, the initial round trip in nanoseconds. */
  SYN_SECONDS: 19,
  SYN_NANOS: 20,
  INITIAL_RTT: 22,
  SIDE_WORDS: 24,
} as const

export const SCALE = { UNKNOWN: -1, NONE: -2 } as const

export const SIDE_FLAGS = {
  BASE_KNOWN: 1,
  /** A SYN was sent, and no acknowledgement without one since. */
  IN_HANDSHAKE: 2,
  /** Bytes in flight can be told: there was no gap since the other side last acknowledged something. */
  FLIGHT_KNOWN: 4,
  /** The unacknowledged segments follow each other, and span less than a quarter of the sequence numbers. */
  IN_ORDER: 8,
  /** Of the connection, in the row of side 0. */
  SYN_SEEN: 16,
} as const
