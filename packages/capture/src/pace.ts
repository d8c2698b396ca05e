import { setTimeout as sleep } from 'node:timers/promises'
import type { FrameBatch } from '@geneve-telemetry/core/wire'

/** Packets that are due within it come at once: a timer for each of them would cost more than they do. */
const TICK_MS = 10
/** A clock may be set meanwhile; then the rest of a long wait is another one. */
const MOST_MS = 60_000

/** Hands out packets when their time comes: the first one at once, each other one as much later as it was captured later. */
export class Pace {
  readonly #clock: () => number
  readonly #signal: AbortSignal | undefined
  /** What a packet's time lies behind the clock's, in milliseconds. */
  #behindMs: number | undefined

  constructor(clock: () => number, signal: AbortSignal | undefined) {
    this.#clock = clock
    this.#signal = signal
  }

  /** The batch in parts, each when it is due. Ends early when the signal says so. */
  async *parts(batch: FrameBatch): AsyncGenerator<FrameBatch, void, undefined> {
    this.#behindMs ??= this.#clock() - timeMs(batch, 0)
    for (let from = 0; from < batch.count; ) {
      const to = this.#due(batch, from)
      if (to > from) yield part(batch, from, to)
      else if (!(await this.#wait(timeMs(batch, from) + this.#behindMs - this.#clock()))) return
      from = to
    }
  }

  /** The row of the first packet from `from` on that is not due. */
  #due(batch: FrameBatch, from: number): number {
    const nowMs = this.#clock() - this.#behindMs!
    let to = from
    while (to < batch.count && timeMs(batch, to) <= nowMs) to++
    return to
  }

  /** Returns false if the signal ended it. */
  async #wait(ms: number): Promise<boolean> {
    try {
      await sleep(Math.min(Math.max(ms, TICK_MS), MOST_MS), undefined, { signal: this.#signal })
    } catch {}
    return this.#signal?.aborted !== true
  }
}

function timeMs({ seconds, nanos }: FrameBatch, row: number): number {
  return seconds[row]! * 1000 + nanos[row]! / 1e6
}

function part(batch: FrameBatch, from: number, to: number): FrameBatch {
  return {
    view: batch.view,
    count: to - from,
    firstFrame: batch.firstFrame + from,
    offset: batch.offset.subarray(from, to),
    end: batch.end.subarray(from, to),
    wireLength: batch.wireLength.subarray(from, to),
    seconds: batch.seconds.subarray(from, to),
    nanos: batch.nanos.subarray(from, to),
    linkType: batch.linkType.subarray(from, to),
    direction: batch.direction.subarray(from, to),
  }
}
