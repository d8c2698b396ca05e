import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

const PROMPT = 'ready>'
const PATIENCE_MS = 30_000

/** A terminal of its own, with a shell in it. */
export class Tmux {
  readonly #socket: string
  #asked = 0

  constructor(columns: number, rows: number, cwd: string) {
    this.#socket = `geneve-${process.pid}-${Math.random().toString(36).slice(2)}`
    const shell = `env PS1='${PROMPT} ' ENV= sh -i`
    this.#run('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', cwd, shell)
  }

  /** Presses keys by tmux's names: `q`, `Down`, `C-c`, or types a text. */
  press(...keys: readonly string[]): void {
    this.#run('send-keys', ...keys)
  }

  /** Types a command. */
  type(command: string): void {
    this.#run('send-keys', '-l', command)
    this.press('Enter')
  }

  resize(columns: number, rows: number): void {
    this.#run('resize-window', '-x', String(columns), '-y', String(rows))
  }

  /** What is on the screen, a line each. */
  screen(): readonly string[] {
    return this.#run('capture-pane', '-p').split('\n').slice(0, -1)
  }

  /** What tmux knows of the terminal: `alternate_on`, `cursor_flag`, `wrap_flag`. */
  state(name: string): string {
    return this.#run('display-message', '-p', `#{${name}}`).trim()
  }

  /** The screen, once something is on it. Rejects with what is there instead when that takes too long. */
  async shows(text: string | RegExp): Promise<readonly string[]> {
    const until = performance.now() + PATIENCE_MS
    for (;;) {
      const lines = this.screen()
      const all = lines.join('\n')
      if (typeof text === 'string' ? all.includes(text) : text.test(all)) return lines
      if (performance.now() > until) throw new Error(`no ${text} on the screen:\n${all}`)
      await delay(50)
    }
  }

  /** Resolves when the shell waits for a command. */
  async returns(): Promise<void> {
    await this.shows(new RegExp(`^${PROMPT}$`, 'm'))
  }

  /** What a command of the shell prints, on a screen of its own. Its exit code is that of the command. */
  async asked(command: string): Promise<readonly string[]> {
    const screens = ++this.#asked
    this.type(`code=$?; clear; (exit $code); ${command}; echo asked ${screens}; (exit $code)`)
    const lines = await this.shows(new RegExp(`^asked ${screens}$`, 'm'))
    return lines.slice(0, lines.indexOf(`asked ${screens}`))
  }

  end(): void {
    this.#run('kill-server')
  }

  #run(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8', env: { ...process.env, TMUX: '' } })
  }
}
