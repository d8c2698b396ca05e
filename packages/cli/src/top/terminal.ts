import { openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { messageOf, OperatorError } from '../exit.ts'
import type { Output } from '../output.ts'
import { type Key, keysOf } from './keys.ts'
import type { Size } from './picture.ts'

/** Alternate screen, hidden cursor, no line wrap; and back. xterm's names: 1049, 25, 7. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H\u001b[2J'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
/** Of a terminal that does not say how large it is. */
const USUAL: Size = { columns: 80, rows: 24 }
const STANDARD_OUTPUT = 1

/** A terminal that one picture fills, and its keys. It is given back as it was, whatever happens. */
export class Terminal {
  readonly #output: Output
  readonly #keys: ReadStream
  #drawing: Promise<void> | undefined
  #isOpen = true
  readonly #leaveAtExit = (): void => {
    try {
      writeSync(STANDARD_OUTPUT, LEAVE)
    } catch {
      // There is no terminal any more.
    }
  }

  /** Keys come from the terminal itself: standard input may be a capture. Throws OperatorError where there is none. */
  constructor(output: Output, on: { readonly key: (key: Key) => void; readonly resize: () => void }) {
    if (!process.stdout.isTTY || process.env['TERM'] === 'dumb')
      throw new OperatorError('top needs a terminal to draw on; summary prints what a capture holds, flows one line per flow')
    this.#output = output
    this.#keys = terminalKeys()
    this.#keys.setRawMode(true)
    process.once('exit', this.#leaveAtExit)
    output.write(ENTER)
    this.#keys.setEncoding('utf8')
    this.#keys.on('data', (text) => keysOf(String(text)).forEach(on.key))
    // A terminal that is gone: writing to it says so.
    this.#keys.on('error', () => undefined)
    process.stdout.on('resize', on.resize)
  }

  get size(): Size {
    const { columns, rows } = process.stdout
    return { columns: columns || USUAL.columns, rows: rows || USUAL.rows }
  }

  /** Puts lines over those that are there, without clearing any first: it would flicker. Does nothing while the terminal has not taken the last picture: a slow one gets fewer. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen || this.#drawing !== undefined) return
    this.#output.write(HOME + lines.join('\r\n'))
    this.#drawing = this.#output.flush().finally(() => {
      this.#drawing = undefined
    })
  }

  /** Gives the terminal back. */
  async leave(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    process.stdout.removeAllListeners('resize')
    this.#output.write(LEAVE)
    await this.#output.flush()
    process.removeListener('exit', this.#leaveAtExit)
    this.#keys.setRawMode(false)
    this.#keys.destroy()
  }
}

function terminalKeys(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'))
  } catch (error) {
    throw new OperatorError(`top needs a terminal for its keys: ${messageOf(error)}`)
  }
}
