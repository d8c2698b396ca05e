import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, ROOT } from '../command.ts'

const SHARED = process.env['SHARED_DIR'] ?? join(ROOT, '../shared')
const BACKENDS = join(SHARED, 'backends/backends')
const RUNNING = process.env['BACKENDS_DIR'] ?? join(process.env['TMPDIR'] ?? tmpdir(), 'geneve-backends')

/** Whether there are real servers that a test may break. */
export const HAS_BACKENDS: boolean = existsSync(BACKENDS)

/** A real server of a test's own, so that the test may kill it and stop it while others go on with theirs. */
export class OwnBackend {
  readonly #name: string
  readonly #folder: string
  readonly #environment: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>

  private constructor(name: string, folder: string, environment: Readonly<Record<string, string>>, exports: string) {
    this.#name = name
    this.#folder = folder
    this.#environment = environment
    this.variables = Object.fromEntries([...exports.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]))
  }

  static async up(name: string): Promise<OwnBackend> {
    const folder = mkdtempSync(join(tmpdir(), 'geneve-own-backend-'))
    // What the others have unpacked need not be unpacked again.
    for (const unpacked of ['bin', name].filter((entry) => existsSync(join(RUNNING, entry))))
      symlinkSync(join(RUNNING, unpacked), join(folder, unpacked))
    const environment = { BACKENDS_DIR: folder, [`PORT_${name}`]: String(await freePort()) }
    const { stdout } = await command('env', [...assignments(environment), BACKENDS, 'up', name])
    return new OwnBackend(name, folder, environment, stdout)
  }

  /** `kill` is at once and without farewell, `start` goes on with the data; `pause` leaves connections open and unanswered. */
  async tell(what: 'kill' | 'start' | 'pause' | 'resume'): Promise<void> {
    await command('env', [...assignments(this.#environment), BACKENDS, what, this.#name])
  }

  async down(): Promise<void> {
    await command('env', [...assignments(this.#environment), BACKENDS, 'down', this.#name])
    rmSync(this.#folder, { recursive: true })
  }
}

function assignments(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([key, value]) => `${key}=${value}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
