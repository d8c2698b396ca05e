import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkBytes, frames, pieceSizes } from './arbitrary.ts'
import { inPieces, takeAll, whole } from './taken.ts'
import { concat, type Frame, fields, type PcapLayout, pcap, pcapHeader, pcapRecord } from './written.ts'

const layouts = fc.record({
  little: fc.boolean(),
  kind: fc.constantFrom<PcapLayout['kind']>('micros', 'nanos', 'patched'),
  linkField: fc.integer({ min: 0, max: 65_535 }),
})

/** What a layout can say of a frame. */
function through({ kind, linkField }: PcapLayout, frame: Frame): Frame {
  return {
    ...frame,
    nanos: kind === 'nanos' ? frame.nanos : Math.floor(frame.nanos / 1000) * 1000,
    linkType: linkField,
    direction: 0,
  }
}

const ETHERNET: PcapLayout = { little: true, kind: 'micros', linkField: 1 }
const FRAME: Frame = { seconds: 1, nanos: 2000, bytes: new Uint8Array(60), wireLength: 60, linkType: 1, direction: 0 }

test('all kinds of pcap come out as they were written, however they come in', async () => {
  await fc.assert(
    fc.asyncProperty(layouts, frames, pieceSizes, chunkBytes, async (layout, written, sizes, chunk) => {
      const bytes = pcap(layout, written)
      const source = inPieces(bytes, sizes, { chunkBytes: chunk })
      expect(await takeAll(source)).toEqual(written.map((frame) => through(layout, frame)))
      expect(source.damage).toBeUndefined()
      expect(source.bytesRead).toBe(bytes.length)
    }),
  )
})

test('a capture without frames has none', async () => {
  const source = whole(pcap(ETHERNET, []))
  expect(await takeAll(source)).toEqual([])
  expect(source.damage).toBeUndefined()
})

test('more frames than a batch holds are numbered on', async () => {
  const written = Array.from({ length: 10_000 }, (_, index) => ({
    ...FRAME,
    seconds: index,
    bytes: new Uint8Array(index % 3),
    wireLength: 2,
  }))
  expect(await takeAll(whole(pcap(ETHERNET, written)))).toEqual(written)
})

describe('the bits above the link type', () => {
  const taken = (linkField: number, frame: Frame) => takeAll(whole(pcap({ ...ETHERNET, linkField }, [frame])))

  test('are no part of it', async () => {
    expect(await taken(0x0bff_0001, FRAME)).toEqual([FRAME])
  })

  test('may say how long the frame check sequence is, in words of 16 bits', async () => {
    expect(await taken(0x2400_0001, FRAME)).toEqual([{ ...FRAME, bytes: new Uint8Array(56), wireLength: 56 }])
  })

  test('say nothing without the flag that they do', async () => {
    expect(await taken(0x2000_0001, FRAME)).toEqual([FRAME])
  })

  test.each([
    { captured: 60, left: 60 },
    { captured: 62, left: 60 },
    { captured: 64, left: 60 },
    { captured: 20, left: 20 },
  ])('do not take more off $captured captured bytes than there are of it', async ({ captured, left }) => {
    const frame = { ...FRAME, bytes: new Uint8Array(captured), wireLength: 64 }
    expect(await taken(0x2400_0001, frame)).toEqual([{ ...frame, bytes: new Uint8Array(left), wireLength: 60 }])
  })

  test('do not make a frame shorter than nothing', async () => {
    const frame = { ...FRAME, bytes: new Uint8Array(3), wireLength: 3 }
    expect(await taken(0xf400_0001, frame)).toEqual([{ ...frame, bytes: new Uint8Array(0), wireLength: 0 }])
  })
})

test.each([
  { kind: 'micros', fraction: 3_500_000, seconds: 4, nanos: 500_000_000 },
  { kind: 'micros', fraction: 1_000_000, seconds: 2, nanos: 0 },
  { kind: 'nanos', fraction: 4_294_967_295, seconds: 5, nanos: 294_967_295 },
] as const)('a fraction of $fraction $kind is carried over', async ({ kind, fraction, seconds, nanos }) => {
  const layout = { ...ETHERNET, kind }
  const record = fields(true, [4, 1], [4, fraction], [4, 0], [4, 0])
  expect(await takeAll(whole(concat(pcapHeader(layout), record)))).toMatchObject([{ seconds, nanos }])
})

test.each([
  { original: 0, wireLength: 60 },
  { original: 59, wireLength: 60 },
  { original: 2 ** 32 - 1, wireLength: 2 ** 31 - 1 },
])('an original length of $original is taken for $wireLength', async ({ original, wireLength }) => {
  expect(await takeAll(whole(pcap(ETHERNET, [{ ...FRAME, wireLength: original }])))).toEqual([{ ...FRAME, wireLength }])
})

test('a frame of the largest size that is believed is read with a small buffer', async () => {
  const bytes = new Uint8Array(2 ** 24).fill(7)
  const large = { ...FRAME, bytes, wireLength: bytes.length }
  const [first, second] = await takeAll(inPieces(pcap(ETHERNET, [large, FRAME]), [100_000], { chunkBytes: 256 }))
  expect(Buffer.compare(first!.bytes, bytes)).toBe(0)
  expect(second).toEqual(FRAME)
})

test('a larger one is damage', async () => {
  const header = pcap(ETHERNET, [FRAME])
  const source = whole(concat(header, fields(true, [4, 1], [4, 1], [4, 2 ** 24 + 1], [4, 60]), new Uint8Array(100)))
  expect(await takeAll(source)).toEqual([FRAME])
  expect(source.damage).toEqual({
    reason: 'a frame claims 16777217 bytes, and more than 16777216 is not believed',
    byteOffset: header.length,
  })
})

test.each([1, 3])('version %i is not read', async (major) => {
  const source = whole(concat(pcapHeader(ETHERNET, major), pcapRecord(ETHERNET, FRAME)))
  expect(await takeAll(source)).toEqual([])
  expect(source.damage).toEqual({ reason: `this is version ${major}.4 of pcap, and only 2 is known`, byteOffset: 0 })
})
