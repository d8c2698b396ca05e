import type { CaptureDamage, FrameBatch, FrameSource } from '@geneve-telemetry/core/wire'

export interface Frame {
  readonly bytes: Uint8Array
  readonly linkType?: number
  readonly wireLength?: number
  readonly seconds?: number
}

/** A source of these frames, `chunk` of them a batch. */
export function framesSource(frames: readonly Frame[], chunk = 3, damage?: CaptureDamage): FrameSource {
  return {
    origin: '0123456789abcdef',
    damage,
    bytesRead: 0,
    bytesTotal: undefined,
    async *[Symbol.asyncIterator]() {
      for (let first = 0; first < frames.length; first += chunk) yield batchOf(frames.slice(first, first + chunk), first + 1)
    },
  }
}

/** Neighbours lie side by side, as in a file. */
export function batchOf(frames: readonly Frame[], firstFrame: number): FrameBatch {
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.bytes.byteLength, 0))
  const offset = new Int32Array(frames.length)
  const end = new Int32Array(frames.length)
  let at = 0
  frames.forEach((frame, index) => {
    bytes.set(frame.bytes, at)
    offset[index] = at
    at += frame.bytes.byteLength
    end[index] = at
  })
  return {
    view: new DataView(bytes.buffer),
    count: frames.length,
    firstFrame,
    offset,
    end,
    wireLength: Int32Array.from(frames, (frame) => frame.wireLength ?? frame.bytes.byteLength),
    seconds: Float64Array.from(frames, (frame, index) => frame.seconds ?? 1_000 + firstFrame + index),
    nanos: new Int32Array(frames.length),
    linkType: Int32Array.from(frames, (frame) => frame.linkType ?? 1),
    direction: new Uint8Array(frames.length),
  }
}
