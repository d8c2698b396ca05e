import type { OutletLedger, RecordKind } from './account.ts'
import type { DeadLetters, Refusal } from './dead-letters.ts'

/** What is not delivered: counted by reason, and kept where there is a file for it. */
export class Refusals {
  readonly #outlet: string
  readonly #ledger: OutletLedger
  readonly #deadLetters: DeadLetters | undefined

  constructor(outlet: string, ledger: OutletLedger, deadLetters: DeadLetters | undefined) {
    this.#outlet = outlet
    this.#ledger = ledger
    this.#deadLetters = deadLetters
  }

  add(refusals: readonly Refusal[]): void {
    if (refusals.length === 0) return
    for (const { record, fate, reason } of refusals) {
      if (fate === 'rejected') this.#ledger.countRejected(record.kind, reason)
      else this.#ledger.countDropped(record.kind, reason)
    }
    if (this.#deadLetters === undefined) return
    const failure = this.#deadLetters.keep(this.#outlet, refusals)
    if (failure !== undefined) this.#ledger.countUnkept(failure, refusals.length)
    else for (const { record } of refusals) this.#ledger.countDeadLettered(record.kind)
  }

  /** A record that has no bytes to keep. */
  addUnencoded(kind: RecordKind, reason: string): void {
    this.#ledger.countRejected(kind, reason)
    if (this.#deadLetters !== undefined) this.#ledger.countUnkept('the encoder made nothing of it that could be kept', 1)
  }
}
