import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, ROOT } from '../command.ts'

const shared = process.env['SHARED_DIR'] ?? join(ROOT, '../shared')

/** Captures in which each packet belongs to a flow, so that totals can be held against flows: load balancers' and hypervisors' traffic, pcap and pcapng. */
export const CAPTURES: readonly string[] = [
  'examples/captures/gwlb.pcap',
  ...[
    'RECON-aws-gwlb-hairpin.pcap',
    'suricata-verify-aws-gwlb-bug-6402.pcap',
    'tcpdump-geneve.pcap',
    'tcp-17-two-vni.pcap',
    'ovs-iperf3.pcapng',
  ].map((name) => join(shared, 'captures', name)),
]

/** A flow as `flows --format ndjson` prints it, as far as these tests look at it. */
export interface PrintedFlow {
  readonly '@timestamp': string
  readonly source: { readonly ip: string; readonly port?: number; readonly packets: number; readonly bytes: number }
  readonly destination: { readonly ip: string; readonly port?: number; readonly packets: number; readonly bytes: number }
  readonly network: { readonly transport: string; readonly packets: number; readonly bytes: number }
  readonly event: { readonly start: string; readonly id: string }
}

async function cli(...args: readonly string[]): Promise<string> {
  const main = join(ROOT, 'packages/cli/src/main.ts')
  const { stdout } = await command(process.execPath, ['--conditions=@geneve-telemetry/source', main, ...args])
  return stdout
}

/** What `flows` says of a capture. */
export async function flowsOf(capture: string): Promise<readonly PrintedFlow[]> {
  return linesOf(await cli('flows', capture, '--format', 'ndjson')).map((line) => JSON.parse(line) as PrintedFlow)
}

/** What `run` writes for a backend, whole. */
export async function writtenFor(target: string, fileName: string, capture: string, ...args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'geneve-telemetry-'))
  try {
    await cli('run', capture, '--to', `${target}=file:${folder}`, '--observer', 'test', ...args)
    return readFileSync(join(folder, fileName), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** The sum of some number over all flows. */
export function sum(flows: readonly PrintedFlow[], of: (flow: PrintedFlow) => number): number {
  return flows.reduce((total, flow) => total + of(flow), 0)
}
