import { setTimeout as sleep } from 'node:timers/promises'
import type { Encoded, Exporter, Outcome } from '@geneve-telemetry/core'
import type { OutletLedger } from './account.ts'
import { type Answer, attempt } from './attempt.ts'
import type { Refusal } from './dead-letters.ts'
import type { Delivery } from './options.ts'
import type { Patience } from './patience.ts'
import type { Refusals } from './refusals.ts'

/** What the parts of one batch share. */
interface Trip {
  /** Of performance.now: when it is given up. */
  readonly deadline: number
  readonly attempts: number
  /** Records that were sent and of which nothing was heard. */
  readonly doubtful: ReadonlySet<Encoded>
  /** Why they did not arrive yet. */
  readonly reason: string
}

const NOTHING: Outcome = { retry: [], rejected: [] }

/** Sees one batch through: sends it, and what is to be sent again of it, until every record has its end and is counted. */
export class Courier {
  readonly #exporter: Exporter
  readonly #delivery: Delivery
  readonly #ledger: OutletLedger
  readonly #refusals: Refusals
  readonly #patience: Patience
  readonly #cut: AbortSignal
  /** Of performance.now: when the backend wants to be asked again. */
  #notBefore = 0

  constructor(exporter: Exporter, delivery: Delivery, ledger: OutletLedger, refusals: Refusals, patience: Patience, cut: AbortSignal) {
    this.#exporter = exporter
    this.#delivery = delivery
    this.#ledger = ledger
    this.#refusals = refusals
    this.#patience = patience
    this.#cut = cut
  }

  /** Resolves when nothing of the batch is left; `heard` is called after each answer. */
  async deliver(batch: readonly Encoded[], heard: () => void): Promise<void> {
    const deadline = performance.now() + this.#delivery.retryForMs
    await this.#carry(batch, { deadline, attempts: 0, doubtful: new Set(), reason: this.#patience.reason }, heard)
  }

  async #carry(batch: readonly Encoded[], begun: Trip, heard: () => void): Promise<void> {
    let trip = begun
    let left = batch
    for (let next = 0; left.length > 0; next = this.#nextTime(trip)) {
      const at = Math.max(next, this.#notBefore)
      const waitMs = Math.min(at, trip.deadline) - performance.now()
      // The signal only ends the waiting.
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#cut }).catch(() => undefined)
      if (this.#cut.aborted || at > trip.deadline) {
        this.#giveUp(left, trip)
        return
      }
      const answer = await this.#send(left, trip)
      // What is wrong with the backend says more than that it was not waited for.
      const reason = this.#cut.aborted && trip.reason !== '' ? trip.reason : answer.reason
      trip = { ...trip, attempts: trip.attempts + 1, reason }
      const again = this.#heed(left, answer, trip.doubtful)
      if (answer.isUncertain) {
        trip = { ...trip, doubtful: new Set([...trip.doubtful, ...again]) }
        if (this.#exporter.repeat === 'counts-twice' && this.#delivery.uncertain === 'give-up') {
          this.#giveUp(again, trip)
          return
        }
      }
      left = again
      heard()
      if (answer.outcome?.halve && left.length > 0) {
        const middle = Math.ceil(left.length / 2)
        await this.#carry(left.slice(0, middle), trip, heard)
        await this.#carry(left.slice(middle), trip, heard)
        return
      }
    }
  }

  async #send(batch: readonly Encoded[], { attempts }: Trip): Promise<Answer> {
    this.#ledger.countRequest(attempts > 0)
    const begun = performance.now()
    const answer = await attempt(this.#exporter, batch, this.#delivery.timeoutMs, this.#cut)
    const { retry, rejected, halve, retryAfterMs = 0 } = answer.outcome ?? NOTHING
    const isHeard = answer.outcome !== undefined && (halve === true || rejected.length > 0 || retry.length < batch.length)
    if (isHeard) this.#patience.succeeded()
    else if (!this.#cut.aborted) this.#patience.failed(begun, answer.reason)
    if (retryAfterMs > 0) this.#notBefore = Math.max(this.#notBefore, performance.now() + retryAfterMs)
    return answer
  }

  /** Counts what has arrived or never will. Returns what is to be sent again. */
  #heed(batch: readonly Encoded[], { outcome }: Answer, doubtful: ReadonlySet<Encoded>): readonly Encoded[] {
    if (outcome === undefined) return batch
    const retry = new Set(outcome.retry)
    const reasons = new Map(outcome.rejected.map(({ index, reason }) => [index, reason]))
    const again: Encoded[] = []
    const refused: Refusal[] = []
    batch.forEach((record, index) => {
      const reason = retry.has(index) ? undefined : reasons.get(index)
      if (reason !== undefined) refused.push({ record, fate: 'rejected', reason })
      else if (outcome.halve && batch.length === 1) refused.push({ record, fate: 'rejected', reason: 'the backend finds it too large' })
      else if (outcome.halve || retry.has(index)) again.push(record)
      else this.#delivered(record, doubtful)
    })
    this.#refuse(refused, doubtful)
    return again
  }

  #delivered(record: Encoded, doubtful: ReadonlySet<Encoded>): void {
    this.#ledger.countDelivered(record.kind)
    if (doubtful.size > 0 && doubtful.has(record)) this.#ledger.countUncertain(record.kind)
  }

  #refuse(refused: readonly Refusal[], doubtful: ReadonlySet<Encoded>): void {
    this.#refusals.add(refused)
    for (const { record } of refused) if (doubtful.has(record)) this.#ledger.countUncertain(record.kind)
  }

  #giveUp(batch: readonly Encoded[], { reason, doubtful }: Trip): void {
    const why = this.#cut.aborted ? 'no time was left' : 'gave up'
    this.#refuse(
      batch.map((record) => ({ record, fate: 'dropped', reason: reason === '' ? why : `${why}: ${reason}` })),
      doubtful,
    )
  }

  /** Full jitter: anything up to a bound that doubles, so that the many that failed together do not come back together. */
  #nextTime({ attempts }: Trip): number {
    const { retryLeastMs, retryMostMs, random } = this.#delivery
    const bound = Math.min(retryMostMs, retryLeastMs * 2 ** (attempts - 1))
    return performance.now() + random() * bound
  }
}
