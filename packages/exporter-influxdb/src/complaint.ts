import type { InfluxdbAnswer } from './transport.ts'

const MOST_CHARACTERS = 200

/** What a server says about a write that it did not take whole. */
export interface Complaint {
  /** What is wrong, the same words for the same thing: reasons are counted. */
  readonly reason: string
  /** How many points were dropped, where InfluxDB 1 and 2 say it; all others are written. */
  readonly dropped: number | undefined
  /** The lines that were not taken, where InfluxDB 3 names them; all others are written. */
  readonly lines: readonly NamedLine[] | undefined
}

export interface NamedLine {
  /** From 1. */
  readonly line: number
  readonly reason: string
}

/**
 * Reads the body of an answer: `{"code":…,"message":…}` of InfluxDB 2, `{"error":…}` of 1 and 3, the latter with `data`, or text.
 */
export function complaintOf({ status, headers, body }: InfluxdbAnswer): Complaint {
  const json = objectOf(body)
  const { message, error, data } = json
  const text = [message, error].find((said): said is string => typeof said === 'string' && said !== '') ?? body
  const location = status >= 300 && status < 400 ? headers['location'] : undefined
  const dropped = /partial write: .*dropped=(\d+)/s.exec(text)?.[1]
  return {
    reason: location === undefined ? reasonOf(status, text) : `HTTP ${status}: moved to ${location}`,
    dropped: dropped === undefined ? undefined : Number(dropped),
    lines: text.startsWith('partial write') ? linesOf(status, data) : undefined,
  }
}

function linesOf(status: number, data: unknown): readonly NamedLine[] | undefined {
  if (!Array.isArray(data) || data.length === 0) return undefined
  const lines: NamedLine[] = []
  for (const item of data as readonly unknown[]) {
    const { line_number: line, error_message: why } = isObject(item) ? item : {}
    if (typeof line !== 'number' || typeof why !== 'string') return undefined
    lines.push({ line, reason: reasonOf(status, why) })
  }
  return lines
}

/** Without what is different for each line: the line itself, values, times, counts. */
function reasonOf(status: number, text: string): string {
  const short = text
    .replace(/^\d{3} /, '')
    .replace(/(unable to parse) '.*': /s, '$1: ')
    .replace(/(incorrect influx line) ".*": /s, '$1: ')
    .replace(/dropped \d+ (points outside retention policy of duration \S+) .*/s, '$1')
    .replace(/ (?:value|tag)="(?:[^"\\]|\\.)*"/g, '')
    .replace(/ \(\d+\/\d+\)/, '')
    .replace(/ ?dropped=\d+.*/s, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (short === '') return `HTTP ${status}`
  return `HTTP ${status}: ${short.length > MOST_CHARACTERS ? `${short.slice(0, MOST_CHARACTERS)}…` : short}`
}

function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
