import type { ToldRecord, ToldValues } from '@geneve-telemetry/core'

/** What senders said of one subject. */
export interface SubjectSummary {
  readonly vendor: string
  /** The field that names it: `nat_gateway_id`, `lb_arn`, `flow`. */
  readonly type: string
  readonly id: string
  /** How many packets told of it. */
  readonly packets: number
  /** The last value of each field. */
  readonly values: ToldValues
}

/** Adds up the records of subjects, of the first so many of them. */
export class ToldSubjects {
  readonly #most: number
  readonly #subjects = new Map<string, SubjectSummary>()
  #others = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Packets that told of subjects for which there was no room. */
  get others(): number {
    return this.#others
  }

  add({ vendor, subject: { type, id }, packets, values }: ToldRecord): void {
    const key = JSON.stringify([vendor, type, id])
    const known = this.#subjects.get(key)
    if (known !== undefined || this.#subjects.size < this.#most)
      this.#subjects.set(key, { vendor, type, id, packets: packets + (known?.packets ?? 0), values })
    else this.#others += packets
  }

  /** Most packets first, of equals the one that was told of first. */
  list(): readonly SubjectSummary[] {
    return [...this.#subjects.values()].sort((one, other) => other.packets - one.packets)
  }
}
