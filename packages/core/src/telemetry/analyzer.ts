import type { PacketView } from '../wire/packet-view.ts'
import type { Emit, FlowEnd, Instant, MetricRecord } from './record.ts'

/** A cursor over one row of the flow table; reused, never kept. */
export interface FlowView {
  /** The row's number: stable while the flow is open, then given to another. */
  readonly row: number
  /** 0 = the packet goes from the initiator to the responder, 1 = back. */
  readonly direction: 0 | 1
  /** 0 = from the sender of the flow's first packet, 1 = from the other; the same for a sender as long as the flow lasts, which `direction` is not. */
  readonly side: 0 | 1
  /** Whether this packet opened the flow. */
  readonly isNew: boolean
  /** Whether it did so with a SYN that ended another flow of the same ends. */
  readonly isReuse: boolean
}

/**
 * Measures something over the packets of one source, in one pass. No clock and no I/O: time is the packets' time, so that a capture gives the same
 * answer twice and in whatever chunks it is read.
 */
export interface Analyzer {
  readonly name: string
  /** Called for each GENEVE packet, damaged or not-GENEVE frame (see `packet.outcome`). `flow` is undefined for what belongs to no flow. */
  packet?(packet: PacketView, flow: FlowView | undefined): void
  /** Called, instead of `packet`, for a packet that was seen before: twice by the tap, or on its way back from an appliance. */
  copy?(packet: PacketView, flow: FlowView, kind: 'tap' | 'hairpin'): void
  /** Called as a flow's row is about to be given up; or, with `active-timeout`, as a part of it ends and the flow goes on in the same row. */
  flow?(flow: FlowView, reason: FlowEnd, emit: Emit): void
  /** All packets up to `watermark` have been seen: what is due may be emitted. */
  advance(watermark: Instant, emit: Emit): void
  /** The source has ended. Emits all that is left. */
  finish(emit: Emit): void
}

/** What an existing metrics pipeline pulls: the totals so far. Observed, not delivered. */
export interface MetricSource {
  collect(): readonly MetricRecord[]
}
