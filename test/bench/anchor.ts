import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { command, ROOT } from '../command.ts'
import { CACHE } from './captures.ts'
import type { Nanoseconds } from './timing.ts'

const REPEAT = 3
const SOURCE = join(ROOT, '../shared/anchors/gopacket')
/** The fastest way that gopacket's documents name, and plain Go without any library. */
export const MODES = ['dlpfunc', 'hand'] as const
export type Mode = (typeof MODES)[number]

/** Decoding and counting flows in Go: what ours is held against. */
export class Anchor {
  readonly #program: string

  private constructor(program: string) {
    this.#program = program
  }

  /** Builds it; or says why it cannot be had. */
  static async build(): Promise<Anchor | string> {
    const program = join(CACHE, 'gopacket-bench')
    try {
      await access(SOURCE)
    } catch {
      return '../shared/anchors/gopacket is not there'
    }
    try {
      await command('go', ['build', '-o', program, '.'], SOURCE)
    } catch (error) {
      return `cannot be built: ${(error as Error).message.split('\n', 1)[0]}`
    }
    return new Anchor(program)
  }

  /** One round over a capture. */
  async round(path: string): Promise<Readonly<Record<Mode, Omit<Nanoseconds, 'samples'>>>> {
    const { stdout } = await command(this.#program, [path, String(REPEAT), MODES.join(',')])
    const figures = (mode: Mode) => {
      const line = stdout.split('\n').find((each) => each.startsWith(`${mode} `))
      const [min, median, cpu] = line?.trim().split(/\s+/).slice(1, 4).map(Number) ?? []
      if (min === undefined || median === undefined || cpu === undefined) throw new Error(`no figures of ${mode} in:\n${stdout}`)
      return { min, median, cpu }
    }
    return { dlpfunc: figures('dlpfunc'), hand: figures('hand') }
  }
}
