import type { Emit, Instant, PacketDescriber } from '@geneve-telemetry/core'
import type { CaptureDamage, DecodeRules, FrameSource, PacketView } from '@geneve-telemetry/core/wire'
import type { AccountFilter } from './account-filter.ts'
import type { OutletAccount } from './delivery/account.ts'
import type { Outlet } from './delivery/outlet.ts'
import type { PacketFilter } from './filter.ts'
import type { FlowLedger, PacketAccount } from './ledger.ts'

/** What looks at the packets: a flow table with its analyzers, for example. It sees every frame but the GENEVE packets that the filters keep out. */
export interface Stage {
  packet(packet: PacketView): void
  /** Whether the packet that it saw last is not in its sample: there is no record of it then. Left out by a stage that takes all. */
  readonly leftOut?: boolean
  /** All packets up to `watermark`, the latest time so far, have been seen. */
  advance(watermark: Instant): void
  /** The source has ended: says all that is left. */
  finish(): void
  /**
   * Says at most `records` records of what `finish` would say, and whether there are more of them. A stage that may have a great many has it, so that they
   * need not wait in memory all at once.
   */
  finishSome?(records: number): boolean
  /** Where the GENEVE packets are; left out by a stage that knows no flows. */
  readonly ledger?: FlowLedger
}

/** What a stage is made with, once the source's name is known. */
export interface StageContext {
  /** What ids begin with. */
  readonly origin: string
  /** Who saw the packets, as records say it. */
  readonly observer: string
  /** Takes a record to the outlets that accept it. */
  readonly emit: Emit
}

/** What is to be done with a source. Whatever is not named is not done. */
export interface Job {
  readonly source: FrameSource
  readonly rules: DecodeRules
  readonly observer: string
  /** tcpdump.org's LINKTYPE_ number that all frames are decoded by, whatever the capture says. */
  readonly linkType?: number | undefined
  readonly filter?: PacketFilter | undefined
  /** Asked of the packets that the filter lets pass. */
  readonly accounts?: AccountFilter | undefined
  readonly stage: (context: StageContext) => Stage
  readonly outlets?: readonly Outlet[] | undefined
  /** Whom packet records are described by; only for outlets that accept them. */
  readonly describer?: PacketDescriber | undefined
  /** Ends the reading; what was read is still analyzed and delivered. */
  readonly signal?: AbortSignal | undefined
  /** Ends the delivery soon, once the reading has ended: what has not arrived is dropped. */
  readonly hurry?: AbortSignal | undefined
  /**
   * Milliseconds since whenever, for a live source. While it is silent the packets' time goes on as this clock does, a second late, so that the last interval
   * before a pause is said when it is over. Only what passes counts: packets of an old capture that comes through a pipe stay where they are.
   */
  readonly clock?: (() => number) | undefined
  /** Called after each batch and whenever the source falls silent; what it returns is waited for. */
  readonly pause?: ((progress: Progress) => Promise<void> | undefined) | undefined
}

export interface Progress {
  /** Packets read. */
  readonly packets: number
  /** Bytes of the capture read, and all there are if that is known. */
  readonly bytes: number
  readonly bytesTotal: number | undefined
}

export interface Result {
  readonly packets: PacketAccount
  readonly outlets: readonly OutletAccount[]
  /** What broke the capture off, if anything did. */
  readonly damage: CaptureDamage | undefined
  /** With what the source failed after it had begun, if it did: a lost disk, a broken connection. */
  readonly failure: unknown
  /** Whether the signal ended the reading. */
  readonly interrupted: boolean
}
