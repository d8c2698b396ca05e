import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from '../command.ts'
import type { Check, Say } from './check.ts'

const MINUTE_MS = 60_000

/** Mutates packets with one seed after the other, `packets` a round, until `minutes` are over: the suite `fuzz`, again and again. At least one round. */
export async function fuzz(minutes: number, packets: number, say: Say): Promise<Check> {
  const end = performance.now() + minutes * MINUTE_MS
  const failed: number[] = []
  let rounds = 0
  for (let seed = Date.now() % 0x7fff_ffff; rounds === 0 || performance.now() < end; seed++) {
    say(`${packets} mutated packets, seed ${seed}`)
    const failure = await round(packets, seed)
    rounds++
    if (failure === undefined) continue
    say(failure)
    failed.push(seed)
  }
  const figures = `${rounds * packets} packets in ${rounds} rounds${failed.length === 0 ? '' : `; failed with the seeds ${failed.join(', ')}`}`
  return { name: 'mutated packets: none throws, every kind of issue occurs', passed: failed.length === 0, figures }
}

/** What the suite said, if it failed. */
async function round(packets: number, seed: number): Promise<string | undefined> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'fuzz'], {
    cwd: ROOT,
    env: { ...process.env, FUZZ_PACKETS: String(packets), FUZZ_SEED: String(seed) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
  return code === 0 ? undefined : `${stdout}\n${stderr}`
}
