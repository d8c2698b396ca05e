import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { CaptureAccessError, openCapture, replayCapture } from '../src/index.ts'
import { takeAll } from './taken.ts'
import { type Frame, pcap } from './written.ts'

const folder = mkdtempSync(join(tmpdir(), 'replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NANOS = { little: true, kind: 'nanos', linkField: 1 } as const
const FIRST_SECONDS = 1_600_000_000
const NOW_MS = 1_795_000_000_123

function frameAt(nanosLater: number): Frame {
  const bytes = new Uint8Array(20).fill(nanosLater & 0xff)
  const seconds = FIRST_SECONDS + Math.floor(nanosLater / 1e9)
  return { seconds, nanos: nanosLater % 1e9, bytes, wireLength: 20, linkType: 1, direction: 0 }
}

function file(name: string, nanosLater: readonly number[]): string {
  const path = join(folder, name)
  writeFileSync(path, pcap(NANOS, nanosLater.map(frameAt)))
  return path
}

const nanosOf = ({ seconds, nanos }: Frame): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanos)
const nowNanos = BigInt(NOW_MS) * 1_000_000n

describe('a capture that is seen now', () => {
  test.each(['first', 'latest'] as const)('has its %s packet now, and all distances as they were', async (now) => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3e9 }), { minLength: 1, maxLength: 30 }), async (nanosLater) => {
        const path = file(`${now}-${run++}.pcap`, nanosLater)
        const original = await takeAll(openCapture(path))
        const shifted = await takeAll(replayCapture(path, { now, clock: () => NOW_MS }))
        const times = original.map(nanosOf)
        const anchor = now === 'first' ? times[0]! : times.toSorted((one, other) => Number(one - other)).at(-1)!
        expect(shifted.map(nanosOf)).toEqual(times.map((time) => time - anchor + nowNanos))
        expect(shifted.every(({ nanos }) => nanos >= 0 && nanos < 1e9)).toBe(true)
        expect(shifted.map(({ bytes }) => bytes)).toEqual(original.map(({ bytes }) => bytes))
      }),
      { numRuns: 50 },
    )
  })

  test('is another source each time', async () => {
    const path = file('twice.pcap', [0])
    const [one, other] = [replayCapture(path, { clock: Date.now, now: 'first' }), replayCapture(path, { clock: Date.now, now: 'first' })]
    expect(one.origin).toMatch(/^[0-9a-f]{16}$/)
    expect(one.origin).not.toBe(other.origin)
  })

  test('that has no packet has no time either', async () => {
    expect(await takeAll(replayCapture(file('none.pcap', []), { clock: Date.now, now: 'latest' }))).toEqual([])
  })
})

describe('a capture in a loop', () => {
  /** Frames of a loop until there are so many, and how long they took. */
  async function loop(path: string, most: number, now?: 'first'): Promise<{ frames: Frame[]; numbers: number[]; ms: number }> {
    const stop = new AbortController()
    const begun = performance.now()
    const frames: Frame[] = []
    const numbers: number[] = []
    for await (const batch of replayCapture(path, {
      loop: true,
      signal: stop.signal,
      clock: now ? clockFrom(begun) : Date.now,
      ...(now && { now }),
    })) {
      for (let row = 0; row < batch.count; row++) {
        frames.push({ ...frameAt(0), seconds: batch.seconds[row]!, nanos: batch.nanos[row]! })
        numbers.push(batch.firstFrame + row)
      }
      if (frames.length >= most) stop.abort()
    }
    return { frames, numbers, ms: performance.now() - begun }
  }
  const clockFrom = (begun: number) => () => NOW_MS + performance.now() - begun

  test('goes on at its own pace: rounds follow at the mean distance, numbers go on', async () => {
    const path = file('loop.pcap', [0, 20e6, 80e6])
    const { frames, numbers, ms } = await loop(path, 7)
    const start = BigInt(FIRST_SECONDS) * 1_000_000_000n
    expect(frames.map((frame) => Number((nanosOf(frame) - start) / 1_000_000n))).toEqual([0, 20, 80, 120, 140, 200, 240])
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(ms).toBeGreaterThan(235)
  })

  test('and now: no packet comes before its time', async () => {
    const begun = performance.now()
    const { frames } = await loop(file('loop-now.pcap', [0, 30e6]), 4, 'first')
    const laterMs = frames.map((frame) => Number(nanosOf(frame) - nowNanos) / 1e6)
    expect(laterMs[0]).toBeGreaterThanOrEqual(0)
    expect(laterMs.slice(1).map((time, index) => Math.round(time - laterMs[index]!))).toEqual([30, 30, 30])
    expect(performance.now() - begun).toBeGreaterThanOrEqual(laterMs[3]!)
  })

  test('ends in the middle of a wait, and with damage', async () => {
    const path = file('slow.pcap', [0, 3600e9])
    const stop = new AbortController()
    const batches = replayCapture(path, { clock: Date.now, loop: true, signal: stop.signal })[Symbol.asyncIterator]()
    expect((await batches.next()).value?.count).toBe(1)
    const waiting = batches.next()
    stop.abort()
    expect((await waiting).done).toBe(true)

    const damaged = join(folder, 'damaged.pcap')
    writeFileSync(damaged, pcap(NANOS, [frameAt(0), frameAt(1)]).subarray(0, -3))
    const source = replayCapture(damaged, { clock: Date.now, loop: true })
    expect(await takeAll(source)).toHaveLength(1)
    expect(source.damage?.reason).toMatch(/is cut/)
  })
})

test('what can be read once only is refused where it would be read again', async () => {
  expect(() => replayCapture('-', { clock: Date.now, loop: true })).toThrow(/standard input is read once/)
  expect(() => replayCapture('-', { clock: Date.now, now: 'latest' })).toThrow(RangeError)
  await expect(takeAll(replayCapture('/dev/null', { clock: Date.now, loop: true }))).rejects.toThrow(CaptureAccessError)
  await expect(takeAll(replayCapture(join(folder, 'missing'), { clock: Date.now, now: 'latest' }))).rejects.toThrow(/there is no such file/)
})
