import type { TelemetryRecord } from '@geneve-telemetry/core'
import { type ByReason, total } from '../ledger.ts'

export type RecordKind = TelemetryRecord['kind']
export const RECORD_KINDS: readonly RecordKind[] = ['packet', 'telemetry', 'flow', 'metric']

/** What became of the records of one kind, at any moment: offered + recovered = delivered + rejected + dropped + queued. */
export interface KindAccount {
  readonly offered: number
  /** Taken from the dead letters of an earlier run. */
  readonly recovered: number
  readonly delivered: number
  /** Never taken, by the encoder's or the backend's reason. */
  readonly rejected: ByReason
  /** Given up here, by why. */
  readonly dropped: ByReason
  /** Not sent yet, or on the way. */
  readonly queued: number
  /** Of the delivered those that may have arrived twice, and of the dropped those that were given up as they may have arrived: an answer was lost. */
  readonly uncertain: number
  /** Of the rejected and the dropped those that are in the file of dead letters. */
  readonly deadLettered: number
}

/** All figures are records but `requests` and `retries`. */
export interface OutletAccount {
  readonly unit: 'records'
  readonly outlet: string
  readonly kinds: Readonly<Partial<Record<RecordKind, KindAccount>>>
  readonly requests: number
  /** Of the requests those with records that had been sent before. */
  readonly retries: number
  /** Rejected or dropped, and not in the file of dead letters though there is to be one, by why. */
  readonly unkept: ByReason
  /** Why the exporter could not be closed: what it took may not have arrived. */
  readonly closeFailure?: string
}

/** How many different reasons are told apart: a backend's may name each record. */
const MOST_REASONS = 50
const OTHER_REASONS = 'other reasons'

class KindCounts {
  offered = 0
  recovered = 0
  delivered = 0
  queued = 0
  uncertain = 0
  deadLettered = 0
  readonly rejected = new Map<string, number>()
  readonly dropped = new Map<string, number>()
}

/** Counts an outlet's records by kind. */
export class OutletLedger {
  readonly #outlet: string
  readonly #counts = { packet: new KindCounts(), telemetry: new KindCounts(), flow: new KindCounts(), metric: new KindCounts() }
  readonly #unkept = new Map<string, number>()
  #requests = 0
  #retries = 0
  #closeFailure: string | undefined

  constructor(outlet: string) {
    this.#outlet = outlet
  }

  countOffered(kind: RecordKind): void {
    const counts = this.#countsOf(kind)
    counts.offered++
    counts.queued++
  }

  countRecovered(kind: RecordKind): void {
    const counts = this.#countsOf(kind)
    counts.recovered++
    counts.queued++
  }

  countDelivered(kind: RecordKind, records = 1): void {
    const counts = this.#countsOf(kind)
    counts.queued -= records
    counts.delivered += records
  }

  countRejected(kind: RecordKind, reason: string, records = 1): void {
    const counts = this.#countsOf(kind)
    counts.queued -= records
    countReason(counts.rejected, reason, records)
  }

  countDropped(kind: RecordKind, reason: string, records = 1): void {
    const counts = this.#countsOf(kind)
    counts.queued -= records
    countReason(counts.dropped, reason, records)
  }

  countUncertain(kind: RecordKind): void {
    this.#countsOf(kind).uncertain++
  }

  countDeadLettered(kind: RecordKind): void {
    this.#countsOf(kind).deadLettered++
  }

  countUnkept(reason: string, records: number): void {
    countReason(this.#unkept, reason, records)
  }

  countRequest(isRetry: boolean): void {
    this.#requests++
    if (isRetry) this.#retries++
  }

  closeFailed(reason: string): void {
    this.#closeFailure = reason
  }

  queued(kind: RecordKind): number {
    return this.#countsOf(kind).queued
  }

  account(): OutletAccount {
    const kinds: Partial<Record<RecordKind, KindAccount>> = {}
    for (const kind of RECORD_KINDS) {
      const { rejected, dropped, ...figures } = this.#countsOf(kind)
      if (figures.offered + figures.recovered === 0) continue
      kinds[kind] = { ...figures, rejected: Object.fromEntries(rejected), dropped: Object.fromEntries(dropped) }
    }
    return {
      unit: 'records',
      outlet: this.#outlet,
      kinds,
      requests: this.#requests,
      retries: this.#retries,
      unkept: Object.fromEntries(this.#unkept),
      ...(this.#closeFailure === undefined ? {} : { closeFailure: this.#closeFailure }),
    }
  }

  #countsOf(kind: RecordKind): KindCounts {
    return this.#counts[kind]
  }
}

/** How many records an outlet was given and did not deliver. */
export function undelivered({ kinds }: OutletAccount): number {
  return Object.values(kinds).reduce((sum, { rejected, dropped, queued }) => sum + total(rejected) + total(dropped) + queued, 0)
}

/** What does not add up in an outlet's account, one sentence each; none if all does. */
export function recordImbalances({ outlet, kinds }: OutletAccount): readonly string[] {
  return Object.entries(kinds).flatMap(([kind, { offered, recovered, delivered, rejected, dropped, queued }]) => {
    const given = offered + recovered
    const found = delivered + total(rejected) + total(dropped) + queued
    if (given === found && queued >= 0) return []
    return [`${outlet}: offered + recovered are ${given} ${kind} records, but delivered + rejected + dropped + queued are ${found}`]
  })
}

function countReason(counts: Map<string, number>, reason: string, records: number): void {
  const key = counts.has(reason) || counts.size < MOST_REASONS ? reason : OTHER_REASONS
  counts.set(key, (counts.get(key) ?? 0) + records)
}
