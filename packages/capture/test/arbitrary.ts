import fc from 'fast-check'
import type { Frame } from './written.ts'

/** Sizes of pieces in which bytes come: one by one, a few, or all at once. */
export const pieceSizes: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
  fc.constant<number[]>([1_000_000]),
)

/** Small buffers, that frames do not fit into, as well as large ones. */
export const chunkBytes: fc.Arbitrary<number> = fc.oneof(fc.constant(256), fc.integer({ min: 256, max: 5000 }), fc.constant(2 ** 20))

const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 200, maxLength: 1500, size: 'max' }))

export const frame: fc.Arbitrary<Frame> = fc
  .record({
    seconds: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1)),
    nanos: fc.oneof(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom(0, 999_999_999)),
    bytes,
    cut: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
    linkType: fc.integer({ min: 0, max: 65_535 }),
    direction: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ cut, ...rest }) => ({ ...rest, wireLength: rest.bytes.length + cut }))

export const frames: fc.Arbitrary<Frame[]> = fc.array(frame, { maxLength: 20 })
