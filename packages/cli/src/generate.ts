import { closeSync, openSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { type Generated, type GenerateOptions, generate as generated } from '@geneve-telemetry/generator'
import { ALL_WELL, messageOf, OperatorError, UNDELIVERED } from './exit.ts'
import { counted } from './figures.ts'
import { type GenerateCommandOptions, MOST_RATE } from './generating.ts'
import { Interruption } from './interruption.ts'
import { Output } from './output.ts'
import { fromCaller } from './place.ts'
import { ProgressLine } from './progress.ts'

const STANDARD_OUTPUT = 1

/** Writes a capture that is made up, and the truth about it. Returns the exit code. */
export async function generate(options: GenerateCommandOptions): Promise<number> {
  const { seed, packets, link, start: startSeconds, impair, duration } = options
  if (options.truth === options.out) throw new OperatorError(`--truth: ${options.out} is where the capture goes`)
  if (duration !== undefined && packets / duration > MOST_RATE)
    throw new OperatorError(`--duration: ${packets} packets in ${duration} s are more than ${MOST_RATE} a second`)
  const rate = duration === undefined ? options.rate : packets / duration
  const pieces = piecesOf({ seed, packets, link, startSeconds, impair, ...(rate !== undefined && { rate }) })
  const interruption = new Interruption()
  const capture = new Written(options.out, '--out')
  const truth = options.truth === undefined ? undefined : new Written(options.truth, '--truth')
  const progress = new ProgressLine(process.stderr.isTTY && !(options.out === '-' && process.stdout.isTTY))
  const signal = AbortSignal.any([interruption.signal, capture.output.broken, ...(truth === undefined ? [] : [truth.output.broken])])
  try {
    let done = 0
    for (const piece of pieces) {
      if (signal.aborted) break
      capture.output.writeBytes(piece.bytes)
      for (const line of piece.truth) truth?.output.write(`${JSON.stringify(line)}\n`)
      done = piece.packets
      progress.show({ packets: done, bytes: done, bytesTotal: packets })
      await capture.output.settle()
      await truth?.output.settle()
      await setImmediate()
    }
    await capture.output.flush()
    await truth?.output.flush()
    progress.clear()
    return interruption.code ?? report([capture, ...(truth === undefined ? [] : [truth])], done)
  } finally {
    interruption.end()
    capture.close()
    truth?.close()
  }
}

/** The generator's own message begins with the option's name. */
function piecesOf(options: GenerateOptions): Iterable<Generated> {
  try {
    return generated(options)
  } catch (error) {
    throw new OperatorError(`--${messageOf(error)}`)
  }
}

/** A file that is being written, or standard output. */
class Written {
  readonly name: string
  readonly output: Output
  readonly #descriptor: number

  constructor(name: string, option: string) {
    this.name = name
    this.#descriptor = name === '-' ? STANDARD_OUTPUT : opened(name, option)
    this.output = new Output(this.#descriptor)
  }

  close(): void {
    if (this.#descriptor !== STANDARD_OUTPUT) closeSync(this.#descriptor)
  }
}

function opened(name: string, option: string): number {
  try {
    return openSync(fromCaller(name), 'w')
  } catch (error) {
    throw new OperatorError(`${option}: ${messageOf(error)}`)
  }
}

function report(all: readonly Written[], packets: number): number {
  for (const { name, output } of all) {
    if (output.failure === undefined) continue
    process.stderr.write(`geneve-telemetry: ${name}: ${messageOf(output.failure)}\n`)
    return UNDELIVERED
  }
  const names = all.map(({ name }) => name).filter((name) => name !== '-')
  if (names.length > 0) process.stderr.write(`${counted(packets, 'packet')}: ${names.join(', ')}\n`)
  return ALL_WELL
}
