/**
 * Words of 32 bits in a connection's row of `TcpFlows`: side 0's, side 1's, then the connection's own. What is known of a side is told by FIGURE_FLAGS, so that
 * no number has a meaning of its own.
 */
export const FIGURES = {
  /** The highest end of what was sent, when, and the timestamp and the IP identification of that packet. */
  NEXT: 0,
  NEXT_TIMESTAMP: 1,
  NEXT_ID: 2,
  /** The last packet's time. */
  LAST_SECONDS: 3,
  LAST_NANOS: 4,
  /** The highest acknowledgement number sent, and how often it was repeated. */
  ACKED: 5,
  REPEATS: 6,
  /** The last window, scaled, and the shift count of the SYN, -1 where it had none. */
  WINDOW: 7,
  SHIFT: 8,
  /** What it said in the SYN; 0 = nothing. */
  MSS: 9,
  FLAGS: 10,
  /** What was sent before this has no round trip: it was sent again, or waited for such. */
  UNTIMED: 11,
  /** Where the sender's fast recovery ends. */
  RECOVERY: 12,
  /** What was sent again last: its end, time and timestamp. */
  AGAIN_END: 13,
  AGAIN_SECONDS: 14,
  AGAIN_NANOS: 15,
  AGAIN_TIMESTAMP: 16,
  /** Segments that wait for their acknowledgements: see SentTimes. */
  HEAD: 17,
  TAIL: 18,
  COUNT: 19,
  /** A row of the histograms, 0 = none. */
  ROUND_TRIPS: 20,
  /** Numbers that were not seen, of four gaps: start, end, and the time at which it was found. */
  GAP_COUNT: 21,
  GAPS: 22,
  SIDE_WORDS: 38,
  /** Of the connection: times of SYN and SYN/ACK, flags, the side that sent the SYN, a row of the histograms. */
  SYN_SECONDS: 76,
  SYN_NANOS: 77,
  ANSWER_SECONDS: 78,
  ANSWER_NANOS: 79,
  CONNECTION_FLAGS: 80,
  PATH_ROUND_TRIPS: 81,
  ROW_WORDS: 164,
} as const

export const FIGURE_FLAGS = {
  NEXT_KNOWN: 1,
  ACKED_KNOWN: 2,
  /** The shift of its windows is known. */
  SCALED: 4,
  HAS_WINDOW: 8,
  HAS_TIMESTAMP: 16,
  IS_UNTIMED: 32,
  IN_RECOVERY: 64,
  HAS_AGAIN: 128,
  /** Its last acknowledgement was selective too. */
  SACKS: 256,
  HAS_ROUND_TRIP: 512,
  /** The byte that probes a closed window was sent. */
  PROBED: 1024,
  /** It has sent a FIN. */
  FINISHED: 2048,
} as const

export const CONNECTION_FLAGS = { SYN: 1, SYN_AGAIN: 2, ANSWER: 4, ANSWER_AGAIN: 8, DONE: 16, SYN_BY_1: 32 } as const

/** 64-bit floats in the same row, behind the words: four of each side, then two of the connection. */
export const FIGURE_FLOATS = {
  ROW_FLOATS: 82,
  LATENCIES: 42,
  /** By side: the latest round trip and their variation in seconds. */
  LAST_ROUND_TRIP: 0,
  VARIATION: 1,
  LATENCIES_OF_SIDE: 2,
  /** The round trip of the handshake through the end that this side sends to, in seconds. */
  HANDSHAKES: 46,
  /** From here on it is counted, and counted anew for each part of a flow. */
  COUNTERS: 48,
} as const

/** By side. */
export const COUNTERS = {
  SEGMENTS: 0,
  PAYLOAD_BYTES: 1,
  FAST: 2,
  TIMEOUT: 3,
  SPURIOUS: 4,
  BEFORE_TAP: 5,
  DUPLICATE_SACKS: 6,
  CONTROL_AGAIN: 7,
  OUT_OF_ORDER: 8,
  DUPLICATE_ACKS: 9,
  ZERO_WINDOWS: 10,
  WINDOW_FULL: 11,
  KEEP_ALIVES: 12,
  RESETS: 13,
  UNSEEN_BYTES: 14,
  OVERSIZED: 15,
  MAX_FLIGHT: 16,
  COUNTERS_OF_SIDE: 17,
} as const
