import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, ROOT } from '../command.ts'

/** An example's own folder. */
export class Example {
  readonly #folder: string

  constructor(name: string) {
    this.#folder = join(ROOT, 'examples', name)
  }

  /** A file of it: `expected.txt` is what it prints. */
  file(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8')
  }

  /** What its `start` script prints, run as its README says, with these variables besides. */
  start(environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const [node, ...args] = (JSON.parse(this.file('package.json')) as { scripts: { start: string } }).scripts.start.split(' ')
    if (node !== 'node') throw new Error(`start: '${node}' is not node`)
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, { cwd: this.#folder, env: { ...process.env, ...environment } }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }))
      })
    })
  }
}

/** What the program prints, started in the repository's root as the READMEs do. */
export async function program(...args: readonly string[]): Promise<string> {
  const main = join(ROOT, 'packages/cli/src/main.ts')
  const { stdout } = await command(process.execPath, ['--conditions=@geneve-telemetry/source', main, ...args])
  return stdout
}
