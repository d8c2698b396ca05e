import type { ExponentialHistogram } from './exponential-histogram.ts'

/** What one side of a TCP connection sent, as a tap on the way saw it. All are counts of its packets unless it says otherwise. */
export interface TcpSideFigures {
  /** With payload, also those sent again; keep-alives and probes of a closed window are not among them. */
  readonly segments: number
  readonly payloadBytes: number
  /** Sent again upon repeated or selective acknowledgements. */
  readonly fastRetransmissions: number
  /** Sent again after nothing came back. */
  readonly timeoutRetransmissions: number
  /** Sent again although the other side had acknowledged it, as the tap knew. */
  readonly spuriousRetransmissions: number
  /** Of the fast ones and those after a timeout: the first copy never came to the tap. Of all others it did, so that it was lost behind it, or came late. */
  readonly lostBeforeTap: number
  /** What the other side said to have received twice (RFC 2883); more than `spuriousRetransmissions` if some of the others were spurious too. */
  readonly duplicateSacks: number
  /** SYN, SYN/ACK, or FIN without payload. */
  readonly controlRetransmissions: number
  /** Overtaken on the way. */
  readonly outOfOrder: number
  /** As RFC 5681, 2 has them. */
  readonly duplicateAcks: number
  /** How often it closed its window. */
  readonly zeroWindows: number
  /** With the last byte that the other side's window had room for. */
  readonly windowFull: number
  readonly keepAlives: number
  readonly resets: number
  /** Bytes that were acknowledged and never seen: lost by the capture, not on the way. */
  readonly unseenBytes: number
  /** With more in them than a path has room for that adds the tunnel's headers. */
  readonly oversized: number
  /** The most bytes at a time that it had sent and not had acknowledged. */
  readonly maxBytesInFlight: number
  /** What it said in its SYN: the largest segment that it takes, in bytes, and the shift count of its windows. */
  readonly maximumSegmentSize?: number
  readonly windowScale?: number
}

/** Round trips through one end of a connection: from the tap to there and back, in seconds. */
export interface TcpLatency {
  /** From the SYN to the SYN/ACK; or from there to the ACK. Absent where it was not seen, or where one of both came more than once. */
  readonly handshake?: number
  /** From data to its acknowledgement, but for data that was sent more than once, or that waited for such. */
  readonly roundTrips?: ExponentialHistogram
  /** Mean deviation of successive round trips, with a gain of 1/16 (as RFC 3550, 6.4.1 has it for transit times). */
  readonly variation?: number
}

/** What a TCP connection, or a part of one, tells of the network: `forward` is the initiator's side, the server is the responder. */
export interface TcpFigures {
  readonly forward: TcpSideFigures
  readonly reverse: TcpSideFigures
  readonly server: TcpLatency
  readonly client: TcpLatency
  /** From end to end and back, in seconds: each round trip through one end and the latest one through the other. */
  readonly roundTrips?: ExponentialHistogram
}

/** An estimate of the share of segments that were lost on the way, 0 to 1: those sent again for a reason; by where the tap is. */
export interface TcpLoss {
  readonly loss: number
  readonly beforeTap: number
  readonly afterTap: number
}

/** `undefined` for a side that sent no data. */
export function tcpLoss(side: TcpSideFigures): TcpLoss | undefined {
  const { segments, fastRetransmissions, timeoutRetransmissions, spuriousRetransmissions, lostBeforeTap, duplicateSacks } = side
  if (segments === 0) return undefined
  const again = fastRetransmissions + timeoutRetransmissions - Math.max(0, duplicateSacks - spuriousRetransmissions)
  const before = Math.min(lostBeforeTap, Math.max(0, again))
  const after = Math.max(0, again - before)
  return { loss: (before + after) / segments, beforeTap: before / segments, afterTap: after / segments }
}
