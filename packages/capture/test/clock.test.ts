import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Clock } from '../src/clock.ts'

const MOST = 2n ** 64n - 1n

function read(clock: Clock, time: bigint): readonly [seconds: number, nanos: number] {
  const seconds = new Float64Array(1)
  const nanos = new Int32Array(1)
  clock.write(Number(time >> 32n), Number(time & 0xffff_ffffn), 0, seconds, nanos)
  return [seconds[0]!, nanos[0]!]
}

function exact(resolution: number, time: bigint, offset = 0): readonly [seconds: number, nanos: number] {
  const units = (resolution < 0x80 ? 10n : 2n) ** BigInt(resolution & 0x7f)
  const nanos = (time * 1_000_000_000n) / units
  return [Number(nanos / 1_000_000_000n) + offset, Number(nanos % 1_000_000_000n)]
}

const RESOLUTIONS = Array.from({ length: 256 }, (_, resolution) => resolution)

test.each(RESOLUTIONS)('resolution %i is exact at both ends, and where a second or a half of the time begins', (resolution) => {
  const clock = new Clock(resolution)
  const units = (resolution < 0x80 ? 10n : 2n) ** BigInt(resolution & 0x7f)
  const edges = [0n, 2n ** 32n, 2n ** 53n, 2n ** 63n, MOST, units, units * 1_700_000_000n, units * 4_294_967_295n, (MOST / units) * units]
  for (const edge of edges) {
    for (const time of [edge - 1n, edge, edge + 1n]) {
      if (time >= 0n && time <= MOST) expect(read(clock, time), `time ${time}`).toEqual(exact(resolution, time))
    }
  }
})

test('any time in any resolution is exact', () => {
  const times = fc.oneof(fc.bigInt({ min: 0n, max: MOST }), fc.bigInt({ min: 0n, max: 2n ** 53n }))
  const resolutions = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(3, 6, 9, 0x80 + 20, 0x80 + 30, 0x80 + 32))
  fc.assert(
    fc.property(times, resolutions, fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (time, resolution, offset) => {
      const [seconds, nanos] = read(new Clock(resolution, offset), time)
      expect([seconds, nanos]).toEqual(exact(resolution, time, offset))
    }),
    { numRuns: 20_000 },
  )
})

test('without being told otherwise it counts microseconds', () => {
  expect(read(new Clock(), 1_700_000_000_123_456n)).toEqual([1_700_000_000, 123_456_000])
})
