import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openCapture } from '../src/index.ts'
import { chunkBytes, frames, pieceSizes } from './arbitrary.ts'
import { inPieces, takeAll, whole } from './taken.ts'
import { concat, type Frame, type PcapLayout, pcap } from './written.ts'

const folder = mkdtempSync(join(tmpdir(), 'capture-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LAYOUT: PcapLayout = { little: true, kind: 'nanos', linkField: 1 }
const CAPTURE = new Uint8Array(readFileSync(new URL('captures/ovs-two-if.pcapng', import.meta.url)))
const ALL = await takeAll(whole(CAPTURE))

const checked = (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
const COMPRESSIONS = [
  { name: 'gzip', compress: (bytes: Uint8Array): Uint8Array => gzipSync(bytes), isWholeBeforeItsEnd: true },
  // So small a capture is one block of zstd, and a block comes out whole or not at all.
  { name: 'zstd', compress: (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes), isWholeBeforeItsEnd: false },
  { name: 'zstd', compress: checked, isWholeBeforeItsEnd: true },
]

/** Each is read from a stream and from a file, under a name that says nothing. */
async function bothWays(bytes: Uint8Array): Promise<readonly { frames: Frame[]; damage: unknown; bytesRead: number }[]> {
  const path = join(folder, 'capture')
  writeFileSync(path, bytes)
  const results = []
  for (const source of [whole(bytes), openCapture(path)]) {
    results.push({ frames: await takeAll(source), damage: source.damage, bytesRead: source.bytesRead })
  }
  return results
}

describe.each(COMPRESSIONS)('$name', ({ name, compress, isWholeBeforeItsEnd }) => {
  test('comes out as it went in, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(frames, pieceSizes, chunkBytes, async (written, sizes, chunk) => {
        const bytes = compress(pcap(LAYOUT, written))
        const source = inPieces(bytes, sizes, { chunkBytes: chunk })
        const expected = written.map((frame) => ({ ...frame, linkType: 1, direction: 0 }))
        expect(await takeAll(source)).toEqual(expected)
        expect(source.damage).toBeUndefined()
        expect(source.bytesRead).toBe(bytes.length)
      }),
      { numRuns: 30 },
    )
  })

  test.each([1, 7, 1000, 1_000_000])('of several members in pieces of %i bytes is one capture', async (size) => {
    const third = Math.floor(CAPTURE.length / 3)
    const members = [CAPTURE.subarray(0, third), CAPTURE.subarray(third, third), CAPTURE.subarray(third)].map(compress)
    const source = inPieces(concat(...members), [size])
    expect(await takeAll(source)).toEqual(ALL)
    expect(source.damage).toBeUndefined()
  })

  test('of much more than a step is read', async () => {
    const written = Array.from({ length: 30_000 }, (_, index) => ({ ...ALL[0]!, seconds: index, linkType: 1 }))
    for (const result of await bothWays(compress(pcap(LAYOUT, written)))) {
      expect(result.frames).toEqual(written)
      expect(result.damage).toBeUndefined()
    }
  })

  test('cut at every length gives frames from the start, and says so', async () => {
    const bytes = compress(CAPTURE.subarray(0, 4000))
    const all = await takeAll(whole(CAPTURE.subarray(0, 4000)))
    let most = 0
    for (let length = 4; length < bytes.length; length++) {
      const source = whole(bytes.subarray(0, length))
      const some = await takeAll(source)
      expect(some).toEqual(all.slice(0, some.length))
      expect(source.damage?.reason).toBe(`the ${name} stream is cut (unexpected end of file)`)
      const live = whole(bytes.subarray(0, length), { live: true })
      await takeAll(live)
      expect([live.damage, live.cutShort]).toEqual([undefined, source.damage])
      most = Math.max(most, some.length)
    }
    expect(most).toBe(isWholeBeforeItsEnd ? all.length : 0)
  })

  test('followed by something else gives all frames, and says so', async () => {
    const [stream, file] = await bothWays(concat(compress(CAPTURE), new TextEncoder().encode('something else')))
    for (const result of [stream!, file!])
      expect(result.damage).toMatchObject({ reason: expect.stringMatching(`^the ${name} stream is broken`) })
    expect(file!.frames).toEqual(ALL)
    expect(stream!.frames).toEqual(ALL.slice(0, stream!.frames.length))
  })
})

test.each([
  { name: 'gzip', bytes: gzipSync(CAPTURE), fromEnd: 6 },
  { name: 'zstd', bytes: checked(CAPTURE), fromEnd: 2 },
])('a wrong checksum of $name takes no frame with it', async ({ name, bytes, fromEnd }) => {
  const wrong = new Uint8Array(bytes)
  wrong[wrong.length - fromEnd]! ^= 1
  for (const result of await bothWays(wrong)) {
    expect(result.frames).toEqual(ALL)
    expect(result.damage).toMatchObject({ reason: expect.stringMatching(`^the ${name} stream is broken`), byteOffset: CAPTURE.length })
  }
})

describe('gzip broken in its middle', () => {
  const written = Array.from({ length: 5000 }, (_, index) => ({ ...ALL[index % ALL.length]!, seconds: index, linkType: 1, direction: 0 }))
  const content = pcap(LAYOUT, written)
  const header = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
  // Three bits that end a block without an end, then a block of the type that does not exist.
  const broken = concat(header, deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }), new Uint8Array(50_000).fill(0xff))

  test('gives every frame before the damage from a file', async () => {
    const path = join(folder, 'broken')
    writeFileSync(path, broken)
    const source = openCapture(path)
    expect(await takeAll(source)).toEqual(written)
    expect(source.damage).toEqual({ reason: 'the gzip stream is broken (invalid block type)', byteOffset: content.length })
  })

  test.each([0, 5])('gives all but 16 KiB from a stream, to a reader who takes %i ms for a batch', async (ms) => {
    const source = whole(broken, { chunkBytes: 16_384 })
    let taken = 0
    for await (const batch of source) {
      for (let i = 0; i < batch.count; i++) expect(batch.seconds[i]).toBe(taken++)
      // What is decompressed meanwhile must not be thrown away when the damage is met.
      await pause(ms)
    }
    expect(source.damage!.byteOffset).toBeGreaterThan(content.length - 2 ** 14)
    expect(pcap(LAYOUT, written.slice(0, taken + 1)).length).toBeGreaterThan(source.damage!.byteOffset)
  })
})

test('gzip that is padded with zeros is whole', async () => {
  for (const result of await bothWays(concat(gzipSync(CAPTURE), new Uint8Array(5000)))) {
    expect(result.frames).toEqual(ALL)
    expect(result.damage).toBeUndefined()
  }
})

test('zstd that begins with a frame to be skipped is read', async () => {
  const skipped = new Uint8Array([0x55, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])
  for (const result of await bothWays(concat(skipped, zstdCompressSync(CAPTURE)))) {
    expect(result.frames).toEqual(ALL)
    expect(result.damage).toBeUndefined()
  }
})

test('what is broken before it gives anything is damage', async () => {
  for (const result of await bothWays(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff]))) {
    expect(result.frames).toEqual([])
    expect(result.damage).toEqual({ reason: 'the gzip stream is broken (invalid block type)', byteOffset: 0 })
  }
})
