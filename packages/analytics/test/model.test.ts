import { genevePacket, tcpFlags } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldsOf, Model, TIMEOUTS, type WorldPacket } from './model.ts'
import { Tap } from './tap.ts'

const host = fc.integer({ min: 1, max: 3 })
const worldPacket: fc.Arbitrary<WorldPacket> = fc.record({
  from: host,
  to: host,
  version: fc.constantFrom(4 as const, 4 as const, 6 as const),
  protocol: fc.constantFrom('tcp' as const, 'tcp' as const, 'udp' as const, 'icmp' as const),
  fromPort: fc.integer({ min: 1, max: 2 }),
  toPort: fc.integer({ min: 3, max: 4 }),
  flags: fc.constantFrom('A', 'A', 'S', 'SA', 'PA', 'FA', 'R', ''),
  sequence: fc.integer({ min: 10, max: 11 }),
  acknowledgement: fc.integer({ min: 10, max: 12 }),
  vni: fc.integer({ min: 1, max: 3 }),
  scope: fc.constantFrom('', '', '', 'a', 'b'),
  vlan: fc.constantFrom(0, 0, 0, 5),
  outerFrom: fc.integer({ min: 1, max: 2 }),
  outerTo: fc.integer({ min: 1, max: 2 }),
  seconds: fc.integer({ min: 0, max: 40 }),
})
/** Conversations: the same packet again, and answers to it under its own VNI or another. */
const packets = fc
  .array(
    fc.tuple(
      worldPacket,
      fc.array(
        fc.record({
          isBack: fc.boolean(),
          isElsewhere: fc.boolean(),
          vni: fc.integer({ min: 1, max: 3 }),
          flags: fc.constantFrom('A', 'SA', 'S', 'FA'),
          later: fc.integer({ min: 0, max: 9 }),
        }),
        {
          maxLength: 4,
        },
      ),
    ),
    { maxLength: 40 },
  )
  .map((conversations) =>
    conversations.flatMap(([first, others]) => [
      first,
      ...others.map(({ isBack, isElsewhere, vni, flags, later }) => ({
        ...first,
        vni,
        flags,
        seconds: first.seconds + later,
        ...(isBack && turned(first)),
        ...(isElsewhere && { scope: { a: 'b', b: 'a' }[first.scope] ?? '' }),
      })),
    ]),
  )

const byPart = (one: { frame: number; part: number }, other: { frame: number; part: number }): number =>
  one.frame - other.frame || one.part - other.part

function turned(packet: WorldPacket): Partial<WorldPacket> {
  const { from, to, fromPort, toPort, outerFrom, outerTo } = packet
  return { from: to, to: from, fromPort: toPort, toPort: fromPort, outerFrom: outerTo, outerTo: outerFrom }
}

test.each([1, 2, 5, 17, 33, 500])('a table of %i flows does what the rules say, packet for packet', (maxFlows) => {
  fc.assert(
    fc.property(packets, (all) => {
      const tap = new Tap({ maxFlows, timeouts: TIMEOUTS })
      const model = new Model(maxFlows)
      let bytes = 0
      for (const packet of all) {
        const frame = genevePacket(fieldsOf(packet))
        bytes += frame.byteLength
        tap.frame(frame, packet.seconds)
        model.packet(packet)
      }
      expect(tap.table.ledger.closed + tap.table.ledger.live).toBe(all.length)
      model.finish()
      const flows = tap.flows()
      expect(tap.table.ledger).toEqual({ closed: all.length, live: 0, unattributed: {}, copies: {} })
      expect(tap.table.counts).toMatchObject({ ambiguous: model.ambiguous, unjoined: model.unjoined })
      const both = flows.flatMap(({ forward, reverse }) => [forward, reverse])
      expect(both.reduce((sum, side) => sum + side.packets, 0)).toBe(all.length)
      expect(both.reduce((sum, side) => sum + side.tunnelBytes, 0)).toBe(bytes)
      expect(
        flows.toSorted(byPart).map(({ frame, part, final, reason, initiator, start, end, forward, reverse, asymmetric }) => ({
          frame,
          part,
          final,
          reason,
          initiator,
          start,
          end,
          forward,
          reverse,
          asymmetric,
        })),
      ).toMatchObject(
        model.ended.toSorted(byPart).map((flow) => {
          const [forward, reverse] = [flow.sides[flow.initiator], flow.sides[flow.initiator === 0 ? 1 : 0]].map(
            ({ packets, flags, vni }) => ({
              packets,
              tcpFlags: tcpFlags([...flags].join('')),
              ...(vni !== undefined && { vni }),
            }),
          )
          return {
            frame: flow.frame,
            part: flow.part,
            final: flow.final,
            reason: flow.reason,
            initiator: flow.bySyn ? 'syn' : 'first-packet',
            start: { seconds: 1_700_000_000 + flow.start, nanos: 0 },
            end: { seconds: 1_700_000_000 + flow.end, nanos: 0 },
            forward,
            reverse,
            asymmetric: flow.second === undefined ? undefined : true,
          }
        }),
      )
    }),
  )
})
