import { Readable } from 'node:stream'
import type { FrameSource } from '@geneve-telemetry/core/wire'
import { expect } from 'vitest'
import { type CaptureOptions, type CaptureSource, readCapture } from '../src/index.ts'
import type { Frame } from './written.ts'

/** All frames of a source, copied out of its batches. */
export async function takeAll(source: FrameSource): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const batch of source) {
    expect(batch.firstFrame).toBe(frames.length + 1)
    expect(batch.count).toBeGreaterThan(0)
    for (let i = 0; i < batch.count; i++) {
      const [offset, end] = [batch.offset[i]!, batch.end[i]!]
      frames.push({
        seconds: batch.seconds[i]!,
        nanos: batch.nanos[i]!,
        bytes: new Uint8Array(batch.view.buffer.slice(batch.view.byteOffset + offset, batch.view.byteOffset + end) as ArrayBuffer),
        wireLength: batch.wireLength[i]!,
        linkType: batch.linkType[i]!,
        direction: batch.direction[i]!,
      })
    }
  }
  return frames
}

/** A capture that comes in pieces of the given sizes, again and again until it is all there. */
export function inPieces(bytes: Uint8Array, sizes: readonly number[], options: CaptureOptions = {}): CaptureSource {
  function* pieces(): Generator<Uint8Array> {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length]!
      yield bytes.subarray(at, at + size)
      at += size
    }
  }
  return readCapture(Readable.from(pieces(), { objectMode: true }), { live: false, ...options })
}

/** A capture that comes as a whole. */
export function whole(bytes: Uint8Array, options: CaptureOptions = {}): CaptureSource {
  return inPieces(bytes, [Math.max(bytes.length, 1)], options)
}
