import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ROOT } from '../command.ts'

const MAIN = ['--conditions=@geneve-telemetry/source', join(ROOT, 'packages/cli/src/main.ts')]

/** A program that runs until it is told to end, and what it has said by now. */
export class Listening {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>
  readonly #exit: Promise<unknown[]>
  stdout = ''
  stderr = ''

  constructor(file: string, args: readonly string[]) {
    this.#process = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.#exit = once(this.#process, 'close')
  }

  /** `geneve-telemetry listen` at a free port of an address. */
  static program(address: string, ...args: readonly string[]): Listening {
    return new Listening(process.execPath, [...MAIN, 'listen', '--bind', `${address}:0`, ...args])
  }

  /** Where that is, as soon as it says so. */
  async place(): Promise<string> {
    const [, place = ''] = await this.said(/listening at (\S+)\n/)
    return place
  }

  /** What `pattern` finds in what it says on standard error, as soon as it does. Rejects if it ends before. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stderr)
      if (found !== null) return found
      if (this.#process.exitCode !== null) throw new Error(`it ended: ${this.stderr}`)
      await Promise.race([once(this.#process.stderr, 'data'), this.#exit])
    }
  }

  /** Resolves when it has written so many whole lines, with them. */
  async lines(count: number): Promise<readonly string[]> {
    while (this.stdout.split('\n').length <= count) await once(this.#process.stdout, 'data')
    return this.stdout.trimEnd().split('\n')
  }

  /** Resolves with its exit code, when it ends by itself. */
  async end(): Promise<unknown> {
    const [code] = await this.#exit
    return code
  }

  /** Ends it as Ctrl-C does, and resolves with its exit code. */
  async stop(): Promise<unknown> {
    this.#process.kill('SIGINT')
    return this.end()
  }
}
