import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { RECORD_KINDS, type RecordKind } from './account.ts'
import type { DeadLetter } from './dead-letters.ts'

/** A line that is no dead letter: as a rule the last one, of a run that was killed while it wrote. */
export interface UnreadableLetter {
  /** From 1. */
  readonly line: number
  readonly unreadable: string
}

/**
 * The letters of a file that `DeadLetters` wrote, as far as it goes now: what is appended meanwhile is not read. Rejects only if the file cannot be read.
 */
export async function* readDeadLetters(path: string): AsyncGenerator<DeadLetter | UnreadableLetter> {
  const { size } = await stat(path)
  let number = 0
  for await (const line of linesOf(path, size)) {
    number++
    if (line !== '') yield letterOf(line, number)
  }
}

/** At line feeds only: the text of a letter may have other characters that pass for the end of a line. */
async function* linesOf(path: string, size: number): AsyncGenerator<string> {
  if (size === 0) return
  const rest: string[] = []
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: size - 1 })) {
    const lines = (chunk as string).split('\n')
    for (const line of lines.slice(0, -1)) {
      rest.push(line)
      yield rest.join('')
      rest.length = 0
    }
    rest.push(lines.at(-1)!)
  }
  yield rest.join('')
}

function letterOf(line: string, number: number): DeadLetter | UnreadableLetter {
  let found: Readonly<Record<string, unknown>>
  try {
    found = JSON.parse(line)
  } catch {
    return { line: number, unreadable: 'it is cut off, or no JSON' }
  }
  const { time, outlet, kind, id, reason, fate, data, base64 } = found ?? {}
  const isLetter =
    [time, outlet, id, reason].every((value) => typeof value === 'string') &&
    RECORD_KINDS.includes(kind as RecordKind) &&
    (fate === 'rejected' || fate === 'dropped')
  const bytes = typeof data === 'string' ? Buffer.from(data) : typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined
  if (!isLetter || bytes === undefined) return { line: number, unreadable: 'it is no dead letter' }
  return { time, outlet, kind, id, reason, fate, bytes } as DeadLetter
}
