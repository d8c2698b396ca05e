import type { FrameBatch, FrameSource } from '@geneve-telemetry/core/wire'

/** How long a source may say nothing until it counts as silent. */
const SILENCE_MS = 200

/** A batch; or that the source is silent for now; or that there is no more to read. */
export type Step = FrameBatch | 'silent' | 'end'

/** Reads a source batch by batch, without being held up by one that is silent: a pipe may stay open for hours. */
export class Steps {
  readonly #batches: AsyncIterator<FrameBatch>
  readonly #signal: AbortSignal | undefined
  readonly #repeatsSilence: boolean
  #arrival: Promise<IteratorResult<FrameBatch>> | undefined
  #isSilent = false
  #interrupted = false
  #failure: unknown

  /** `repeatsSilence`: whether a source that goes on being silent is said to be so again and again, or once until its next batch. */
  constructor(source: FrameSource, signal: AbortSignal | undefined, repeatsSilence = false) {
    this.#batches = source[Symbol.asyncIterator]()
    this.#signal = signal
    this.#repeatsSilence = repeatsSilence
  }

  /** Whether the signal ended the reading, not the source. */
  get interrupted(): boolean {
    return this.#interrupted
  }

  /** What ended a reading that had begun, if it was a failure. */
  get failure(): unknown {
    return this.#failure
  }

  /** `next`, but a failure is an end: what was read before it is worth finishing. */
  async nextOrFailure(): Promise<Step> {
    try {
      return await this.next()
    } catch (error) {
      this.#failure = error
      return 'end'
    }
  }

  async next(): Promise<Step> {
    if (this.#signal?.aborted && this.#arrival === undefined) return this.#interrupt()
    this.#arrival ??= this.#batches.next()
    const step = await this.#first(this.#arrival)
    // A source that has the signal, too, ends for it.
    if (step === 'aborted' || (step === 'end' && this.#signal?.aborted)) return this.#interrupt()
    this.#isSilent = step === 'silent'
    if (step !== 'silent') this.#arrival = undefined
    return step
  }

  /** What comes first. All that waits is taken down again: nothing is left on the signal for each of a million batches. */
  async #first(arrival: Promise<IteratorResult<FrameBatch>>): Promise<Step | 'aborted'> {
    const arrived = arrival.then(({ done, value }): Step => (done ? 'end' : value))
    const { promise: other, resolve } = Promise.withResolvers<'silent' | 'aborted'>()
    // A batch that has come with the signal was read: it goes first.
    const abort = (): void => void setImmediate(resolve, 'aborted' as const)
    if (this.#signal?.aborted) abort()
    this.#signal?.addEventListener('abort', abort)
    const isTold = this.#isSilent && !this.#repeatsSilence
    const timer = isTold ? undefined : setTimeout(resolve, SILENCE_MS, 'silent' as const)
    try {
      return await Promise.race([arrived, other])
    } finally {
      clearTimeout(timer)
      this.#signal?.removeEventListener('abort', abort)
    }
  }

  #interrupt(): 'end' {
    this.#interrupted = true
    this.leave()
    return 'end'
  }

  /** Reads no further. The source is told, but not waited for: its next batch may never come. */
  leave(): void {
    this.#arrival?.catch(() => undefined)
    this.#batches.return?.().catch(() => undefined)
  }
}
