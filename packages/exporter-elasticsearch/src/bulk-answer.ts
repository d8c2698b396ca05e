import type { Outcome } from '@geneve-telemetry/core'
import { DELIVERED, retryAfterMs } from '@geneve-telemetry/core'
import type { BulkResponse } from './transport.ts'

/** What of an answer is asked for: which item failed, and why. */
export const ANSWER_FIELDS = 'errors,items.*.status,items.*.error.type,items.*.error.reason'

interface Item {
  readonly status: number
  readonly error?: Failure
}

interface Failure {
  readonly type?: string
  readonly reason?: string
  readonly caused_by?: Failure
}

const ALL_WELL = /^\s*\{"errors":false,/
const MOST_REASON = 300

/**
 * What became of the records of a `_bulk` request.
 *
 * @param count how many there were
 * @throws Error for an answer of which nothing is understood: then nothing is known of any
 */
export function outcomeOf(response: BulkResponse, count: number, now: number): Outcome {
  const { status, headers, text } = response
  if (status >= 200 && status < 300) return itemsOutcome(text, count)
  const all = Array.from({ length: count }, (_, index) => index)
  if (status === 413) return { retry: all, rejected: [], halve: true }
  if (mayPass(status)) {
    const wait = retryAfterMs(headers['retry-after'], now)
    return { retry: all, rejected: [], ...(wait === undefined ? {} : { retryAfterMs: wait }) }
  }
  const reason = refusal(response)
  return { retry: [], rejected: all.map((index) => ({ index, reason })) }
}

/** Whether the same may be taken later: the server had no time or no room, or failed itself. */
function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Why a whole request was refused. */
export function refusal({ status, text }: BulkResponse): string {
  return `${status}${explained(errorIn(text))}`
}

function itemsOutcome(text: string, count: number): Outcome {
  // The usual answer: there is nothing in it but as many 201 as there were records.
  if (ALL_WELL.test(text) && text.endsWith(']}') && occurrences(text, '"status":') === count) return DELIVERED
  const items = itemsIn(text)
  if (items === undefined || items.length !== count) throw new Error(`the answer to _bulk is not understood: ${text.slice(0, 80)}`)
  const retry: number[] = []
  const rejected: { index: number; reason: string }[] = []
  items.forEach((item, index) => {
    // 409: a document of this id, or of these labels and this time, is there already.
    if (item.status < 300 || item.status === 409) return
    if (mayPass(item.status)) retry.push(index)
    else rejected.push({ index, reason: `${item.status}${explained(item.error)}` })
  })
  return { retry, rejected }
}

function occurrences(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++
  return count
}

function itemsIn(text: string): readonly Item[] | undefined {
  const answer = parsed(text) as { readonly items?: unknown } | null | undefined
  if (!Array.isArray(answer?.items)) return undefined
  const items = answer.items.map((item: { readonly create?: Item } | null) => item?.create)
  return items.every((item) => item !== undefined && Number.isInteger(item.status)) ? (items as Item[]) : undefined
}

/** The error of an answer to a whole request: an object, or a text in front of Elasticsearch. */
function errorIn(text: string): Failure | undefined {
  const error = (parsed(text) as { readonly error?: string | Failure } | null | undefined)?.error
  return typeof error === 'string' ? { reason: error } : error
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function explained(failure: Failure = {}): string {
  const { type, reason } = failure
  let cause = failure.caused_by
  while (cause?.caused_by !== undefined) cause = cause.caused_by
  // Which document it was is known: reasons are counted, and that would make each another. So would the place in it, and the value.
  const short = reason
    ?.replace(/^\[\d+:\d+\] /, '')
    .replace(/ in document with id '[^']*'/, '')
    .replace(/\. Preview of field's value: .*/s, '')
    .replace(/the document timestamp \[[^\]]*\]/, "the document's timestamp")
  const parts = [type, short, cause?.reason].filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? '' : ` ${parts.join(': ')}`.slice(0, MOST_REASON)
}
