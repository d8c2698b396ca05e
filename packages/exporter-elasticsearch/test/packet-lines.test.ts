import type { PacketRecord } from '@geneve-telemetry/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EcsNames, packetDocument } from '../src/index.ts'
import { PacketLines } from '../src/packet-lines.ts'
import { Slab } from '../src/slab.ts'
import { anyPacket, example } from './records.ts'

const CREATE = '{"create":{"_index":"i","_id":'
const newLines = (): PacketLines => new PacketLines(CREATE, new EcsNames([example]), new Slab())
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

const plainTelemetry = fc.option(
  fc.record({ Example: fc.record({ endpoint_id: fc.string(), cookie: fc.maxSafeNat() }, { requiredKeys: [] }) }),
  { nil: undefined },
)
const whole = anyPacket.filter(({ packet }) => packet.outer !== undefined && packet.geneve !== undefined && packet.inner !== undefined)

/** A packet without an issue that tells nothing outside `geneve`, with an id and numbers as captures have them. */
const plainPacket: fc.Arbitrary<PacketRecord> = fc
  .tuple(whole, plainTelemetry, fc.stringMatching(/^[0-9a-f]{16}-[0-9]{1,10}$/), fc.nat({ max: 0x7fffffff }))
  .map(([record, telemetry, id, frame]) => {
    const { issue: _, telemetry: __, ...packet } = record.packet
    return { ...record, id, frame, packet: telemetry === undefined ? packet : { ...packet, telemetry } }
  })

function expected(record: PacketRecord): string {
  return `${CREATE}${JSON.stringify(record.id)}}}\n${packetDocument(record, new EcsNames([example]))}\n`
}

test('the lines of a plain packet are those of its document, whichever packets were before it', () => {
  fc.assert(
    fc.property(fc.array(plainPacket, { minLength: 2, maxLength: 8 }), (records) => {
      const lines = newLines()
      const [{ packet: first }] = records as [PacketRecord]
      // As PacketDescriber does: later packets share parts of an earlier one.
      const sharing = records.map((record) => ({ ...record, packet: { ...record.packet, outer: first.outer!, inner: first.inner! } }))
      for (const record of [...records, ...sharing, ...records]) {
        const bytes = lines.write(record)
        expect(bytes && text(bytes)).toBe(expected(record))
      }
    }),
    { numRuns: 200 },
  )
})

test('slab after slab, packets that take turns are what they are, and stay so', () => {
  const lines = newLines()
  const turns = fc.sample(plainPacket, 3).map((record) => ({ record, wanted: expected(record) }))
  const writings: { bytes: Uint8Array | undefined; wanted: string }[] = []
  const slabs = new Set<ArrayBufferLike | undefined>()
  while (slabs.size < 4) {
    const { record, wanted } = turns[writings.length % turns.length]!
    const bytes = lines.write(record)
    writings.push({ bytes, wanted })
    slabs.add(bytes?.buffer)
  }
  for (const { bytes, wanted } of writings) expect(bytes && text(bytes)).toBe(wanted)
})

test.each([0, 9, 10, 99, 100, 999, 1e3, 9999, 1e4, 99_999, 1e5, 999_999, 1e6, 9_999_999, 1e7, 99_999_999, 1e8, 999_999_999, 2 ** 31 - 1])(
  'the number %d',
  (number) => {
    const [record] = fc.sample(plainPacket, 1) as [PacketRecord]
    const numbered = { ...record, frame: number, length: number, capturedLength: number, time: { seconds: 1, nanos: number % 1e9 } }
    expect(text(newLines().write(numbered)!)).toBe(expected(numbered))
  },
)

test('what is not plain is left to others, and nothing of it stays', () => {
  const lines = newLines()
  const [record] = fc.sample(plainPacket, 1) as [PacketRecord]
  const strange: readonly Partial<PacketRecord>[] = [
    ...['a"b', 'a\\b', 'a\nb', 'ü', '\u007f', 'x'.repeat(20_000)].map((id) => ({ id })),
    ...[-1, 0.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY].flatMap((n) => [{ frame: n }, { length: n }, { capturedLength: n }]),
    ...[-1, 0.5, 1e9, Number.NaN].map((nanos) => ({ time: { seconds: 1, nanos } })),
    ...[-1, 0.5, 253_402_300_800, Number.NaN].map((seconds) => ({ time: { seconds, nanos: 1 } })),
    { packet: { ...record.packet, issue: { kind: 'truncated', layer: 'geneve', offset: 1, needed: 2, available: 1 } } },
    { packet: { ...record.packet, telemetry: { Example: { region: 'elsewhere' } } } },
    { packet: { ...record.packet, telemetry: { Example: { cookie: 2n ** 63n } } } },
  ]
  for (const part of strange) {
    expect(lines.write({ ...record, ...part })).toBeUndefined()
    expect(text(lines.write(record)!)).toBe(expected(record))
  }
})
