import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ROOT } from '../command.ts'
import { CACHE } from './captures.ts'

/** What a whole run of a program took, its start included. */
export interface Run {
  readonly seconds: number
  readonly cpuSeconds: number
  /** The most memory it had at a time (resident set). */
  readonly peakBytes: number
}

/** A command line over a capture's file. */
export interface Program {
  readonly name: string
  readonly title: string
  /** The module that is started. */
  readonly script: URL
  readonly args: (path: string) => readonly string[]
}

export const CLI: URL = pathToFileURL(join(ROOT, 'packages/cli/src/main.ts'))

export const PROGRAMS: readonly Program[] = [
  { name: 'decode', title: 'decode --format ndjson', script: CLI, args: (path) => ['decode', path, '--format', 'ndjson'] },
  { name: 'flows', title: 'flows --format ndjson', script: CLI, args: (path) => ['flows', path, '--format', 'ndjson'] },
  {
    name: 'run',
    title: 'run --packets --to elasticsearch=file:',
    script: CLI,
    args: (path) => ['run', path, '--packets', '--to', `elasticsearch=file:${nowhere('bulk.ndjson')}`],
  },
  {
    name: 'packets',
    title: 'the library: packets only, to _bulk',
    script: new URL('packets-to-bulk.ts', import.meta.url),
    args: (path) => [path, nowhere('bulk.ndjson')],
  },
]

/** Runs a program of ours with the Node that runs this, what it prints thrown away. `input` is its standard input. */
export async function runProgram(script: URL, args: readonly string[], input?: Iterable<Uint8Array>): Promise<Run> {
  const usage = new URL('usage.ts', import.meta.url).href
  const began = performance.now()
  const child = spawn(process.execPath, ['--conditions=@geneve-telemetry/source', '--import', usage, fileURLToPath(script), ...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const fed = input === undefined ? undefined : pipeline(Readable.from(input), child.stdin as Writable)
  const said = Promise.all([closed, text(child.stderr as Readable), text(child.stdio[3] as Readable)])
  // Where it ends too early, what it says is more telling than that its input broke.
  const [feeding] = await Promise.allSettled([fed])
  const [status, errors, used] = await said
  const seconds = (performance.now() - began) / 1000
  if (status !== 0) throw new Error(`${script.pathname} ${args.join(' ')} ended with ${status}: ${errors}`)
  if (feeding.status === 'rejected') throw feeding.reason
  return { seconds, ...(JSON.parse(used) as Omit<Run, 'seconds'>) }
}

/** A folder in which the file of this name takes all and keeps nothing: TShark's text goes to /dev/null, too. */
function nowhere(fileName: string): string {
  const folder = join(CACHE, 'nowhere')
  mkdirSync(folder, { recursive: true })
  try {
    symlinkSync('/dev/null', join(folder, fileName))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return folder
}
