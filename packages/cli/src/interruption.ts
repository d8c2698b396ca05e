import { StartError } from '@geneve-telemetry/pipeline'
import { OperatorError } from './exit.ts'
import { redacted } from './redacted.ts'

const CODES = { SIGINT: 130, SIGTERM: 143 } as const
type SignalName = keyof typeof CODES

/** Listens for Ctrl-C and SIGTERM. The first one asks for an orderly end; its listener is gone then, so that a second one ends the process at once. */
export class Interruption {
  readonly #aborter = new AbortController()
  readonly #listeners: readonly (readonly [name: SignalName, listener: () => void])[]
  #code: number | undefined

  constructor() {
    const names = Object.keys(CODES) as SignalName[]
    this.#listeners = names.map((name) => [name, () => this.#interrupt(name)] as const)
    for (const [name, listener] of this.#listeners) process.once(name, listener)
  }

  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  /** What the process then exits with; `undefined` while it was not interrupted. */
  get code(): number | undefined {
    return this.#code
  }

  /** Does what may be interrupted, and listens no longer. Returns the exit code: a start that was broken off is nobody's mistake. */
  async during(work: () => Promise<number>): Promise<number> {
    try {
      return await work()
    } catch (error) {
      if (this.#code === undefined || !(error instanceof StartError || error instanceof OperatorError)) throw error
      process.stderr.write(`geneve-telemetry: ${redacted(error.message)}; nothing was processed\n`)
      return this.#code
    } finally {
      this.end()
    }
  }

  /** Listens no longer. */
  end(): void {
    for (const [name, listener] of this.#listeners) process.removeListener(name, listener)
  }

  #interrupt(name: SignalName): void {
    this.#code ??= CODES[name]
    this.end()
    this.#aborter.abort()
  }
}
