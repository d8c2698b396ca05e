import type { Mood } from '@geneve-telemetry/core/testing'
import type { BulkResponse, BulkTransport } from '../src/index.ts'

/** What `_bulk` answers for items of these statuses; what is not 201 has an error. */
export function bulkAnswer(statuses: readonly number[]): string {
  const error = { type: 'document_parsing_exception', reason: "[1:2] failed to parse field [a] in document with id 'x'." }
  const items = statuses.map((status) => ({ create: { status, ...(status === 201 ? {} : { error }) } }))
  return JSON.stringify({ errors: statuses.some((status) => status !== 201), items })
}

/** How many records are in a request. */
export function recordsIn(body: Uint8Array | undefined): number {
  return (new TextDecoder().decode(body).split('\n').length - 1) / 2
}

/** A backend of a mood, without a network between. */
export function backendOf(mood: Mood): BulkTransport {
  return {
    async request({ path, body }, signal): Promise<BulkResponse> {
      signal.throwIfAborted()
      if (!path.startsWith('/_bulk')) return { status: 200, headers: { 'x-elastic-product': 'Elasticsearch' }, text: '{}' }
      const all = Array.from({ length: recordsIn(body) }, () => 201)
      switch (mood) {
        case 'takes-all':
          return { status: 200, headers: {}, text: bulkAnswer(all) }
        case 'refuses-second':
          return { status: 200, headers: {}, text: bulkAnswer(all.with(1, 400)) }
        case 'busy':
          return { status: 429, headers: {}, text: '' }
        case 'too-large':
          return { status: 413, headers: {}, text: '' }
        case 'silent':
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
      }
    },
  }
}
