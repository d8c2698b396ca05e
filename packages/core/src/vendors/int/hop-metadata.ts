/** One value that a hop may report. */
export interface HopMetadatum {
  /** Of its list of values, without the vendor's prefix. */
  readonly name: string
  /** Bit of the instruction bitmap that asks for it; 0 is the most significant one. */
  readonly bit: number
  /** Its bits within what that bit asks for. */
  readonly first: number
  readonly count: number
  readonly doc: string
}

/**
 * INT Dataplane Specification 2.1, 5.8. Timestamps, latencies, occupancies and utilizations are in units of the device, which only its owner knows. What hops
 * did to a checksum (bit 15, at the end of a hop's metadata) is left out: it tells nothing of the way.
 */
export const HOP_METADATA: readonly HopMetadatum[] = [
  { name: 'node_ids', bit: 0, first: 0, count: 32, doc: 'Which node each hop was.' },
  { name: 'ingress_interfaces', bit: 1, first: 0, count: 16, doc: 'Interface (level 1) by which the packet came to each hop.' },
  { name: 'egress_interfaces', bit: 1, first: 16, count: 16, doc: 'Interface (level 1) by which it left each hop.' },
  { name: 'hop_latencies', bit: 2, first: 0, count: 32, doc: "How long it was in each hop, in the device's unit." },
  { name: 'queue_ids', bit: 3, first: 0, count: 8, doc: 'Queue that it waited in at each hop.' },
  { name: 'queue_occupancies', bit: 3, first: 8, count: 24, doc: "How full that queue was, in the device's unit." },
  { name: 'ingress_timestamps', bit: 4, first: 0, count: 64, doc: "When it came to each hop, by the device's clock." },
  { name: 'egress_timestamps', bit: 5, first: 0, count: 64, doc: "When it left each hop, by the device's clock." },
  { name: 'l2_ingress_interfaces', bit: 6, first: 0, count: 32, doc: 'Interface (level 2) by which it came to each hop.' },
  { name: 'l2_egress_interfaces', bit: 6, first: 32, count: 32, doc: 'Interface (level 2) by which it left each hop.' },
  { name: 'tx_utilizations', bit: 7, first: 0, count: 32, doc: "How busy the interface was by which it left, in the device's unit." },
  { name: 'buffer_ids', bit: 8, first: 0, count: 8, doc: 'Buffer that it was kept in at each hop.' },
  { name: 'buffer_occupancies', bit: 8, first: 8, count: 24, doc: "How full that buffer was, in the device's unit." },
]

/** What the bits of the instruction bitmap ask for, in order; the others are reserved and ask for one word. */
export const INSTRUCTIONS: readonly string[] = [
  'node_id',
  'level_1_interfaces',
  'hop_latency',
  'queue',
  'ingress_timestamp',
  'egress_timestamp',
  'level_2_interfaces',
  'tx_utilization',
  'buffer',
  'reserved_9',
  'reserved_10',
  'reserved_11',
  'reserved_12',
  'reserved_13',
  'reserved_14',
  'checksum_complement',
]

const DOUBLE_WORDS: readonly number[] = [4, 5, 6]

/** How many words a hop adds for a bit of the bitmap. */
export function wordsOf(bit: number): number {
  return DOUBLE_WORDS.includes(bit) ? 2 : 1
}

/** Whether a bit of the bitmap is set. */
export function asksFor(bitmap: number, bit: number): boolean {
  return (bitmap & (0x8000 >> bit)) !== 0
}
