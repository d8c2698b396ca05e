import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCapture } from '@geneve-telemetry/capture'
import { addressText, DecodeRules, decodePacket, hexText, PacketView } from '@geneve-telemetry/core/wire'
import type { TruthLine } from '@geneve-telemetry/generator'
import { afterAll, describe, expect, test } from 'vitest'
import { FILE_HEADER } from '../bench/pcap.ts'
import { command } from '../command.ts'
import { made } from '../truth/measured.ts'

// What TShark says of generated networks: nothing is malformed, the options are those that we read, and TCP does what real TCP does.

const hasTshark = await command('tshark', ['--version']).then(
  () => true,
  () => false,
)
const reason = hasTshark ? '' : ' (skipped: tshark is not installed)'
const folder = mkdtempSync(join(tmpdir(), 'geneve-generated-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PACKETS = 100_000
const OPTIONS = ['geneve.option.class', 'geneve.option.type', 'geneve.option.length', 'geneve.options'] as const
/** PI_ERROR, as TShark prints it. */
const EXPERT_ERROR = String(0x80_0000)
/** What comes back comes twice, and would be put into streams twice. */
const NO_STREAMS = ['-o', 'tcp.desegment_tcp_streams:FALSE']
const LOSSES = ['retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment', 'ack_lost_segment']

/** Each packet's fields as TShark has them, several of a kind with `|` between them. */
async function fields(path: string, names: readonly string[], ...more: readonly string[]): Promise<string[][]> {
  const options = [...more, '-T', 'fields', '-E', 'aggregator=|', ...names.flatMap((name) => ['-e', name])]
  const { stdout } = await command('tshark', ['-n', '-r', path, ...options])
  return stdout
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t'))
}

/** The same of our own. */
async function ownOptions(path: string): Promise<string[][]> {
  const rows: string[][] = []
  const packet = new PacketView(new DecodeRules())
  for await (const { view, count, offset, end, linkType, wireLength } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      rows.push(optionsOf(packet))
    }
  }
  return rows
}

/** How often TShark found each option, as the truth counts them; the class and the type are the fourth and the fifth column. */
function optionCounts(rows: readonly (readonly string[])[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, , , classes, types] of rows) {
    const typeOf = types!.split('|')
    for (const [index, one] of classes!.split('|').entries()) {
      const name = `${one}/${Number(typeOf[index])}`
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  return counts
}

/** TShark's first length is that of all options; the header's own is among those of an option. */
function optionsOf({ view, optionsStart, optionsEnd }: PacketView): string[] {
  const classes: string[] = []
  const types: string[] = []
  const lengths = [optionsEnd - optionsStart]
  for (let at = optionsStart; at < optionsEnd; at += lengths.at(-1)!) {
    classes.push(`0x${view.getUint16(at).toString(16).padStart(4, '0')}`)
    types.push(
      `0x${view
        .getUint8(at + 2)
        .toString(16)
        .padStart(2, '0')}`,
    )
    lengths.push(4 + (view.getUint8(at + 3) & 0x1f) * 4)
  }
  return [classes.join('|'), types.join('|'), lengths.join('|'), hexText(view, optionsStart, optionsEnd)]
}

/**
 * A capture of each load balancer's node, of what it sent: in the whole one packets come back, and there are connections of two networks with the same
 * addresses and ports, which TShark takes for one.
 */
async function byNode(path: string, truth: readonly TruthLine[]): Promise<string[]> {
  const nodes = truth.flatMap((line) => (line.kind === 'scenario' ? line.vpcs.map(({ node }) => node) : []))
  const pieces = new Map(nodes.map((node) => [node, [readFileSync(path).subarray(0, FILE_HEADER)]]))
  const packet = new PacketView(new DecodeRules())
  for await (const { view, count, offset, end, linkType, wireLength, seconds, nanos } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      const length = end[index]! - offset[index]!
      const header = Buffer.from(new Uint32Array([seconds[index]!, nanos[index]!, length, wireLength[index]!]).buffer)
      const frame = Buffer.from(new Uint8Array(view.buffer, view.byteOffset + offset[index]!, length))
      pieces.get(addressText(view, packet.outerSource, 4))?.push(header, frame)
    }
  }
  return Array.from(pieces, ([node, bytes]) => {
    const target = `${path}.${node}.pcap`
    writeFileSync(target, Buffer.concat(bytes))
    return target
  })
}

/** All rows of all nodes. */
async function fieldsByNode(path: string, truth: readonly TruthLine[], names: readonly string[]): Promise<string[][]> {
  const rows = []
  for (const one of await byNode(path, truth)) rows.push(...(await fields(one, names)))
  return rows
}

function count(rows: readonly (readonly string[])[], column: number): number {
  return rows.filter((row) => row[column] !== '').length
}

describe.skipIf(!hasTshark)(`generated networks${reason}`, () => {
  test.concurrent.each(
    [1, 2, 3].flatMap(
      (seed) =>
        [
          [seed, 'ethernet'],
          [seed, 'raw'],
        ] as const,
    ),
  )('seed %i, %s: no packet is malformed, and the options are those that we read', async (seed, link) => {
    const path = join(folder, `${seed}-${link}.pcap`)
    const truth = made({ seed, packets: PACKETS, link }, path)
    const rows = await fields(path, ['_ws.malformed', 'geneve.option.length.invalid', '_ws.expert.severity', ...OPTIONS], ...NO_STREAMS)
    expect(rows).toHaveLength(PACKETS)
    expect([count(rows, 0), count(rows, 1)]).toEqual([0, 0])
    expect(rows.filter((row) => row[2]!.split('|').includes(EXPERT_ERROR))).toEqual([])
    const own = await ownOptions(path)
    expect(rows.findIndex((row, index) => row.slice(3).join() !== own[index]!.join())).toBe(-1)
    expect(optionCounts(rows)).toEqual(truth.find((line) => line.kind === 'totals')?.options)
    rmSync(path)
  })

  test.concurrent.each([1, 2, 3])('seed %i, unimpaired: no segment is lost, repeated or overtaken', async (seed) => {
    const path = join(folder, `${seed}-tcp.pcap`)
    const truth = made({ seed, packets: PACKETS }, path)
    const rows = await fieldsByNode(path, truth, ['tcp.stream', '_ws.malformed', ...LOSSES.map((name) => `tcp.analysis.${name}`)])
    expect(count(rows, 0)).toBeGreaterThan(PACKETS / 4)
    expect(count(rows, 1)).toBe(0)
    expect(Object.fromEntries(LOSSES.map((name, index) => [name, count(rows, index + 2)]))).toEqual(
      Object.fromEntries(LOSSES.map((name) => [name, 0])),
    )
  })

  test.concurrent('impaired: each impairment is there', async () => {
    const path = join(folder, 'impaired.pcap')
    const impair = { loss: 0.02, reorder: 0.02, duplicate: 0.01, 'zero-window': 0.1, keepalive: 0.1, wrap: 0.2 }
    const truth = made({ seed: 4, packets: PACKETS, impair }, path)
    const names = [
      'retransmission',
      'fast_retransmission',
      'out_of_order',
      'duplicate_ack',
      'lost_segment',
      'zero_window',
      'zero_window_probe',
      'keep_alive',
    ]
    const rows = await fieldsByNode(path, truth, [...names.map((name) => `tcp.analysis.${name}`), 'tcp.seq_raw', 'tcp.flags.syn'])
    for (const [index, name] of names.entries()) expect(count(rows, index), name).toBeGreaterThan(20)
    const openings = rows.filter((row) => row.at(-1)?.startsWith('1') || row.at(-1) === 'True')
    expect(openings.filter((row) => Number(row.at(-2)) > 2 ** 32 - 2 ** 20).length).toBeGreaterThan(20)
  })
})
