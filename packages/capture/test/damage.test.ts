import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CaptureFormatError } from '../src/index.ts'
import { inPieces, takeAll, whole } from './taken.ts'
import { concat, description, enhancedPacket, type Frame, type PcapLayout, pcap, section, simplePacket } from './written.ts'

const LAYOUT: PcapLayout = { little: false, kind: 'nanos', linkField: 1 }
const FRAMES: readonly Frame[] = [0, 1, 60, 7].map((length, index) => ({
  seconds: index,
  nanos: 1,
  bytes: new Uint8Array(length).fill(index),
  wireLength: length,
  linkType: 1,
  direction: 0,
}))
const PCAP_ENDS = FRAMES.map((_, index) => pcap(LAYOUT, FRAMES.slice(0, index + 1)).length)

const PCAPNG_START = concat(section(true), description(true, { linkType: 1, resolution: 9 }))
const PCAPNG_PACKETS = FRAMES.map(({ bytes, wireLength }, index) =>
  index % 2 === 0 ? enhancedPacket(true, { interfaceId: 0, time: 1n, bytes, wireLength, flags: 1 }) : simplePacket(true, bytes, wireLength),
)
const PCAPNG_ENDS = FRAMES.map((_, index) => concat(PCAPNG_START, ...PCAPNG_PACKETS.slice(0, index + 1)).length)

const CUTS = [
  { name: 'pcap', bytes: pcap(LAYOUT, FRAMES), ends: PCAP_ENDS, edges: [24, ...PCAP_ENDS] },
  {
    name: 'pcapng',
    bytes: concat(PCAPNG_START, ...PCAPNG_PACKETS),
    ends: PCAPNG_ENDS,
    edges: [28, PCAPNG_START.length, ...PCAPNG_ENDS],
  },
]

describe.each(CUTS)('$name cut at every length', ({ bytes, ends, edges }) => {
  const lengths = Array.from({ length: bytes.length + 1 }, (_, length) => length)

  test('gives the frames before the cut, and tells of it where it is within something', async () => {
    const all = await takeAll(whole(bytes))
    expect(all).toHaveLength(FRAMES.length)
    for (const length of lengths.slice(4)) {
      for (const sizes of [[1], [length]]) {
        const source = inPieces(bytes.subarray(0, length), sizes)
        expect(await takeAll(source)).toEqual(all.slice(0, ends.filter((end) => end <= length).length))
        const edge = edges.findLast((each) => each <= length) ?? 0
        if (edge === length) expect(source.damage, `${length} bytes`).toBeUndefined()
        else expect(source.damage?.byteOffset, `${length} bytes`).toBe(edge)
        expect(source.cutShort).toBeUndefined()
      }
    }
  })

  test('is no damage on a live pipe', async () => {
    const all = await takeAll(whole(bytes))
    for (const length of lengths.slice(4)) {
      const source = whole(bytes.subarray(0, length), { live: true })
      expect(await takeAll(source)).toEqual(all.slice(0, ends.filter((end) => end <= length).length))
      expect(source.damage).toBeUndefined()
      expect(source.cutShort === undefined, `${length} bytes`).toBe(edges.includes(length))
    }
  })

  test('is not known for a capture before its magic is there', async () => {
    for (const length of [0, 1, 2, 3]) {
      await expect(takeAll(whole(bytes.subarray(0, length)))).rejects.toThrow(CaptureFormatError)
    }
  })
})

test('the last frame that is cut is told with what it needs and what is there', async () => {
  const source = whole(pcap(LAYOUT, FRAMES).subarray(0, PCAP_ENDS[1]! + 28))
  await takeAll(source)
  expect(source.damage).toEqual({ reason: 'the last frame is cut: 76 bytes needed, 28 there', byteOffset: PCAP_ENDS[1] })
})

test('a file header that is cut is told as such', async () => {
  const source = whole(pcap(LAYOUT, []).subarray(0, 10))
  await takeAll(source)
  expect(source.damage).toEqual({ reason: 'the file header is cut: 24 bytes needed, 10 there', byteOffset: 0 })
})

describe('mutated bytes', () => {
  const captures = ['ovs-nano.pcap', 'ovs-two-if.pcapng', 'ovs-gwlb-v4.pcapng', 'RECON-aws-gwlb-hairpin.pcap'].map(
    (name) => new Uint8Array(readFileSync(new URL(`captures/${name}`, import.meta.url))),
  )
  const mutated = fc
    .tuple(
      fc.constantFrom(...captures),
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.nat({ max: 255 }))), { minLength: 1, maxLength: 30 }),
      fc.nat(),
    )
    .map(([bytes, changes, cut]) => {
      const copy = bytes.slice()
      // Past the magic, and more often in headers at the start than in what frames hold.
      for (const [at, value] of changes) copy[4 + (at % (at % 2 === 0 ? 400 : copy.length - 4))] = value
      return cut % 3 === 0 ? copy.subarray(0, 4 + (cut % (copy.length - 4))) : copy
    })

  const sane = (frames: readonly Frame[], size: number): void => {
    for (const { bytes, wireLength, nanos, seconds, direction } of frames) {
      expect(bytes.length).toBeLessThanOrEqual(size)
      expect(wireLength).toBeGreaterThanOrEqual(bytes.length)
      expect(Number.isInteger(seconds)).toBe(true)
      expect(nanos >= 0 && nanos <= 999_999_999 && direction <= 2).toBe(true)
    }
  }

  test('never throw, and give the same in small pieces as at once', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, fc.integer({ min: 1, max: 600 }), async (bytes, size) => {
        const once = whole(bytes)
        const frames = await takeAll(once)
        sane(frames, bytes.length)
        const pieces = inPieces(bytes, [size], { chunkBytes: 256 })
        expect(await takeAll(pieces)).toEqual(frames)
        expect(pieces.damage).toEqual(once.damage)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('of %s never throw either', async (_, compress) => {
    const compressed = captures.map((bytes) => new Uint8Array(compress(bytes)))
    const broken = fc.tuple(fc.constantFrom(...compressed), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([bytes, at, change]) => {
      const copy = bytes.slice()
      // Behind what says how it is compressed. What is decompressed still begins as a capture.
      const place = 60 + (at % (copy.length - 60))
      copy[place] = copy[place]! ^ change
      return copy
    })
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        try {
          sane(await takeAll(whole(bytes)), 2 ** 24)
        } catch (error) {
          // Changed code tables may change the magic inside.
          expect(error).toBeInstanceOf(CaptureFormatError)
        }
      }),
      { numRuns: 150 },
    )
  })
})

test('memory does not grow with the capture', async () => {
  const piece = pcap(
    LAYOUT,
    Array.from({ length: 1000 }, () => FRAMES[2]!),
  ).subarray(24)
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield pcap(LAYOUT, [])
    for (let i = 0; i < 3000; i++) yield piece
  }
  const { readCapture } = await import('../src/index.ts')
  let frames = 0
  let most = 0
  const before = process.memoryUsage().arrayBuffers
  for await (const batch of readCapture(endless())) {
    frames += batch.count
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  expect(frames).toBe(3_000_000)
  expect(most).toBeLessThan(8 * 2 ** 20)
})
