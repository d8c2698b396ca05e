import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CaptureSource, openCapture } from '@geneve-telemetry/capture'
import type { CaptureDamage, FrameBatch } from '@geneve-telemetry/core/wire'
import { beforeAll, describe, expect, test } from 'vitest'
import { COLUMNS, isKnownColumn } from './columns.ts'
import { type Comparison, compare } from './comparison.ts'
import { DEVIATIONS } from './deviations.ts'
import { readGolden } from './golden.ts'
import { reconcile } from './reconciliation.ts'
import { sightings } from './sighting.ts'
import { summarize } from './summary.ts'

/** The folder of captures beside the repository, or in SHARED_DIR. */
const FOLDER = join(process.env['SHARED_DIR'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)), 'captures')
const CAPTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.pcap(ng)?$/.test(name)) : []
const MAX_DEVIATING_SHARE = 0.005

/** One capture was made, and read by tshark, with another port (`-d udp.port==6082,geneve`). */
const portsOf = (capture: string): readonly number[] => [capture === 'ovs-port6082-v4.pcap' ? 6082 : 6081]

const framesOf = (capture: string): CaptureSource => openCapture(join(FOLDER, capture))

/** Toggles the lowest bit of byte `at` of the first frame. */
async function* damaged(batches: AsyncIterable<FrameBatch>, at: number): AsyncGenerator<FrameBatch> {
  for await (const batch of batches) {
    if (batch.firstFrame === 1) batch.view.setUint8(batch.offset[0]! + at, batch.view.getUint8(batch.offset[0]! + at) ^ 1)
    yield batch
  }
}

if (CAPTURES.length === 0) {
  test('captures', ({ skip }) => {
    const reason = `skipped: there are no captures in ${FOLDER}; put the folder 'shared' beside the repository, or name it in SHARED_DIR`
    console.log(reason)
    skip(reason)
  })
}

describe.skipIf(CAPTURES.length === 0)('tshark 4.0.17', () => {
  const comparisons = new Map<string, Comparison>()
  const damages = new Map<string, CaptureDamage>()

  beforeAll(async () => {
    for (const capture of CAPTURES) {
      const frames = framesOf(capture)
      comparisons.set(capture, await compare(readGolden(FOLDER, capture), frames, portsOf(capture)))
      if (frames.damage !== undefined) damages.set(capture, frames.damage)
    }
  })

  test.each(CAPTURES)('%s: what differs is what is listed', (capture) => {
    expect(reconcile(capture, comparisons.get(capture)!.differences, DEVIATIONS)).toEqual({ unlisted: [], stale: [] })
  })

  test.each(CAPTURES)('%s: each column is compared, or known not to apply', (capture) => {
    expect(readGolden(FOLDER, capture).columns.filter((name) => !isKnownColumn(name))).toEqual([])
  })

  test('no capture is damaged', () => {
    expect(damages).toEqual(new Map())
  })

  test('no deviation is listed for a capture that is not there', () => {
    expect(DEVIATIONS.flatMap(({ places }) => places.map(({ capture }) => capture)).filter((name) => !CAPTURES.includes(name))).toEqual([])
  })

  test('there are values in each column, and few rows deviate', () => {
    const { captures, rows, cells, cellsByColumn, deviatingRows, uncountedRows, share } = summarize(comparisons, DEVIATIONS)
    console.log(
      `${captures} captures, ${rows} rows, ${cells} cells compared; ${deviatingRows} rows deviate, ${(share * 100).toFixed(2)} %` +
        ` (and ${uncountedRows} in ways that do not count); all are listed in deviations.ts`,
    )
    expect(COLUMNS.filter(({ name }) => !cellsByColumn.has(name))).toEqual([])
    expect(share).toBeLessThanOrEqual(MAX_DEVIATING_SHARE)
  })

  // Frame 1: Ethernet, IPv4, UDP, GENEVE at 42 with three options, Ethernet at 82, IPv4, ICMP.
  test.each([
    [29, 'ip.src'],
    [33, 'ip.dst'],
    [35, 'udp.srcport'],
    [45, 'geneve.proto_type'],
    [48, 'geneve.vni'],
    [51, 'geneve.option.class'],
    [52, 'geneve.option.type'],
    [61, 'geneve.option.unknown.data'],
    [81, 'geneve.options'],
    [105, 'ip.proto'],
    [111, 'ip.src'],
    [115, 'ip.dst'],
    [116, 'icmp.type'],
  ])('a wrong bit in byte %i of a frame is noticed in %s', async (at, column) => {
    const { differences } = await compare(readGolden(FOLDER, 'ovs-gwlb-v4.pcap'), damaged(framesOf('ovs-gwlb-v4.pcap'), at), [6081])
    expect(differences.map((difference) => difference.column)).toContain(column)
    expect(new Set(differences.map(({ frame }) => frame))).toEqual(new Set([1]))
  })

  test('a frame too few is noticed', async () => {
    const golden = readGolden(FOLDER, 'ovs-gwlb-v4.pcap')
    const last = golden.rows.size
    const { differences } = await compare({ ...golden, rows: new Map([...golden.rows].slice(0, -1)) }, framesOf('ovs-gwlb-v4.pcap'), [6081])
    expect(differences).toEqual([{ frame: last, column: 'row', tshark: '', ours: 'GENEVE' }])
  })

  test('differences that are not listed and listed ones that do not occur are told apart', () => {
    const difference = { frame: 1, column: 'row', tshark: '', ours: 'GENEVE' }
    const other = { ...difference, frame: 2 }
    const places = [{ capture: 'x.pcap', frames: [1], cells: { row: ['', 'GENEVE'] as const } }]
    const deviations = [{ name: '', tshark: '', ours: '', reason: '', isCounted: true, places }]
    expect(reconcile('x.pcap', [difference], deviations)).toEqual({ unlisted: [], stale: [] })
    expect(reconcile('x.pcap', [], deviations)).toEqual({ unlisted: [], stale: ["frame 1, row: tshark '', ours 'GENEVE'"] })
    expect(reconcile('x.pcap', [other], deviations)).toEqual({
      unlisted: ["frame 2, row: tshark '', ours 'GENEVE'"],
      stale: ["frame 1, row: tshark '', ours 'GENEVE'"],
    })
    expect(reconcile('y.pcap', [], deviations)).toEqual({ unlisted: [], stale: [] })
  })
})

describe.skipIf(CAPTURES.length === 0)('tcpdump 5 on BIG TCP', () => {
  test.each([
    [4, 4],
    [4, 6],
    [6, 4],
    [6, 6],
  ])('IPv%i outside, IPv%i inside: VNI 0x1389 and 80000 bytes of TCP payload', async (outer, inner) => {
    let count = 0
    for await (const { record, packet } of sightings(framesOf(`tcpdump-bigtcp-ipv${outer}-geneve-ipv${inner}.pcap`), [6081])) {
      count++
      expect(record.packet.geneve).toMatchObject({ version: 0, vni: 0x1389, protocolType: '0x6558', options: [] })
      expect(record.packet.inner?.protocol).toBe('tcp')
      expect([packet.outerVersion, packet.innerVersion, packet.payloadLength]).toEqual([outer, inner, 80_000])
      expect(record.packet.issue).toBeUndefined()
    }
    expect(count).toBe(1)
  })
})
