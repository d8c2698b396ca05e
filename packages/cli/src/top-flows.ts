import type { FlowRecord } from '@geneve-telemetry/core'

/** The flows with the most bytes, however many there are. */
export class TopFlows {
  readonly #most: number
  #flows: FlowRecord[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(record: FlowRecord): void {
    this.#flows.push(record)
    // Now and then, so that a flow costs no sorting.
    if (this.#flows.length > this.#most * 100) this.#cut()
  }

  /** Most bytes first, of equals the one that began first. */
  list(): readonly FlowRecord[] {
    this.#cut()
    return this.#flows
  }

  #cut(): void {
    this.#flows.sort((one, other) => bytesOf(other) - bytesOf(one) || one.frame - other.frame)
    this.#flows.length = Math.min(this.#flows.length, this.#most)
  }
}

function bytesOf({ forward, reverse }: FlowRecord): number {
  return forward.bytes + reverse.bytes
}
