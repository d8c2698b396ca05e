import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { messageOf, OperatorError } from './exit.ts'
import { fromCaller } from './place.ts'

const STANDARD_INPUT = '-'
/** Far more than the longest line that anybody means. */
const MOST_LINE_LENGTH = 2 ** 20

export interface InputLine {
  /** From 1. */
  readonly number: number
  readonly text: string
}

/** The lines of a file or, for `-` or nothing, of standard input, each as soon as it is whole, until the signal. Throws OperatorError for what cannot be read. */
export async function* inputLines(file: string | undefined, signal: AbortSignal): AsyncGenerator<InputLine> {
  const isStandardInput = file === undefined || file === STANDARD_INPUT
  if (isStandardInput && process.stdin.isTTY) throw new OperatorError('nothing to read: name a file, or pipe lines in')
  const stream: Readable = addAbortSignal(signal, isStandardInput ? process.stdin : createReadStream(fromCaller(file)))
  stream.setEncoding('utf8')
  const rest: string[] = []
  let number = 0
  try {
    for await (const chunk of stream) {
      const lines = (chunk as string).split('\n')
      for (const line of lines.slice(0, -1)) {
        rest.push(line)
        yield { number: ++number, text: rest.join('') }
        rest.length = 0
      }
      rest.push(lines.at(-1)!)
      if (rest.reduce((length, part) => length + part.length, 0) > MOST_LINE_LENGTH)
        throw new OperatorError(`line ${number + 1} has more than ${MOST_LINE_LENGTH} characters; one line is one record`)
    }
    yield { number: number + 1, text: rest.join('') }
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof OperatorError) throw error
    throw new OperatorError(`cannot read ${isStandardInput ? 'standard input' : file}: ${messageOf(error)}`)
  }
}
