import { Readable } from 'node:stream'
import type { ByteSource } from './byte-source.ts'
import { CaptureAccessError } from './error.ts'

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
const NOTHING = new Uint8Array(0)

/** A pipe, a socket, or whatever else gives pieces of bytes. */
export class StreamBytes implements ByteSource {
  readonly name: string
  readonly live: boolean = true
  readonly bytesTotal: undefined = undefined
  bytesRead = 0
  readonly #stream: AsyncIterable<Uint8Array>
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal | undefined
  /** What is left of the last piece. */
  #rest: Uint8Array = NOTHING
  #ended = false
  /** Ends the wait for a piece, while there is one. */
  #stopWaiting: () => void = () => {}
  readonly #onAbort = (): void => this.#stopWaiting()

  constructor(name: string, stream: AsyncIterable<Uint8Array>, signal?: AbortSignal) {
    this.name = name
    this.#stream = stream
    this.#iterator = stream[Symbol.asyncIterator]()
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const { done, value } = this.#ended ? END : await this.#next()
      if (done) {
        this.#ended = true
        return 0
      }
      if (!(value instanceof Uint8Array))
        throw new TypeError(`${this.name} gives ${typeof value}s, not bytes; do not set an encoding on it`)
      this.#rest = value
      this.bytesRead += value.length
    }
    const piece = this.#rest.subarray(0, into.length)
    into.set(piece)
    this.#rest = this.#rest.subarray(piece.length)
    return piece.length
  }

  /** A race of two promises would not do: each one leaves something on the signal's, which lives as long as the stream. */
  #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return new Promise((resolve, reject) => {
      this.#stopWaiting = () => resolve(END)
      if (this.#signal?.aborted) resolve(END)
      else this.#iterator.next().then(resolve, (cause) => reject(this.#failure(cause)))
    })
  }

  #failure(cause: unknown): CaptureAccessError {
    return new CaptureAccessError(`${this.name} broke off: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    if (this.#stream instanceof Readable) this.#stream.destroy()
    // An iterator that is still waiting for its next piece would return only behind it.
    else if (this.#signal?.aborted) this.#iterator.return?.().catch(() => {})
    else if (!this.#ended) await this.#iterator.return?.()
  }
}
