import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../command.ts'
import { repeatCapture } from './repeat.ts'

const ANCHORS: string = join(ROOT, '../shared/anchors/gopacket')
const SEEDS = join(ROOT, 'packages/capture/test/captures')

/** Holds what is built once and used by later runs: the captures, the anchor. */
export const CACHE: string = join(tmpdir(), 'geneve-telemetry-bench')

/** A capture of a few packets that is repeated to a large one. */
interface Seed {
  readonly letter: string
  readonly file: string
  readonly what: string
  /** Tuples that each of its packets is spread over; 0 leaves it as it is. */
  readonly flows: number
}

const SEED_CAPTURES: readonly Seed[] = [
  { letter: 'A', file: 'RECON-aws-gwlb-hairpin.pcap', what: 'raw IP, 4 one-way flows', flows: 0 },
  { letter: 'B', file: 'ovs-gwlb-v4.pcap', what: 'Ethernet, 12 one-way flows', flows: 0 },
  { letter: 'C', file: 'uml-gwlb-ipproto-v4.pcap', what: 'Ethernet, tens of thousands of flows', flows: 50_000 },
]

export interface BigCapture {
  readonly letter: string
  readonly title: string
  readonly path: string
  readonly packets: number
}

/** The captures of `packets` packets each, made now where an earlier run did not leave them. */
export async function bigCaptures(packets: number, say: (text: string) => void): Promise<readonly BigCapture[]> {
  mkdirSync(CACHE, { recursive: true })
  const captures: BigCapture[] = []
  for (const { letter, file, what, flows } of SEED_CAPTURES) {
    const path = join(CACHE, `${letter}-${packets}.pcap`)
    if (!existsSync(path)) {
      say(`making ${path} of ${file}`)
      const unfinished = `${path}.unfinished`
      await repeat(join(SEEDS, file), unfinished, packets, flows)
      renameSync(unfinished, path)
    }
    captures.push({ letter, title: `${file.replace('.pcap', '')} (${what})`, path, packets })
  }
  return captures
}

/** With the script that the anchor's own figures were made with, where it is there; what is ours writes the same bytes. */
async function repeat(from: string, to: string, packets: number, flows: number): Promise<void> {
  const script = join(ANCHORS, 'mkbig.py')
  if (existsSync(script) && hasPython()) {
    execFileSync('python3', [script, from, to, String(packets), '--flows', String(flows)], { stdio: 'ignore' })
  } else await repeatCapture(from, to, packets, flows)
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
