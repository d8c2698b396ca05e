/** Where a capture's bytes come from: a file, a stream, or a decompressor of either. */
export interface ByteSource {
  /** Puts bytes to the start of `into` as soon as there are any. Returns how many, 0 at the end. */
  read(into: Uint8Array): Promise<number>
  close(): Promise<void>
  /** How it is called in messages. */
  readonly name: string
  /** Whether it ends when its writer does, rather than where it was meant to. */
  readonly live: boolean
  /** Bytes taken in so far, as they lie on disk or come over the pipe, and all there are if that is known. */
  readonly bytesRead: number
  readonly bytesTotal: number | undefined
  /** The same bytes from their beginning, where that is possible. */
  again?(): Promise<ByteSource>
}
