import type { TelemetryRecord } from '@geneve-telemetry/core'
import { type ByReason, total } from '../ledger.ts'

export type RecordKind = TelemetryRecord['kind']
const KINDS: readonly RecordKind[] = ['packet', 'flow', 'metric']

/** What became of the records of one kind that an outlet was offered: offered = delivered + rejected + dropped + queued. */
export interface KindAccount {
  readonly offered: number
  readonly delivered: number
  /** Never taken, by the encoder's or the backend's reason. */
  readonly rejected: ByReason
  /** Given up here, by why. */
  readonly dropped: ByReason
  /** Not sent yet, or on the way. */
  readonly queued: number
}

/** All figures are records, never requests. */
export interface OutletAccount {
  readonly unit: 'records'
  readonly outlet: string
  readonly kinds: Readonly<Partial<Record<RecordKind, KindAccount>>>
  /** Why the exporter could not be closed: what it took may not have arrived. */
  readonly closeFailure?: string
}

/** How many different reasons are told apart: a backend's may name each record. */
const MOST_REASONS = 50
const OTHER_REASONS = 'other reasons'

class KindCounts {
  offered = 0
  delivered = 0
  queued = 0
  readonly rejected = new Map<string, number>()
  readonly dropped = new Map<string, number>()
}

/** Counts an outlet's records by kind. */
export class OutletLedger {
  readonly #outlet: string
  readonly #packet = new KindCounts()
  readonly #flow = new KindCounts()
  readonly #metric = new KindCounts()
  #closeFailure: string | undefined

  constructor(outlet: string) {
    this.#outlet = outlet
  }

  countOffered(kind: RecordKind): void {
    const counts = this.#countsOf(kind)
    counts.offered++
    counts.queued++
  }

  countDelivered(kind: RecordKind): void {
    const counts = this.#countsOf(kind)
    counts.queued--
    counts.delivered++
  }

  countRejected(kind: RecordKind, reason: string): void {
    const counts = this.#countsOf(kind)
    counts.queued--
    countReason(counts.rejected, reason)
  }

  countDropped(kind: RecordKind, reason: string): void {
    const counts = this.#countsOf(kind)
    counts.queued--
    countReason(counts.dropped, reason)
  }

  closeFailed(reason: string): void {
    this.#closeFailure = reason
  }

  account(): OutletAccount {
    const kinds: Partial<Record<RecordKind, KindAccount>> = {}
    for (const kind of KINDS) {
      const { offered, delivered, queued, rejected, dropped } = this.#countsOf(kind)
      if (offered === 0) continue
      kinds[kind] = { offered, delivered, rejected: Object.fromEntries(rejected), dropped: Object.fromEntries(dropped), queued }
    }
    return {
      unit: 'records',
      outlet: this.#outlet,
      kinds,
      ...(this.#closeFailure === undefined ? {} : { closeFailure: this.#closeFailure }),
    }
  }

  #countsOf(kind: RecordKind): KindCounts {
    return kind === 'packet' ? this.#packet : kind === 'flow' ? this.#flow : this.#metric
  }
}

/** How many records an outlet was offered and did not deliver. */
export function undelivered({ kinds }: OutletAccount): number {
  return Object.values(kinds).reduce((sum, { rejected, dropped, queued }) => sum + total(rejected) + total(dropped) + queued, 0)
}

function countReason(counts: Map<string, number>, reason: string): void {
  const key = counts.has(reason) || counts.size < MOST_REASONS ? reason : OTHER_REASONS
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
