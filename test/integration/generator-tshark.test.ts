import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GenerateOptions, generate, type TruthLine } from '@geneve-telemetry/generator'
import { afterAll, describe, expect, test } from 'vitest'
import { command } from '../command.ts'

// Whether checksums of generated packets are right, and windows and keepalives counted as TShark counts them; the rest stands in generated-tshark.test.ts.

const hasTshark = await command('tshark', ['--version']).then(
  () => true,
  () => false,
)
const reason = hasTshark ? '' : ' (skipped: tshark is not installed)'
const folder = mkdtempSync(join(tmpdir(), 'generated-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PACKETS = 20_000
const CHECKSUMS = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
const BAD_CHECKSUM = ['ip', 'udp', 'tcp', 'icmp', 'icmpv6'].map((protocol) => `${protocol}.checksum.status == "Bad"`).join(' || ')
const FINDINGS = [
  ...['zero_window', 'keep_alive', 'window_full', 'zero_window_probe', 'retransmission', 'lost_segment'].map(
    (name) => `tcp.analysis.${name}`,
  ),
  '_ws.malformed',
]

interface Written {
  readonly path: string
  readonly truth: readonly TruthLine[]
}

function write(name: string, options: Omit<GenerateOptions, 'packets'>): Written {
  const path = join(folder, `${name}.pcap`)
  const pieces = [...generate({ packets: PACKETS, ...options })]
  writeFileSync(path, Buffer.concat(pieces.map(({ bytes }) => bytes)))
  return { path, truth: pieces.flatMap(({ truth }) => truth) }
}

/** How many frames of a capture a display filter finds. */
async function count(path: string, filter: string, ...options: readonly string[]): Promise<number> {
  const { stdout } = await command('tshark', ['-n', '-r', path, ...options, '-Y', filter, '-T', 'fields', '-e', 'frame.number'])
  return stdout.split('\n').filter((line) => line !== '').length
}

/** What TShark sees in the frames that each load balancer's node sent: what the appliances give back is the same packets once more. */
async function countsOnTheWayIn({ path, truth }: Written): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  const nodes = truth.flatMap((line) => (line.kind === 'scenario' ? line.vpcs.map(({ node }) => node) : []))
  for (const node of nodes) {
    const part = `${path}.${node}`
    await command('tshark', ['-n', '-r', path, '-Y', `ip.src == ${node}`, '-w', part])
    const { stdout } = await command('tshark', ['-n', '-r', part, '-T', 'fields', ...FINDINGS.flatMap((name) => ['-e', name])])
    const rows = stdout.split('\n').map((line) => line.split('\t'))
    for (const [column, name] of FINDINGS.entries())
      counts[name] = (counts[name] ?? 0) + rows.filter((row) => (row[column] ?? '') !== '').length
  }
  return counts
}

const total = ({ truth }: Written, name: 'zero_windows' | 'keepalives'): number =>
  truth.reduce((sum, line) => (line.kind === 'flow' ? sum + line.initiator[name] + line.responder[name] : sum), 0)

describe.skipIf(!hasTshark)(`generated packets as TShark reads them${reason}`, () => {
  test.each(['ethernet', 'raw'] as const)('no checksum is bad: %s', async (link) => {
    const { path } = write(link, { seed: 31, link, impair: { loss: 0.02, reorder: 0.01, duplicate: 0.01 } })
    expect(await count(path, BAD_CHECKSUM, ...CHECKSUMS)).toBe(0)
    expect(await count(path, 'geneve')).toBe(PACKETS)
  })

  test('closed windows and keepalives are as many as the truth says, and streams are put together', async () => {
    const written = write('windows', { seed: 34, rate: 5_000, impair: { 'zero-window': 0.3, keepalive: 0.3 } })
    const seen = await countsOnTheWayIn(written)
    expect(seen['tcp.analysis.zero_window']).toBe(total(written, 'zero_windows'))
    expect(seen['tcp.analysis.keep_alive']).toBe(total(written, 'keepalives'))
    expect(seen['tcp.analysis.window_full']).toBeGreaterThan(5)
    expect(seen['tcp.analysis.zero_window_probe']).toBeGreaterThan(0)
    expect(seen).toMatchObject({ 'tcp.analysis.retransmission': 0, 'tcp.analysis.lost_segment': 0, '_ws.malformed': 0 })
  })
})
