import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkBytes, frames, pieceSizes } from './arbitrary.ts'
import { inPieces, takeAll, whole } from './taken.ts'
import {
  block,
  concat,
  description,
  enhancedPacket,
  type Frame,
  fields,
  type InterfaceLayout,
  obsoletePacket,
  option,
  section,
  simplePacket,
} from './written.ts'

/** if_tsresol and the exact length of a unit: numerator and denominator in seconds. */
const RESOLUTIONS = [undefined, 0, 3, 6, 9, 12, 0x80, 0x8a, 0x9e, 0x9f, 0xa0, 0xb0]

function unitsPerSecond(resolution = 6): bigint {
  return (resolution < 0x80 ? 10n : 2n) ** BigInt(resolution & 0x7f)
}

interface WrittenSection {
  readonly little: boolean
  readonly ports: readonly InterfaceLayout[]
  readonly frames: readonly (Frame & { readonly port: number; readonly isObsolete: boolean; readonly isFollowed: boolean })[]
}

const port = fc.record({
  linkType: fc.integer({ min: 0, max: 65_535 }),
  resolution: fc.constantFrom(...RESOLUTIONS),
  offsetSeconds: fc.option(fc.bigInt({ min: -4_000_000_000n, max: 4_000_000_000n }), { nil: undefined }),
})
const sections = fc.array(
  fc.tuple(fc.boolean(), fc.array(port, { minLength: 1, maxLength: 4 }), frames).chain(([little, ports, all]) =>
    fc
      .array(fc.tuple(fc.nat({ max: ports.length - 1 }), fc.boolean(), fc.boolean()), { minLength: all.length, maxLength: all.length })
      .map((choices) => ({
        little,
        ports: ports as InterfaceLayout[],
        frames: all.map((frame, index) => ({
          ...frame,
          port: choices[index]![0],
          isObsolete: choices[index]![1],
          isFollowed: choices[index]![2],
        })),
      })),
  ),
  { minLength: 1, maxLength: 3 },
)

function unitsOf(frame: Frame, { resolution }: InterfaceLayout): bigint {
  const nanos = BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanos)
  return BigInt.asUintN(64, (nanos * unitsPerSecond(resolution)) / 1_000_000_000n)
}

function sectionBytes({ little, ports, frames: all }: WrittenSection): Uint8Array {
  const packets = all.flatMap((frame) => {
    const write = frame.isObsolete ? obsoletePacket : enhancedPacket
    const { bytes, wireLength, direction } = frame
    const flags = direction === 0 ? {} : { flags: direction }
    const packet = write(little, { interfaceId: frame.port, time: unitsOf(frame, ports[frame.port]!), bytes, wireLength, ...flags })
    // An interface statistics block, and one that nobody knows.
    return frame.isFollowed ? [packet, block(little, 5, new Uint8Array(12)), block(little, 0x8000_1234, new Uint8Array(5))] : [packet]
  })
  return concat(section(little), ...ports.map((each) => description(little, each)), ...packets)
}

function sectionFrames({ ports, frames: all }: WrittenSection): Frame[] {
  return all.map((frame) => {
    const { linkType, resolution, offsetSeconds = 0n } = ports[frame.port]!
    const total = (unitsOf(frame, ports[frame.port]!) * 1_000_000_000n) / unitsPerSecond(resolution)
    const { bytes, wireLength, direction } = frame
    return {
      seconds: Number(total / 1_000_000_000n + offsetSeconds),
      nanos: Number(total % 1_000_000_000n),
      bytes,
      wireLength,
      linkType,
      direction,
    }
  })
}

test('sections, interfaces and packets come out as they were written, however they come in', async () => {
  await fc.assert(
    fc.asyncProperty(sections, pieceSizes, chunkBytes, async (written, sizes, chunk) => {
      const source = inPieces(concat(...written.map(sectionBytes)), sizes, { chunkBytes: chunk })
      expect(await takeAll(source)).toEqual(written.flatMap(sectionFrames))
      expect(source.damage).toBeUndefined()
    }),
  )
})

const BYTES = new Uint8Array([1, 2, 3, 4, 5])
const PACKET = { interfaceId: 0, time: 0n, bytes: BYTES, wireLength: 9 }
const START = concat(section(true), description(true, { linkType: 1 }))

describe('a simple packet block', () => {
  test('has the first interface, and no time', async () => {
    const start = concat(section(false), description(false, { linkType: 101 }), description(false, { linkType: 1 }))
    const [frame] = await takeAll(whole(concat(start, simplePacket(false, BYTES, 5))))
    expect(frame).toEqual({ seconds: 0, nanos: 0, bytes: BYTES, wireLength: 5, linkType: 101, direction: 0 })
  })

  test('is cut at the snap length', async () => {
    const start = concat(section(true), description(true, { linkType: 1, snapLength: 5 }))
    const [frame] = await takeAll(whole(concat(start, simplePacket(true, BYTES, 700))))
    expect(frame).toMatchObject({ bytes: BYTES, wireLength: 700 })
  })
})

describe('the frame check sequence', () => {
  const bytes = new Uint8Array(64)
  const lengthWith = async (fcs: number | undefined, flags: number | undefined) => {
    const start = concat(section(true), description(true, { linkType: 1, ...(fcs === undefined ? {} : { fcs }) }))
    const packet = { ...PACKET, bytes, wireLength: 64, ...(flags === undefined ? {} : { flags }) }
    const [frame] = await takeAll(whole(concat(start, enhancedPacket(true, packet))))
    expect(frame!.bytes.length).toBe(frame!.wireLength)
    return frame!.wireLength
  }

  test.each([
    { fcs: undefined, flags: undefined, left: 64 },
    { fcs: 4, flags: undefined, left: 60 },
    { fcs: 32, flags: undefined, left: 60 },
    { fcs: 16, flags: undefined, left: 62 },
    { fcs: 4, flags: 1, left: 60 },
    { fcs: 4, flags: 2 << 5, left: 62 },
    { fcs: undefined, flags: 15 << 5, left: 49 },
  ])('of an interface ($fcs) and of a packet (flags $flags) is taken off', async ({ fcs, flags, left }) => {
    expect(await lengthWith(fcs, flags)).toBe(left)
  })
})

test.each([
  { flags: 0, direction: 0 },
  { flags: 0xffff_fffd & 3, direction: 1 },
  { flags: 0xffff_fe1e, direction: 2 },
  { flags: 3, direction: 0 },
])('flags of $flags mean direction $direction', async ({ flags, direction }) => {
  expect(await takeAll(whole(concat(START, enhancedPacket(true, { ...PACKET, flags }))))).toMatchObject([{ direction }])
})

test.each([
  ['overrun', concat(fields(true, [2, 2], [2, 400]), fields(true, [4, 1]))],
  ['end before the flags', concat(option(true, 0, new Uint8Array(0)), option(true, 2, fields(true, [4, 1])))],
  ['have flags of a wrong length', option(true, 2, fields(true, [2, 1]))],
])('options that %s say nothing', async (_, options) => {
  const body = concat(fields(true, [4, 0], [4, 0], [4, 0], [4, 4], [4, 4]), new Uint8Array(4), options)
  expect(await takeAll(whole(concat(START, block(true, 6, body))))).toMatchObject([{ direction: 0 }])
})

describe('damage', () => {
  const good = enhancedPacket(true, PACKET)
  const before = concat(START, good)

  const wrong = (change: (view: DataView) => void, bytes = good): Uint8Array => {
    const copy = bytes.slice()
    change(new DataView(copy.buffer))
    return copy
  }

  test.each([
    ['a length of 11', wrong((view) => view.setUint32(4, 11, true)), 'a block of type 6 has 11 bytes and needs 32'],
    ['a length of 31', wrong((view) => view.setUint32(4, 31, true)), 'a block of type 6 has 31 bytes and needs 32'],
    ['a length of 41', wrong((view) => view.setUint32(4, 41, true)), 'a block has 41 bytes, which is no multiple of 4'],
    [
      'a length of 16 MiB and 4',
      wrong((view) => view.setUint32(4, 2 ** 24 + 4, true)),
      'a block claims 16777220 bytes, and more than 16777216 is not believed',
    ],
    ['another length behind', wrong((view) => view.setUint32(36, 44, true)), 'a block is 40 bytes long in front and 44 behind'],
    ['a frame larger than its block', wrong((view) => view.setUint32(20, 9, true)), 'a frame claims 9 bytes in a block with room for 8'],
    [
      'an interface that is not described',
      wrong((view) => view.setUint32(8, 1, true)),
      'a frame is of interface 1, and the section has described 1 by then',
    ],
    ['a simple packet larger than its block', simplePacket(true, BYTES, 9), 'a frame claims 9 bytes in a block with room for 8'],
    [
      'a section without byte order',
      wrong((view) => view.setUint32(8, 0x11223344), section(false)),
      'a section begins without the byte-order magic (0x11223344)',
    ],
    ['a section of another version', section(true, 2), 'this is version 2.0 of pcapng, and only 1 is known'],
    ['a packet of the section before', concat(section(true), good), 'a frame is of interface 0, and the section has described 0 by then'],
    [
      'a simple one of none',
      concat(section(true), simplePacket(true, BYTES, 5)),
      'a frame is of interface 0, and the section has described 0 by then',
    ],
  ])('%s', async (_, bytes, reason) => {
    const source = whole(concat(before, bytes, good))
    expect(await takeAll(source)).toHaveLength(1)
    expect(source.damage).toEqual({ reason, byteOffset: before.length + (bytes.length > 40 && bytes[0] === 0x0a ? 28 : 0) })
  })

  test('is an endless list of interfaces', async () => {
    const one = block(true, 1, fields(true, [2, 1], [2, 0], [4, 0]))
    const source = whole(concat(section(true), ...Array.from({ length: 65_537 }, () => one)))
    expect(await takeAll(source)).toEqual([])
    expect(source.damage).toEqual({ reason: 'more than 65536 interfaces are not believed', byteOffset: 28 + 65_536 * one.length })
  })
})
