/** Where the GENEVE packets are: their number is `closed + live`, `sampledOut`, and all of `unattributed` and `copies`. */
export interface FlowLedger {
  /** Packets in flows that have ended (the sum over their records). */
  readonly closed: number
  /** Packets in flows that are open. */
  readonly live: number
  /** Packets that belong to no flow, by reason. */
  readonly unattributed: Readonly<Record<string, number>>
  /** Packets that were seen before, by what they are copies for. */
  readonly copies: Readonly<Record<string, number>>
  /** Packets that are not in the sample; absent where there is none. */
  readonly sampledOut?: number
}

/** How many flows there were. */
export interface FlowCounts {
  readonly opened: number
  readonly open: number
  readonly evicted: number
  /** Packets that could have been the answer to several flows, and began one of their own. */
  readonly ambiguous: number
  /** Flows that go the other way than one of another scope that has had no answer, without evidence that they answer it. */
  readonly unjoined: number
}
