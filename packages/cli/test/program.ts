import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url))
export const GWLB: string = fileURLToPath(new URL('../../../examples/captures/gwlb.pcap', import.meta.url))
const SOURCE = '--conditions=@geneve-telemetry/source'
/** Starting from source a hundred times takes a third of the time when Node keeps what it compiled, by content. */
const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), 'geneve-telemetry-compiled') }

export interface Surroundings {
  readonly input?: Uint8Array
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The user it runs as. */
  readonly uid?: number
  /** Instead of a pipe: a file descriptor. */
  readonly stdout?: number
}

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the program itself, with nothing between: signals arrive. Its standard input stays open. */
export function start(args: readonly string[], { cwd = ROOT, env = {}, uid, stdout }: Surroundings = {}): ChildProcess {
  return spawn(process.execPath, [SOURCE, MAIN, ...args], {
    cwd,
    env: { ...process.env, ...COMPILED, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
}

/** Runs the program to its end. */
export async function run(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const child = start(args, surroundings)
  const ended = end(child)
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(surroundings.input)
  return ended
}

/** All that a program writes until it ends. */
export async function end(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** Resolves when the program has written this to standard output. */
export function written(child: ChildProcess, text: string): Promise<void> {
  let seen = ''
  return new Promise((resolve) => {
    child.stdout?.on('data', (piece: Buffer | string) => {
      seen += String(piece)
      if (seen.includes(text)) resolve()
    })
  })
}

/** The values of lines of JSON. */
export function json<T = Readonly<Record<string, unknown>>>(lines: string): readonly T[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
