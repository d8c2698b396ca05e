import type { OptionTable } from '@geneve-telemetry/core/vendors'
import type { Stage, StageContext } from '@geneve-telemetry/pipeline'
import type { Colors } from '../colors.ts'
import type { FlowOptions } from '../flow-options.ts'
import type { Output } from '../output.ts'
import type { Key } from './keys.ts'
import type { Figures, Measured } from './measured.ts'
import { Meter } from './meter.ts'
import { narrow } from './narrow.ts'
import { afterKey, FIRST_OUTLOOK, within } from './outlook.ts'
import { picture, rowsShown } from './picture.ts'
import { Terminal } from './terminal.ts'

const REFRESH_MS = 1_000
const NOTHING: Figures = { time: '', sums: ['waiting for packets'], rows: [], more: false }

export interface ScreenOptions {
  /** Where packets come from, for the title. */
  readonly source: string
  readonly colors: Colors
  readonly quit: () => void
}

/** What is seen of a meter, on a terminal, as its operator wants it. */
export class Screen {
  readonly #terminal: Terminal
  readonly #signal: AbortSignal
  readonly #options: ScreenOptions
  readonly #timer: NodeJS.Timeout
  #meter: Meter | undefined
  #outlook = FIRST_OUTLOOK
  #figures: Figures = NOTHING
  #state: Measured['state'] = 'reading'

  /** Throws OperatorError where there is no terminal. */
  constructor(output: Output, signal: AbortSignal, options: ScreenOptions) {
    this.#signal = signal
    this.#options = options
    this.#terminal = new Terminal(output, { key: (key) => this.#press(key), resize: () => this.#draw() })
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS)
    this.#draw()
  }

  /** What measures for this screen. */
  stage(context: StageContext, table: OptionTable, flows: FlowOptions): Stage {
    this.#meter = new Meter(context, table, flows, performance.now())
    return this.#meter
  }

  /** The input is over: shows the last figures, if nothing has ended the program too, until something does. */
  async ended(isBroken: boolean): Promise<void> {
    this.#state = isBroken ? 'broken' : 'ended'
    if (this.#signal.aborted) return
    this.#look()
    this.#draw()
    await new Promise((resolve) => this.#signal.addEventListener('abort', resolve, { once: true }))
  }

  /** Gives the terminal back. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#terminal.leave()
  }

  #refresh(): void {
    if (this.#state === 'reading') {
      this.#meter?.mark(performance.now())
      if (!this.#outlook.isPaused) this.#look()
    }
    this.#draw()
  }

  #look(): void {
    const { view, sort } = this.#outlook
    this.#figures = this.#meter?.look(view, sort, performance.now()) ?? NOTHING
  }

  #press(key: Key): void {
    if (key === 'q') this.#options.quit()
    // A terminal in raw mode sends Ctrl-C as a character, not as a signal.
    else if (key === 'interrupt') process.kill(process.pid, 'SIGINT')
    else this.#choose(key)
  }

  #choose(key: Key): void {
    const before = this.#outlook
    const { size } = this.#terminal
    this.#outlook = afterKey(before, key, this.#figures.rows.length, { shown: rowsShown(size), columns: size.columns })
    const { view, sort, isPaused } = this.#outlook
    if (view !== before.view || sort !== before.sort || (before.isPaused && !isPaused)) this.#look()
    this.#draw()
  }

  #draw(): void {
    const { size } = this.#terminal
    const { source, colors } = this.#options
    this.#outlook = within(this.#outlook, this.#figures.rows.length, rowsShown(size))
    this.#terminal.draw(picture({ ...this.#figures, source: narrow(source), state: this.#state }, this.#outlook, size, colors))
  }
}
