import type { Analyzer } from '@geneve-telemetry/core'
import { genevePacket, type TimedFrame, testAnalyzer } from '@geneve-telemetry/core/testing'
import { OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlowTable } from '../src/flow-table.ts'
import { ToldRecords } from '../src/told-records.ts'
import { ExampleRecord, exampleVendor, record } from './record-profile.ts'
import { Telling } from './telling.ts'

const ETHERNET = 1

const values = fc.record(
  {
    gateway: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom('up', 'down'),
    load: fc.nat(3),
    groups: fc.subarray(['x', 'y']),
    network: fc.constant('n'),
  },
  { requiredKeys: ['network'] },
)
const steps = fc.array(fc.tuple(fc.nat(4), values, fc.nat(2)), { maxLength: 60 })

test('each packet is in one record; a subject begins with new, ends with end, and its last record has the last value of each field', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (packets, maxSubjects) => {
      const telling = new Telling({ intervalSeconds: 5, maxSubjects })
      let seconds = 0
      const last = new Map<string, Record<string, unknown>>()
      for (const [wait, { groups, ...told }, port] of packets) {
        seconds += wait
        const whole = groups === undefined || groups.length === 0 ? told : { ...told, groups }
        telling.says(seconds, whole, { tcp: { sourcePort: port } })
        if (told.gateway !== undefined) last.set(told.gateway, { ...last.get(told.gateway), ...whole })
      }
      telling.end()
      const { records } = telling
      expect(records.reduce((sum, { packets: count }) => sum + count, 0)).toBe(packets.length)
      expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
      for (const own of Map.groupBy(records, ({ subject }) => `${subject.type} ${subject.id}`).values()) {
        expect(own[0]?.reason).toBe('new')
        expect(own.at(-1)?.reason).toBe('end')
        const begins = own.filter((_, index) => index === 0 || own[index - 1]?.reason === 'end')
        expect(begins).toEqual(own.filter(({ reason }) => reason === 'new'))
      }
      if (maxSubjects < 4 || records.some(({ subject }) => subject.type === 'flow')) return
      for (const [gateway, told] of last) {
        expect(records.findLast(({ subject }) => subject.id === gateway)?.values).toEqual(told)
      }
    }),
  )
})

const frames: readonly TimedFrame[] = Array.from({ length: 200 }, (_, index) => ({
  bytes: genevePacket({
    vni: index % 3,
    options: record({
      ...(index % 4 !== 0 && { gateway: String.fromCharCode(97 + (index % 5)) }),
      state: index % 11 === 0 ? 'down' : 'up',
      load: index >> 3,
    }),
  }),
  // Some come late.
  time: { seconds: 1_795_428_000 + Math.floor(index * 0.7) - (index % 13 === 12 ? 2 : 0), nanos: index },
}))

function walk(profile: ExampleRecord): Parameters<typeof testAnalyzer>[1]['walk'] {
  return (analyzer: Analyzer) => {
    const optionTable = new OptionTable([exampleVendor(profile)])
    const table = new FlowTable({ origin: 'test', observer: 'tap-1', analyzers: [analyzer], emit: () => {}, records: false, maxFlows: 2 })
    const packet = new PacketView(new DecodeRules([6081], optionTable.roles))
    let frame = 0
    return {
      frames: (chunk) => {
        for (const { bytes, time } of chunk) {
          packet.frame = ++frame
          packet.seconds = time.seconds
          packet.nanos = time.nanos
          decodePacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, ETHERNET, packet)
          table.packet(packet)
        }
      },
      end: () => {},
    }
  }
}

const profile = new ExampleRecord()
testAnalyzer(
  () =>
    new ToldRecords({
      origin: 'test',
      observer: 'tap-1',
      intervalSeconds: 10,
      maxSubjects: 4,
      keepSeconds: 7,
      optionTable: new OptionTable([exampleVendor(profile)]),
    }),
  { frames, walk: walk(profile), framesIn: (one) => (one.kind === 'telemetry' ? one.packets : 0) },
  test,
)
