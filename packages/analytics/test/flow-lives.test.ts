import type { FlowRecord } from '@geneve-telemetry/core'
import { type GenevePacketFields, genevePacket, udp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { back, Tap } from './tap.ts'

const out = (flags: string, sequence = 100): GenevePacketFields => ({ tcp: { flags, sequence } })
const home = (flags: string, sequence = 500): GenevePacketFields => back({ tcp: { flags, sequence } })

/** The flows of packets that come at these seconds. */
function flowsOf(...packets: readonly (readonly [seconds: number, fields: GenevePacketFields])[]): FlowRecord[] {
  const tap = new Tap()
  for (const [seconds, fields] of packets) tap.frame(genevePacket(fields), seconds)
  return tap.flows()
}

const stateOf = (...packets: readonly GenevePacketFields[]): string | undefined =>
  flowsOf(...packets.map((fields) => [0, fields] as const))[0]?.state

describe('the state of a connection', () => {
  test.each([
    ['syn-sent', [out('S')]],
    ['syn-sent', [out('S'), out('S')]],
    ['syn-received', [out('S'), home('SA')]],
    ['established', [out('S'), home('SA'), out('A', 101)]],
    ['established', [out('PA')]],
    ['established', [home('SA'), home('PA', 501)]],
    ['closing', [out('S'), home('SA'), out('A', 101), out('FA', 101)]],
    ['closed', [out('S'), home('SA'), out('A', 101), out('FA', 101), home('FA', 501)]],
    ['refused', [out('S'), home('RA', 0)]],
    ['reset', [out('S'), home('SA'), out('R', 101)]],
    ['reset', [out('A', 101), home('R', 501)]],
    ['reset', [out('FA', 101), home('FA', 501), out('R', 102)]],
  ])('%s', (state, packets) => {
    expect(stateOf(...packets)).toBe(state)
  })

  test('is of TCP only', () => {
    expect(stateOf({ segment: udp({ sourcePort: 53, destinationPort: 5353 }) })).toBeUndefined()
  })
})

describe('a flow ends', () => {
  test('when more than 350 seconds pass without a packet, others after 120', () => {
    expect(flowsOf([0, out('A')], [350.9, out('A')]).map(({ reason }) => reason)).toEqual(['active-timeout', 'end-of-input'])
    expect(flowsOf([0, out('A')], [351, out('A')]).map(({ reason, part }) => [reason, part])).toEqual([
      ['idle', 0],
      ['end-of-input', 0],
    ])
    const query = { segment: udp({ sourcePort: 53, destinationPort: 5353 }) }
    expect(flowsOf([0, query], [120.9, query]).map(({ flow }) => flow)).toEqual(['test-f1', 'test-f1'])
    expect(flowsOf([0, query], [121, query]).map(({ flow }) => flow)).toEqual(['test-f1', 'test-f2'])
  })

  test('10 seconds after a FIN from both sides, or an RST; until then what comes is of it', () => {
    const closed = [
      [0, out('FA')],
      [1, home('FA')],
    ] as const
    expect(flowsOf(...closed, [11.9, out('A', 101)]).map(({ reason, forward }) => [reason, forward.packets])).toEqual([['fin', 2]])
    expect(flowsOf(...closed, [12, out('A', 101)]).map(({ reason, forward }) => [reason, forward.packets])).toEqual([
      ['fin', 1],
      ['end-of-input', 1],
    ])
    expect(flowsOf([0, out('R')], [11, out('A')]).map(({ reason }) => reason)).toEqual(['rst', 'end-of-input'])
  })

  test('as time goes on without packets of any flow', () => {
    const tap = new Tap().frame(genevePacket(out('A')), 0)
    tap.table.advance({ seconds: 1_700_000_350, nanos: 0 })
    expect(tap.records).toEqual([])
    tap.table.advance({ seconds: 1_700_000_351, nanos: 0 })
    expect(tap.records).toMatchObject([{ kind: 'flow', reason: 'idle', final: true }])
    expect(tap.table.counts).toMatchObject({ opened: 1, open: 0 })
  })

  test('when a SYN with another sequence number begins a new one of the same ends', () => {
    const again = flowsOf([0, out('S', 100)], [1, home('SA', 500)], [2, out('S', 100)], [3, out('S', 101)])
    expect(again.map(({ reason, forward, reverse }) => [reason, forward.packets, reverse.packets])).toEqual([
      ['reused', 2, 1],
      ['end-of-input', 1, 0],
    ])
    // The beginning of the first one was not seen: its SYN had the number before.
    expect(flowsOf([0, out('A', 101)], [1, out('S', 100)])).toHaveLength(1)
    expect(flowsOf([0, out('A', 101)], [1, out('S', 99)])).toHaveLength(2)
    // After its end it is that which counts.
    expect(flowsOf([0, out('R', 101)], [1, out('S', 99)]).map(({ reason }) => reason)).toEqual(['rst', 'end-of-input'])
  })

  test('and a gap of a million years is no trouble', () => {
    expect(flowsOf([0, out('A')], [31_556_952_000_000, out('A')]).map(({ reason }) => reason)).toEqual(['idle', 'end-of-input'])
  })
})

describe('a long flow', () => {
  test('is cut by the first packet that comes 60 seconds after a part began; the parts add up', () => {
    const times = [0, 59.9, 60, 100, 119.9, 200]
    const flows = flowsOf(...times.map((seconds, index) => [seconds, index % 2 === 0 ? out('PA') : home('A')] as const))
    expect(flows.map(({ id, part, final, reason, start, end }) => [id, part, final, reason, start.seconds, end.seconds])).toEqual([
      ['test-f1-0', 0, false, 'active-timeout', 1_700_000_000, 1_700_000_059],
      ['test-f1-1', 1, false, 'active-timeout', 1_700_000_060, 1_700_000_119],
      ['test-f1-2', 2, true, 'end-of-input', 1_700_000_200, 1_700_000_200],
    ])
    expect(flows.map(({ forward, reverse }) => [forward.packets, reverse.packets])).toEqual([
      [1, 1],
      [2, 1],
      [0, 1],
    ])
    expect(new Set(flows.map(({ communityId }) => communityId)).size).toBe(1)
  })

  test('has in each part the flags of that part, and its initiator throughout', () => {
    const flows = flowsOf([0, home('S')], [60, out('A')], [120, home('FA')])
    expect(flows.map(({ initiator, forward, reverse }) => [initiator, forward.tcpFlags, reverse.tcpFlags])).toEqual([
      ['syn', 2, 0],
      ['syn', 0, 16],
      ['syn', 17, 0],
    ])
  })
})

test.each([{ activeSeconds: 0 }, { idleSeconds: 1.5 }, { tcpIdleSeconds: 86_401 }, { closedSeconds: Number.NaN }])(
  '%o is refused',
  (timeouts) => {
    expect(() => new Tap({ timeouts })).toThrow(`timeouts: ${Object.keys(timeouts)[0]}: `)
  },
)
