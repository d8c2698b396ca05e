import type { FrameColumns } from './columns.ts'

/** No frame, and no block of pcapng, is believed to be larger. Snap lengths are at most 256 KiB, BIG TCP has frames of several hundred. */
export const MAX_FRAME_BYTES: number = 2 ** 24

/** Finds the frames in the bytes of a capture. */
export interface FrameReader {
  /**
   * Takes the whole frames of `view[at, end)`, as many as the batch holds, and returns where the first byte lies that it did not take.
   * Called again with more bytes behind it, it goes on there.
   */
  read(view: DataView, at: number, end: number, batch: FrameColumns): number
  /** Why no frame can be read from where `read` stopped; undefined as long as more bytes may help. */
  readonly problem: string | undefined
  /** What begins where `read` stopped, and the bytes that it needs as far as is known by then. */
  readonly expected: string
  readonly needed: number
}
