import { MOST_FLOWS } from './flows.ts'

/** Outer headers with Ethernet and 252 bytes of options, and the inner IP header of either side. */
const TEMPLATE_LENGTH = 384
const INNER_HEADERS = 304
const INNER_HEADER_ROOM = 40
const CHUNK_LENGTH = 1_048_576
/** More than a packet and its record header can have. */
const SLACK = 65_536

/** One piece of memory for all that packets are copied from and to: the engine moves bytes within one array without a new object. */
export class Arena {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly #templates: number
  readonly #chunk: number
  /** Where the next byte goes. */
  at: number

  /** `content` is copied in and stands at 0. */
  constructor(content: Uint8Array) {
    this.#templates = content.byteLength
    this.#chunk = this.#templates + MOST_FLOWS * TEMPLATE_LENGTH
    this.bytes = new Uint8Array(this.#chunk + CHUNK_LENGTH + SLACK)
    this.view = new DataView(this.bytes.buffer)
    this.bytes.set(content)
    this.at = this.#chunk
  }

  /** Where the flow's outer headers stand. */
  outer(flow: number): number {
    return this.#templates + flow * TEMPLATE_LENGTH
  }

  /** Where the inner IP header stands of what a side of the flow sends. */
  inner(flow: number, side: number): number {
    return this.#templates + flow * TEMPLATE_LENGTH + INNER_HEADERS + side * INNER_HEADER_ROOM
  }

  get isChunkFull(): boolean {
    return this.at - this.#chunk >= CHUNK_LENGTH
  }

  /** What was written since last time, as bytes of its own. */
  take(): Uint8Array {
    const chunk = this.bytes.slice(this.#chunk, this.at)
    this.at = this.#chunk
    return chunk
  }
}
