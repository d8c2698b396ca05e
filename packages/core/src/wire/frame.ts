/** Which way a frame crossed the interface it was captured on, as far as the capture tells: pcapng's epb_flags, SLL's packet type. */
export const DIRECTION_UNKNOWN: number = 0
export const DIRECTION_INBOUND: number = 1
export const DIRECTION_OUTBOUND: number = 2

/**
 * The frames of one chunk of a capture: columns over one shared view. A source reuses it, so it is valid until the next batch is asked for;
 * whoever wants to keep something copies values, never views.
 */
export interface FrameBatch {
  /** All bytes of the chunk. A frame is `view[offset[i], end[i])`; never read past `end[i]`, the next frame's bytes are there. */
  view: DataView
  /** How many frames are in this batch; the columns may be longer. */
  count: number
  /** Number of the batch's first frame within its source, counted from 1. */
  firstFrame: number
  offset: Int32Array
  end: Int32Array
  /** Bytes the frame had on the wire; at least `end - offset`, more where a snap length cut it. */
  wireLength: Int32Array
  /** Time in whole seconds since 1970-01-01T00:00:00Z, and the nanoseconds (0 to 999,999,999) beyond them. Two numbers, because a `bigint` a packet is garbage. */
  seconds: Float64Array
  nanos: Int32Array
  /** tcpdump.org's LINKTYPE_ number, per frame: a pcapng file may have several interfaces. */
  linkType: Int32Array
  direction: Uint8Array
}

/** Where frames come from: a file, a pipe, a socket. Iterating it gives batches until the source ends. */
export interface FrameSource extends AsyncIterable<FrameBatch> {
  /** What records are named after: a digest for a file, a run id for a pipe; without a hyphen, where an id's origin ends. Known from the first batch on. */
  readonly origin: string
  /** What broke the source off before its end, once iterated: the frames before it were all delivered. */
  readonly damage: CaptureDamage | undefined
  /** Bytes of the capture taken in so far, and all there are if that is known: for progress. */
  readonly bytesRead: number
  readonly bytesTotal: number | undefined
}

/** Why a capture could not be read further, and at which of its bytes (counted from 0, after decompression). */
export interface CaptureDamage {
  readonly reason: string
  readonly byteOffset: number
}
