import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { arp, ethernet, genevePacket, icmp, ip, udp } from '@geneve-telemetry/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Share, Summary } from '../src/overview.ts'
import { pcap } from './capture.ts'
import { GWLB, json, ROOT, run } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-totals-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface FlowDocument {
  readonly network: { readonly packets: number; readonly bytes: number; readonly transport: string }
  readonly source: { readonly packets: number; readonly bytes: number }
  readonly destination: { readonly packets: number; readonly bytes: number }
  readonly geneve: { readonly tunnel: { readonly bytes: number } }
}

const summaryOf = async (...args: string[]): Promise<Summary> => JSON.parse((await run(['summary', ...args, '--format', 'json'])).stdout)
const flowsOf = async (...args: string[]): Promise<readonly FlowDocument[]> =>
  json<FlowDocument>((await run(['flows', ...args, '--format', 'ndjson'])).stdout)
const sum = <T>(all: readonly T[], figure: (one: T) => number): number => all.reduce((total, one) => total + figure(one), 0)
const figures = (shares: readonly Share[]): object => ({
  packets: sum(shares, ({ packets }) => packets),
  bytes: sum(shares, ({ bytes }) => bytes),
  tunnelBytes: sum(shares, ({ tunnelBytes }) => tunnelBytes),
  flows: sum(shares, ({ flows }) => flows),
})

/** All that a ledger knows: flows, no flow, no IP, not GENEVE, damaged. */
const MIXED = join(folder, 'mixed.pcap')
const frames = [
  genevePacket({ vni: 1, tcp: { flags: 'S' } }),
  genevePacket({
    vni: 1,
    inner: { source: '192.0.2.2', destination: '192.0.2.1' },
    tcp: { sourcePort: 80, destinationPort: 49152, flags: 'SA' },
  }),
  genevePacket({ vni: 2, segment: udp({}) }),
  genevePacket({ vni: 2, segment: icmp({ type: 8 }), options: [{ class: 0x0104, type: 0x80, words: 1 }], critical: false }),
  genevePacket({ vni: 3, control: true }),
  genevePacket({ vni: 3, protocolType: 0x6558, payload: ethernet({ type: 0x0806 }, arp({})) }),
  genevePacket({ version: 2 }),
  ethernet({}, ip({}, udp({}))),
  ethernet({ type: 0x0806 }, arp({})),
]
beforeAll(() => writeFileSync(MIXED, pcap(frames.map((bytes) => ({ bytes })))))

describe('summary, flows and the ledger say the same', () => {
  test('of the bundled capture', async () => {
    const [summary, flows] = await Promise.all([summaryOf(GWLB), flowsOf(GWLB)])
    const { packets, endpoints, vnis, protocols } = summary
    expect(packets).toMatchObject({ read: 31, geneve: 31, analyzed: 31, inEndedFlows: 31, inFlowRecords: 31, inLiveFlows: 0 })
    expect(sum(flows, ({ network }) => network.packets)).toBe(31)
    expect(summary.flows).toMatchObject({ opened: flows.length, open: 0, evicted: 0 })
    const total = {
      packets: 31,
      bytes: sum(flows, ({ network }) => network.bytes),
      tunnelBytes: sum(flows, ({ geneve }) => geneve.tunnel.bytes),
      flows: flows.length,
    }
    for (const shares of [endpoints, vnis, protocols]) expect(figures(shares)).toEqual(total)
    for (const { source, destination, network } of flows) expect(source.bytes + destination.bytes).toBe(network.bytes)
    expect(endpoints).toMatchObject([{ field: 'gwlb_endpoint_id', value: 'vpce-00123456789abcdef' }])
    // The capture's README says that each packet has the three options of the class.
    expect(summary.options).toEqual(
      [1, 2, 3].map((type) => ({
        vendor: 'Amazon',
        class: '0x0108',
        type,
        name: ['gwlb_endpoint_id', 'gwlb_attachment_id', 'flow_cookie'][type - 1],
        options: 31,
      })),
    )
    expect(summary.issues).toEqual([])
    expect([summary.start?.slice(0, 10), summary.end?.slice(0, 10)]).toEqual(['2026-11-22', '2026-11-22'])
  })

  test('of one in which there is everything', async () => {
    const [summary, flows] = await Promise.all([summaryOf(MIXED), flowsOf(MIXED)])
    expect(summary.packets).toEqual({
      unit: 'packets',
      read: 9,
      geneve: 6,
      notGeneve: { 'other-port': 1, 'not-ip': 1 },
      damaged: { 'unsupported-version': 1 },
      filtered: {},
      duplicate: {},
      analyzed: 6,
      inEndedFlows: 4,
      inLiveFlows: 0,
      unattributed: { control: 1, 'no-ip': 1 },
      inFlowRecords: 4,
    })
    expect(flows.map(({ network }) => [network.transport, network.packets])).toEqual([
      ['tcp', 2],
      ['udp', 1],
      ['icmp', 1],
    ])
    expect(summary.vnis.map(({ value, packets }) => [value, packets]).sort()).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ])
    expect(summary.protocols).toContainEqual(expect.objectContaining({ value: 'not IP', packets: 1 }))
    expect(sum(summary.protocols, ({ packets }) => packets)).toBe(6)
    expect(summary.options).toEqual([{ vendor: 'VMware', class: '0x0104', type: 128, options: 1 }])
    expect(summary.issues).toContainEqual({ kind: 'critical-flag-missing', layer: 'geneve', packets: 1 })
    expect(summary.issues).toContainEqual({ kind: 'unsupported-version', layer: 'geneve', packets: 1 })
  })

  test('behind a filter', async () => {
    const [summary, flows] = await Promise.all([summaryOf(MIXED, '--filter', 'vni=1,3'), flowsOf(MIXED, '--filter', 'vni=1,3')])
    expect(summary.packets).toMatchObject({ read: 9, geneve: 6, filtered: { vni: 2 }, analyzed: 4, inFlowRecords: 2 })
    expect(flows).toHaveLength(1)
  })

  test('when the flow table is too small', async () => {
    const [summary, flows] = await Promise.all([summaryOf(GWLB, '--max-flows', '1'), flowsOf(GWLB, '--max-flows', '1')])
    expect(sum(flows, ({ network }) => network.packets)).toBe(31)
    expect(summary.flows.evicted).toBe(flows.length - 1)
  })

  test('of a capture without a packet', async () => {
    writeFileSync(join(folder, 'none.pcap'), pcap([]))
    const { packets, flows, telemetry, ...rest } = await summaryOf(join(folder, 'none.pcap'))
    expect(packets.read).toBe(0)
    expect(flows).toMatchObject({ opened: 0, top: [] })
    expect(telemetry).toMatchObject({ records: 0, subjects: [], issues: [] })
    expect(rest).toEqual({ endpoints: [], vnis: [], protocols: [], options: [], issues: [] })
  })
})

describe('summary for people', () => {
  test('has each part that there is something of', async () => {
    const { stdout, stderr, code } = await run(['summary', MIXED])
    expect([code, stderr]).toEqual([0, ''])
    for (const part of [/^VNI /m, /^PROTOCOL /m, /^OPTIONS OF .*DECODED AS$/m, /^TOP FLOWS {2}flows: 3$/m, /^ISSUE /m, /^LEDGER /m]) {
      expect(stdout).toMatch(part)
    }
    expect(stdout).toMatch(/^VMware +0x0104 +128 +1 {2}not decoded$/m)
    expect(stdout).toMatch(/^ {2}damaged +1 {2}unsupported-version 1$/m)
    expect(stdout).not.toMatch(/ENDPOINT/)
  })
})

describe('run', () => {
  const targets = ['otlp', 'elasticsearch', 'influxdb'].flatMap((name) => ['--to', `${name}=file:out`])

  test('writes what flows says to each target, nothing to standard output, and both ledgers with their units to standard error', async () => {
    const { code, stdout, stderr } = await run(['run', GWLB, ...targets, '--observer', 'tap-1'], { cwd: folder })
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^LEDGER +PACKETS +BY REASON\nread +31\n/)
    expect(stderr).toMatch(/^TARGET +RECORDS OF +OFFERED +DELIVERED +REJECTED +DROPPED +QUEUED\n/m)
    const bulk = json<Record<string, unknown>>(readFileSync(join(folder, 'out/bulk.ndjson'), 'utf8'))
    const documents = bulk.filter((_, line) => line % 2 === 1)
    const flows = documents.filter((_, index) => JSON.stringify(bulk[index * 2]).includes('geneve.flow'))
    expect(flows).toEqual(await flowsOf(GWLB, '--observer', 'tap-1'))
    const requests = json(readFileSync(join(folder, 'out/metrics.jsonl'), 'utf8'))
    expect(requests).toMatchObject([{ resourceMetrics: expect.any(Array) }])
  })

  test('writes packets, and flows as points, only when it is asked to', async () => {
    const lines = (file: string): readonly string[] => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
    const all = targets.map((word) => word.replace('file:out', 'file:all'))
    await Promise.all([
      run(['run', GWLB, ...targets], { cwd: folder }),
      run(['run', GWLB, ...all, '--packets', '--flows'], { cwd: folder }),
    ])
    expect(lines('all/bulk.ndjson').length - lines('out/bulk.ndjson').length).toBe(31 * 2)
    expect(lines('all/points.lp').length - lines('out/points.lp').length).toBe(4)
  })

  test('takes an exporter of one’s own, to a file or by its own way', async () => {
    writeFileSync(
      join(folder, 'mine.mjs'),
      `export default ({ vendors }) => ({
        name: 'mine', accepts: ['flow'], limits: { records: 10, bytes: 10000, recordBytes: 1000 }, fileName: 'mine.txt', repeat: 'duplicates',
        encode: ({ id, kind }) => ({ id, kind, bytes: Buffer.from(vendors[0].name + ' ' + kind) }),
        body: (batch) => Buffer.from(batch.map(({ bytes }) => bytes + '\\n').join('')),
        async send(batch) { process.stdout.write(this.body(batch)); return { retry: [], rejected: [] } } })`,
    )
    const { code, stdout } = await run(['run', GWLB, '--to', './mine.mjs', '--to', './mine.mjs=file:mine'], { cwd: folder })
    expect([code, stdout]).toEqual([0, 'Amazon flow\n'.repeat(4)])
    expect(readFileSync(join(folder, 'mine/mine.txt'), 'utf8')).toBe(stdout)
  })
})

describe('the folder that a command is typed in', () => {
  test('counts for the script of the repository, though that runs in the root', async () => {
    const caller = join(folder, 'caller')
    mkdirSync(caller)
    writeFileSync(join(caller, 'here.pcap'), readFileSync(GWLB))
    const env = { INIT_CWD: caller, npm_lifecycle_event: 'cli', npm_package_name: 'geneve-telemetry' }
    const { code } = await run(['run', 'here.pcap', '--to', 'otlp=file:out'], { cwd: ROOT, env })
    expect([code, existsSync(join(caller, 'out/metrics.jsonl'))]).toEqual([0, true])
  })

  test('is the current one for anybody else’s script', async () => {
    const env = { INIT_CWD: ROOT, npm_lifecycle_event: 'cli', npm_package_name: 'somebody-else' }
    const { code } = await run(['decode', 'caller/here.pcap'], { cwd: folder, env })
    expect(code).toBe(0)
  })
})
