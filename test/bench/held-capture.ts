import { openCapture } from '@geneve-telemetry/capture'
import type { FrameBatch } from '@geneve-telemetry/core/wire'
import type { BigCapture } from './captures.ts'

/** A capture in memory, in the batches in which it came: what is timed over it is free of reading. */
export interface HeldCapture extends BigCapture {
  readonly origin: string
  readonly batches: readonly FrameBatch[]
}

export async function hold(capture: BigCapture): Promise<HeldCapture> {
  const source = openCapture(capture.path)
  const batches: FrameBatch[] = []
  for await (const batch of source) batches.push(copy(batch))
  return { ...capture, origin: source.origin, batches }
}

/** The source reuses a batch and its bytes. */
function copy(batch: FrameBatch): FrameBatch {
  const { view, count } = batch
  const begin = batch.offset[0]!
  const bytes = new Uint8Array(view.buffer, view.byteOffset + begin, batch.end[count - 1]! - begin).slice()
  return {
    view: new DataView(bytes.buffer),
    count,
    firstFrame: batch.firstFrame,
    offset: batch.offset.slice(0, count).map((offset) => offset - begin),
    end: batch.end.slice(0, count).map((end) => end - begin),
    wireLength: batch.wireLength.slice(0, count),
    seconds: batch.seconds.slice(0, count),
    nanos: batch.nanos.slice(0, count),
    linkType: batch.linkType.slice(0, count),
    direction: batch.direction.slice(0, count),
  }
}
