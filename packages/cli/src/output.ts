import { write } from 'node:fs'

const CHUNK_LENGTH = 65_536
/** How much may wait to be written until `settle` waits for it. */
const WAITING_BYTES = 1_048_576
/** A terminal that another program made non-blocking is asked again after this. */
const AGAIN_MS = 5

/**
 * Text to a file descriptor in large chunks, beside the decoding. Whatever happens to the reader on the other side, nothing is thrown: `broken` fires.
 *
 * `process.stdout` would write to pipes synchronously: no signal would come through while a reader is slow.
 */
export class Output {
  readonly #descriptor: number
  readonly #breaker = new AbortController()
  #text = ''
  #chunks: Uint8Array[] = []
  #waitingBytes = 0
  #writing: Promise<void> | undefined
  #failure: NodeJS.ErrnoException | undefined

  constructor(descriptor = 1) {
    this.#descriptor = descriptor
  }

  /** Fires when nothing more can be written. */
  get broken(): AbortSignal {
    return this.#breaker.signal
  }

  /** Why that is, unless the reader just went away, as `head` does when it has seen enough. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure?.code === 'EPIPE' ? undefined : this.#failure
  }

  write(text: string): void {
    this.#text += text
    if (this.#text.length >= CHUNK_LENGTH) this.#pushText()
  }

  /** UTF-8, in whole lines. */
  writeBytes(bytes: Uint8Array): void {
    this.#pushText()
    this.#push(bytes)
  }

  /** Hands over all text, and waits while too much of it waits. */
  async settle(): Promise<void> {
    this.#pushText()
    while (this.#waitingBytes > WAITING_BYTES && this.#writing !== undefined) await this.#writing
  }

  /** Resolves when all is written, or cannot be. */
  async flush(): Promise<void> {
    this.#pushText()
    while (this.#writing !== undefined) await this.#writing
  }

  #pushText(): void {
    const text = this.#text
    this.#text = ''
    if (text !== '') this.#push(Buffer.from(text))
  }

  #push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return
    this.#chunks.push(chunk)
    this.#waitingBytes += chunk.byteLength
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
    })
  }

  async #writeAll(): Promise<void> {
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
      await this.#writeChunk(chunk)
      this.#waitingBytes -= chunk.byteLength
    }
  }

  async #writeChunk(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength && this.#failure === undefined; ) {
      try {
        at += await writeSome(this.#descriptor, chunk, at)
      } catch (error) {
        const failure = error as NodeJS.ErrnoException
        if (failure.code === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
        else this.#fail(failure)
      }
    }
  }

  #fail(failure: NodeJS.ErrnoException): void {
    this.#failure = failure
    this.#breaker.abort()
  }
}

function writeSome(descriptor: number, chunk: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, chunk, at, chunk.byteLength - at, null, (error, written) => (error === null ? resolve(written) : reject(error)))
  })
}
