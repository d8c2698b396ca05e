import type { FrameBatch } from '@geneve-telemetry/core/wire'

/** Frames in a batch at most: few enough for the columns to stay in the processor's cache. */
const CAPACITY = 4096
const MOST_WIRE_LENGTH = 2 ** 31 - 1

/** The batch that a source fills again and again. */
export class FrameColumns implements FrameBatch {
  view: DataView
  count = 0
  firstFrame = 1
  readonly offset: Int32Array = new Int32Array(CAPACITY)
  readonly end: Int32Array = new Int32Array(CAPACITY)
  readonly wireLength: Int32Array = new Int32Array(CAPACITY)
  readonly seconds: Float64Array = new Float64Array(CAPACITY)
  readonly nanos: Int32Array = new Int32Array(CAPACITY)
  readonly linkType: Int32Array = new Int32Array(CAPACITY)
  readonly direction: Uint8Array = new Uint8Array(CAPACITY)

  constructor(view: DataView) {
    this.view = view
  }

  get isFull(): boolean {
    return this.count === CAPACITY
  }

  /** Begins the next batch, behind the last one. */
  restart(view: DataView): void {
    this.view = view
    this.firstFrame += this.count
    this.count = 0
  }

  /**
   * Adds a frame of which `captured` bytes lie at `offset`, and returns its row; the time is left to the caller.
   * The frame check sequence at the end of a frame is not part of it: `fcs` bytes are taken off what the wire had, and so much of them as was captured off the rest.
   */
  add(offset: number, captured: number, original: number, fcs: number, linkType: number, direction: number): number {
    const row = this.count++
    // Some writers put 0 for the original length.
    const whole = Math.min(Math.max(original, captured), MOST_WIRE_LENGTH)
    const wireLength = Math.max(whole - fcs, 0)
    this.offset[row] = offset
    this.end[row] = offset + Math.min(captured, wireLength)
    this.wireLength[row] = wireLength
    this.linkType[row] = linkType
    this.direction[row] = direction
    return row
  }
}
