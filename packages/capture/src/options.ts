export interface CaptureOptions {
  /** Bytes read at once, and with them the size of the buffer: 256 to 67,108,864. It grows for a larger frame, and for nothing else. Default 1 MiB. */
  readonly chunkBytes?: number
  /** Whether the source may end within a frame, as a pipe does whose writer was stopped: then that is told by `cutShort` instead of `damage`. Default: no for files, yes for all else. */
  readonly live?: boolean
  /** What records are named after, without a hyphen: ids go on with one. Default: a digest for a file, a random run id for all else. */
  readonly origin?: string
  /** Ends the source where it is, also while it waits for bytes. What had arrived is handed out. */
  readonly signal?: AbortSignal
}

export const DEFAULT_CHUNK_BYTES: number = 2 ** 20
const LEAST_CHUNK_BYTES = 2 ** 8
const MOST_CHUNK_BYTES = 2 ** 26

/** Throws RangeError on an option that cannot be. */
export function checkOptions({ chunkBytes, origin }: CaptureOptions): void {
  if (chunkBytes !== undefined && !(Number.isInteger(chunkBytes) && chunkBytes >= LEAST_CHUNK_BYTES && chunkBytes <= MOST_CHUNK_BYTES)) {
    throw new RangeError(`chunkBytes: ${chunkBytes} is not a whole number from ${LEAST_CHUNK_BYTES} to ${MOST_CHUNK_BYTES}`)
  }
  if (origin === '') throw new RangeError('origin: an empty text cannot name records; leave the option away for the default')
  if (origin?.includes('-')) throw new RangeError(`origin: '${origin}' has a hyphen, where an id's origin ends`)
}
