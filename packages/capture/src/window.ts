import type { ByteSource } from './byte-source.ts'

/** The part of a capture that is in memory: a buffer that is filled at its end and used up from its start. */
export class Window {
  bytes: Uint8Array
  view: DataView
  /** What is there and not used up yet is `bytes[start, end)`. */
  start = 0
  end = 0
  /** Position in the capture of the buffer's first byte. */
  #base = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
  }

  get available(): number {
    return this.end - this.start
  }

  /** Position in the capture of the first byte that is not used up. */
  get position(): number {
    return this.#base + this.start
  }

  /** Waits for more bytes. They may move those that are there. False at the end. */
  async fill(source: ByteSource): Promise<boolean> {
    this.bytes.copyWithin(0, this.start, this.end)
    this.#base += this.start
    this.end -= this.start
    this.start = 0
    if (this.end === this.bytes.length) this.#grow()
    const count = await source.read(this.bytes.subarray(this.end))
    this.end += count
    return count > 0
  }

  /** Twice as large is large enough: readers refuse frames that would not fit in the end. */
  #grow(): void {
    const { bytes } = this
    this.bytes = new Uint8Array(bytes.length * 2)
    this.bytes.set(bytes)
    this.view = new DataView(this.bytes.buffer)
  }

  /** Takes out all that is there, for somebody else to read it first. */
  takeAll(): Uint8Array {
    const taken = this.bytes.slice(this.start, this.end)
    this.start = 0
    this.end = 0
    return taken
  }
}
