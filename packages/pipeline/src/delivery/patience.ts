/** How long there has been nothing but failure: whether it makes sense that others wait. */
export class Patience {
  readonly #patienceMs: number
  #failingSince: number | undefined
  #reason = ''

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Of the last failure; '' if nothing fails. */
  get reason(): string {
    return this.#reason
  }

  /** Until it is out; undefined while nothing fails. */
  get leftMs(): number | undefined {
    return this.#failingSince === undefined ? undefined : Math.max(this.#failingSince + this.#patienceMs - performance.now(), 0)
  }

  get isOut(): boolean {
    return this.leftMs === 0
  }

  succeeded(): void {
    this.#failingSince = undefined
    this.#reason = ''
  }

  /** What began at `since` (of performance.now) has failed. */
  failed(since: number, reason: string): void {
    this.#failingSince ??= since
    this.#reason = reason
  }
}
