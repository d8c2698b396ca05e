import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowTruth, ToldTruth, TotalsTruth, TruthLine } from '@geneve-telemetry/generator'
import { afterAll, describe, expect, test } from 'vitest'
import { check } from './check.ts'
import { compare } from './comparison.ts'
import { made, measured } from './measured.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-truth-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const IMPAIRED = { loss: 0.01, reorder: 0.01, duplicate: 0.005, 'zero-window': 0.05, keepalive: 0.05, wrap: 0.1 }

describe('a generated network is found as it is', () => {
  test.each([
    ['unimpaired', { seed: 1, packets: 200_000 }],
    ['impaired, without Ethernet', { seed: 2, packets: 200_000, link: 'raw', impair: IMPAIRED }],
  ] as const)('%s', async (_name, options) => {
    const { auto, count } = await check(options)
    expect([...auto.differences, ...count.differences]).toEqual([])
    expect(count.compared['flow']).toBeGreaterThan(10_000)
    expect(count.compared['beginning']).toBeGreaterThan(5_000)
    expect(count.compared['flow record']).toBeGreaterThan(100)
    expect(count.compared['subject']).toBeGreaterThan(200)
    expect(count.compared['option']).toBeGreaterThan(70)
  })

  test.each([
    ['a single packet', { seed: 0, packets: 1 }],
    ['most of it lost', { seed: 8, packets: 30_000, impair: { loss: 0.9 } }],
  ] as const)('%s', async (_name, options) => {
    const { auto, count } = await check(options)
    expect([...auto.differences, ...count.differences]).toEqual([])
  })
})

/** A flow that says nothing, where it said something. */
function silent(line: TruthLine): TruthLine {
  if (line.kind !== 'flow') return line
  const { told: _, ...rest } = line
  return rest
}

describe('what differs is said', async () => {
  const path = join(folder, 'generated.pcap')
  const truth = made({ seed: 3, packets: 5_000 }, path)
  const found = { auto: await measured(path, 'auto'), count: await measured(path, 'count') }
  const differences = (changed: readonly TruthLine[], duplicates: 'auto' | 'count'): readonly string[] =>
    compare(changed, found[duplicates], duplicates).differences
  /** The truth with its first line of a kind told otherwise. */
  function otherwise<K extends TruthLine['kind']>(
    kind: K,
    change: (line: Extract<TruthLine, { kind: K }>) => TruthLine,
  ): readonly TruthLine[] {
    const at = truth.findIndex((line) => line.kind === kind)
    return truth.with(at, change(truth[at] as Extract<TruthLine, { kind: K }>))
  }
  const withInitiator = (more: Partial<FlowTruth['initiator']>) =>
    otherwise('flow', (flow) => ({ ...flow, initiator: { ...flow.initiator, ...more } }))

  test('nothing, if nothing does', () => {
    expect([...differences(truth, 'auto'), ...differences(truth, 'count')]).toEqual([])
  })

  test.each([
    ['packets', withInitiator({ packets: 12_345 }), /^flow .*packets:12345/],
    ['bytes', withInitiator({ bytes: 12_345 }), /^flow .*bytes:12345/],
    ['what came back', withInitiator({ returned_packets: 12_345 }), /^flow .*returnedPackets:12345/],
    ['flags', withInitiator({ tcp_flags: 0x40 }), /^flow .*tcpFlags:64/],
    ['a port', withInitiator({ port: 7 }), /^flow .*:7 .*found was nothing/],
    ['the scope', otherwise('flow', (flow) => ({ ...flow, scope: 'vpce-0' })), /^flow vpce-0 .*found was nothing/],
    ['a flow that is not there', truth.filter((line) => line.kind !== 'flow' || line.id !== 1), /^flow .*the truth is nothing/],
    ['a told value', otherwise('told', (line: ToldTruth) => ({ ...line, values: { ...line.values, packets: 1 } })), /^subject /],
    ['when a flow began', otherwise('flow', (flow) => ({ ...flow, start: { seconds: 1, nanos: 2 } })), /^beginning at frame /],
    [
      'who began it',
      otherwise('flow', (flow) => ({ ...flow, initiator: flow.responder, responder: flow.initiator })),
      /^beginning at frame /,
    ],
    ['what a flow says of itself', truth.map(silent), /^flow record at frame \d+: the truth is nothing/],
    ['a told packet', otherwise('totals', (line: TotalsTruth) => ({ ...line, packets_told: 1 })), /^total packets that stand alone/],
    ['an option', otherwise('totals', (line) => ({ ...line, options: { ...line.options, '0x0108/1': 1 } })), /^option 0x0108\/1/],
    ['the number of flows', otherwise('totals', (line) => ({ ...line, flows: 1 })), /^total flows/],
  ])('%s', (_name, changed, expected) => {
    expect(differences(changed, 'auto').some((line) => expected.test(line))).toBe(true)
  })

  test('inner bytes, and packets with a record', () => {
    const changed = otherwise('totals', (line) => ({ ...line, inner_bytes: 1, packets_with_record: 0 }))
    expect(differences(changed, 'count').map((line) => line.split(':')[0])).toEqual(['total packets with a record', 'total inner bytes'])
  })
})
