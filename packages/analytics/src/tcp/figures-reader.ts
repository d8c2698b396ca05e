import type { TcpFigures, TcpLatency, TcpSideFigures } from '@geneve-telemetry/core'
import type { HistogramRows } from '../histogram-rows.ts'
import { COUNTERS, FIGURE_FLAGS, FIGURE_FLOATS, FIGURES } from './figures-layout.ts'

const { MSS, SHIFT, FLAGS, ROUND_TRIPS, SIDE_WORDS, PATH_ROUND_TRIPS, ROW_WORDS } = FIGURES
const { ROW_FLOATS, LATENCIES, LATENCIES_OF_SIDE, VARIATION, HANDSHAKES } = FIGURE_FLOATS

/** Copies what is known of a connection out of its row. */
export function readFigures(
  words: Int32Array,
  floats: Float64Array,
  histograms: HistogramRows,
  connection: number,
  initiator: 0 | 1,
): TcpFigures {
  const at = connection * ROW_WORDS
  const atFloat = connection * ROW_FLOATS

  const sideOf = (side: 0 | 1): TcpSideFigures => {
    const counters = atFloat + FIGURE_FLOATS.COUNTERS + side * COUNTERS.COUNTERS_OF_SIDE
    const mss = words[at + side * SIDE_WORDS + MSS]!
    const shift = words[at + side * SIDE_WORDS + SHIFT]!
    return {
      segments: floats[counters + COUNTERS.SEGMENTS]!,
      payloadBytes: floats[counters + COUNTERS.PAYLOAD_BYTES]!,
      fastRetransmissions: floats[counters + COUNTERS.FAST]!,
      timeoutRetransmissions: floats[counters + COUNTERS.TIMEOUT]!,
      spuriousRetransmissions: floats[counters + COUNTERS.SPURIOUS]!,
      lostBeforeTap: floats[counters + COUNTERS.BEFORE_TAP]!,
      duplicateSacks: floats[counters + COUNTERS.DUPLICATE_SACKS]!,
      controlRetransmissions: floats[counters + COUNTERS.CONTROL_AGAIN]!,
      outOfOrder: floats[counters + COUNTERS.OUT_OF_ORDER]!,
      duplicateAcks: floats[counters + COUNTERS.DUPLICATE_ACKS]!,
      zeroWindows: floats[counters + COUNTERS.ZERO_WINDOWS]!,
      windowFull: floats[counters + COUNTERS.WINDOW_FULL]!,
      keepAlives: floats[counters + COUNTERS.KEEP_ALIVES]!,
      resets: floats[counters + COUNTERS.RESETS]!,
      unseenBytes: floats[counters + COUNTERS.UNSEEN_BYTES]!,
      oversized: floats[counters + COUNTERS.OVERSIZED]!,
      maxBytesInFlight: floats[counters + COUNTERS.MAX_FLIGHT]!,
      ...(mss > 0 && { maximumSegmentSize: mss }),
      ...(shift >= 0 && { windowScale: shift }),
    }
  }

  const histogramOf = (word: number) => (words[word] === 0 ? undefined : histograms.read(words[word]!))

  /** Through the end that this side sends to. */
  const latencyOf = (side: 0 | 1): TcpLatency => {
    const word = at + side * SIDE_WORDS
    const handshake = floats[atFloat + HANDSHAKES + side]!
    const roundTrips = histogramOf(word + ROUND_TRIPS)
    const hasVariation = (words[word + FLAGS]! & FIGURE_FLAGS.HAS_ROUND_TRIP) !== 0
    return {
      ...(handshake > 0 && { handshake }),
      ...(roundTrips !== undefined && { roundTrips }),
      ...(hasVariation && { variation: floats[atFloat + LATENCIES + side * LATENCIES_OF_SIDE + VARIATION]! }),
    }
  }

  const responder = initiator === 0 ? 1 : 0
  const roundTrips = histogramOf(at + PATH_ROUND_TRIPS)
  return {
    forward: sideOf(initiator),
    reverse: sideOf(responder),
    server: latencyOf(initiator),
    client: latencyOf(responder),
    ...(roundTrips !== undefined && { roundTrips }),
  }
}
