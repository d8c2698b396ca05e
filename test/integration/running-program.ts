import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ROOT } from '../command.ts'

/** A row of the record ledger as the program prints it: figures by the names of their columns, in small letters. */
export type LedgerRow = Readonly<Record<string, string | number>>

/** How a run ended. */
export interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** The program while it reads a capture from standard input, at the pace of the test. */
export class RunningProgram {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #stderr: Promise<string>
  readonly #exit: Promise<unknown[]>

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const main = join(ROOT, 'packages/cli/src/main.ts')
    this.#process = spawn(process.execPath, ['--conditions=@geneve-telemetry/source', main, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // A program that ends early is seen by its exit code.
    this.#process.stdin.on('error', () => {})
    this.#process.stdout.resume()
    this.#stderr = text(this.#process.stderr)
    this.#exit = once(this.#process, 'exit')
  }

  async read(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#process.stdin.write(bytes, () => resolve()))
  }

  /** Whether it is still there. */
  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** The capture is at its end. */
  async end(): Promise<Ended> {
    this.#process.stdin.end()
    const [code] = await this.#exit
    return { code: code as number | null, stderr: await this.#stderr }
  }
}

/** The record ledger in what the program printed. */
export function ledgerOf(stderr: string): readonly LedgerRow[] {
  const lines = stderr.split('\n')
  const at = lines.findIndex((line) => line.startsWith('TARGET '))
  if (at < 0) throw new Error(`no ledger in: ${stderr}`)
  const columns = cells(lines[at]!).map((title) => title.toLowerCase())
  const rows = lines.slice(at + 1)
  const end = rows.findIndex((line) => cells(line).length < columns.length)
  return rows.slice(0, end < 0 ? rows.length : end).map((line) => {
    const values = cells(line).map((cell) => (/^[\d,]+$/.test(cell) ? Number(cell.replaceAll(',', '')) : cell))
    return Object.fromEntries(columns.map((column, index) => [column, values[index]!]))
  })
}

function cells(line: string): readonly string[] {
  return line.trim().split(/\s{2,}/)
}
