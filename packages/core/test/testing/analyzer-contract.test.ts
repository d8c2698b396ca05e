import { describe, expect, test } from 'vitest'
import type { Analyzer } from '../../src/telemetry/analyzer.ts'
import type { Emit, Instant, MetricRecord } from '../../src/telemetry/record.ts'
import type { AnalyzerTest } from '../../src/testing/testing.ts'
import { genevePacket, testAnalyzer } from '../../src/testing/testing.ts'
import { decodePacket } from '../../src/wire/decode.ts'
import { PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { failuresOf } from './outcomes.ts'

const INTERVAL_SECONDS = 10

/** Counts packets by interval of the packets' time. */
class PacketCount implements Analyzer {
  readonly name: string = 'packet-count'
  protected readonly counts: Map<number, number> = new Map()

  packet(packet: PacketView): void {
    const interval = Math.floor(packet.seconds / INTERVAL_SECONDS)
    this.counts.set(interval, (this.counts.get(interval) ?? 0) + 1)
  }

  advance(watermark: Instant, emit: Emit): void {
    for (const interval of this.counts.keys()) if ((interval + 1) * INTERVAL_SECONDS <= watermark.seconds) this.emitInterval(interval, emit)
  }

  finish(emit: Emit): void {
    for (const interval of this.counts.keys()) this.emitInterval(interval, emit)
  }

  protected emitInterval(interval: number, emit: Emit): void {
    emit(metric(`count-${interval}`, interval, this.counts.get(interval) ?? 0))
    this.counts.delete(interval)
  }
}

function metric(id: string, interval: number, value: number): MetricRecord {
  return {
    kind: 'metric',
    id,
    observer: 'tap-1',
    measurement: 'traffic',
    attributes: {},
    start: { seconds: interval * INTERVAL_SECONDS, nanos: 0 },
    end: { seconds: (interval + 1) * INTERVAL_SECONDS, nanos: 0 },
    points: { packets: { type: 'sum', value } },
  }
}

const subject: AnalyzerTest = {
  frames: Array.from({ length: 100 }, (_, index) => ({
    bytes: genevePacket({ vni: index }),
    time: { seconds: 1_795_428_000 + Math.floor(index * 0.7), nanos: 0 },
  })),
  walk: (analyzer) => {
    const packet = new PacketView(new DecodeRules())
    return {
      frames: (chunk) => {
        for (const { bytes, time } of chunk) {
          packet.seconds = time.seconds
          packet.nanos = time.nanos
          decodePacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, 1, packet)
          analyzer.packet?.(packet, undefined)
        }
      },
      end: () => {},
    }
  },
  framesIn: (record) => {
    const point = record.kind === 'metric' ? record.points['packets'] : undefined
    return Number(point?.value ?? 0)
  },
}

describe('a good analyzer', () => testAnalyzer(() => new PacketCount(), subject, test))

test.each<[string, () => Analyzer, RegExp]>([
  [
    'an interval that ends where the chunk ends',
    () =>
      new (class extends PacketCount {
        override advance(_: Instant, emit: Emit): void {
          this.finish(emit)
        }
      })(),
    /in chunks/,
  ],
  [
    'a record before its time',
    () =>
      new (class extends PacketCount {
        override advance(watermark: Instant, emit: Emit): void {
          super.advance({ ...watermark, seconds: watermark.seconds + 1 }, emit)
        }
      })(),
    /at .* came/,
  ],
  [
    'a finish that says all again',
    () =>
      new (class extends PacketCount {
        override finish(emit: Emit): void {
          for (const [interval, count] of this.counts) emit(metric(`count-${interval}`, interval, count))
        }
      })(),
    /second finish/,
  ],
  [
    'a lost packet',
    () =>
      new (class extends PacketCount {
        override packet(packet: PacketView): void {
          if (packet.vni !== 50) super.packet(packet)
        }
      })(),
    /frames in the records/,
  ],
  [
    'one id for all',
    () =>
      new (class extends PacketCount {
        protected override emitInterval(interval: number, emit: Emit): void {
          super.emitInterval(interval, (record) => emit({ ...record, id: 'same' }))
        }
      })(),
    /different ids/,
  ],
  [
    'a sum over nothing',
    () =>
      new (class extends PacketCount {
        override finish(emit: Emit): void {
          if (this.counts.size === 0) emit(metric('count-0', 0, 1))
          super.finish(emit)
        }
      })(),
    /frames in the records/,
  ],
])('%s is found', async (_, make, message) => {
  const failures = Object.values(await failuresOf((declare) => testAnalyzer(make, subject, declare)))
  expect(
    failures.some((failure) => message.test(failure)),
    failures.join('\n'),
  ).toBe(true)
})
