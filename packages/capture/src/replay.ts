import { stat } from 'node:fs/promises'
import type { CaptureDamage, FrameBatch } from '@geneve-telemetry/core/wire'
import { type CaptureSource, openCapture } from './capture.ts'
import { accessError, CaptureAccessError } from './error.ts'
import type { CaptureOptions } from './options.ts'
import { runOrigin } from './origin.ts'
import { Pace } from './pace.ts'
import { type Time, TimeShift } from './time-shift.ts'

export interface ReplayOptions extends CaptureOptions {
  /** Which packet is seen now, the first one or the latest; the others keep their distance to it. Default: all have the time at which they were captured. */
  readonly now?: 'first' | 'latest'
  /** Again and again, at the capture's own pace, until the signal ends it. A round follows the one before at the mean distance of packets. Default: once, as fast as it can be read. */
  readonly loop?: boolean
  /** What time it is, in milliseconds since 1970-01-01T00:00:00Z; `Date.now` for example. */
  readonly clock: () => number
}

/**
 * A capture whose packets are seen at another time, as though they were captured just now. What is read so is another source each time: its origin is by
 * default a run id. `loop` and `now: 'latest'` need a regular file, which is read more than once: the latter in one quick pass ahead. Errors as of openCapture.
 */
export function replayCapture(path: string, options: ReplayOptions): CaptureSource {
  if (path === '-' && isReadAgain(options)) throw new RangeError('path: standard input is read once; name a file')
  return new Replay(path, options)
}

function isReadAgain({ now, loop }: ReplayOptions): boolean {
  return loop === true || now === 'latest'
}

class Replay implements CaptureSource {
  readonly origin: string
  damage: CaptureDamage | undefined
  cutShort: CaptureDamage | undefined
  readonly #path: string
  readonly #options: ReplayOptions
  readonly #shift = new TimeShift()
  readonly #pace: Pace | undefined
  /** The round that is being read. */
  #capture: CaptureSource
  #earlierBytes = 0
  #earlierFrames = 0

  constructor(path: string, options: ReplayOptions) {
    this.#path = path
    this.#options = options
    this.#pace = options.loop ? new Pace(options.clock, options.signal) : undefined
    this.origin = options.origin ?? runOrigin()
    this.#capture = openCapture(path, options)
  }

  get bytesRead(): number {
    return this.#earlierBytes + this.#capture.bytesRead
  }

  /** None where there is no end. */
  get bytesTotal(): number | undefined {
    return this.#options.loop ? undefined : this.#capture.bytesTotal
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FrameBatch, void, undefined> {
    const { now, loop, signal, clock } = this.#options
    if (isReadAgain(this.#options)) await checkRegular(this.#path)
    if (now === 'latest') {
      const latest = await latestTime(openCapture(this.#path, this.#options))
      if (latest !== undefined) this.#shift.put(latest, clock())
    }
    for (;;) {
      yield* this.#round()
      this.damage = this.#capture.damage
      this.cutShort = this.#capture.cutShort
      if (!loop || signal?.aborted || this.damage !== undefined || this.#shift.frames === 0) return
      this.#earlierBytes += this.#capture.bytesRead
      this.#earlierFrames += this.#shift.frames
      this.#shift.nextRound()
      this.#capture = openCapture(this.#path, this.#options)
    }
  }

  async *#round(): AsyncGenerator<FrameBatch, void, undefined> {
    for await (const batch of this.#capture) {
      const isFirst = this.#earlierFrames === 0 && this.#shift.frames === 0
      if (isFirst && this.#options.now === 'first')
        this.#shift.put({ seconds: batch.seconds[0]!, nanos: batch.nanos[0]! }, this.#options.clock())
      this.#shift.apply(batch)
      if (this.#pace === undefined) {
        yield batch
      } else {
        for await (const part of this.#pace.parts(batch)) {
          part.firstFrame += this.#earlierFrames
          yield part
        }
      }
      if (this.#options.signal?.aborted) return
    }
  }
}

async function checkRegular(path: string): Promise<void> {
  let isFile: boolean
  try {
    isFile = (await stat(path)).isFile()
  } catch (error) {
    throw accessError(path, error)
  }
  if (!isFile) throw new CaptureAccessError(`cannot read ${path} more than once: it is no regular file`)
}

async function latestTime(capture: CaptureSource): Promise<Time | undefined> {
  let seconds = -Infinity
  let nanos = 0
  for await (const batch of capture) {
    for (let index = 0; index < batch.count; index++) {
      if (batch.seconds[index]! < seconds || (batch.seconds[index] === seconds && batch.nanos[index]! <= nanos)) continue
      seconds = batch.seconds[index]!
      nanos = batch.nanos[index]!
    }
  }
  return seconds === -Infinity ? undefined : { seconds, nanos }
}
