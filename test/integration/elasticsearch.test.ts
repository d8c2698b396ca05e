import { describe, expect, test } from 'vitest'
import { CAPTURES, flowsOf, linesOf, writtenFor } from './written.ts'

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '' } = process.env
const authorization = `Basic ${Buffer.from(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`).toString('base64')}`

interface BulkAnswer {
  readonly errors: boolean
  readonly items: readonly { readonly create: { readonly status: number; readonly error?: unknown } }[]
}

async function call<T>(method: string, path: string, body?: string): Promise<T> {
  const headers = { authorization, 'content-type': body?.includes('\n') ? 'application/x-ndjson' : 'application/json' }
  const response = await fetch(`${ELASTICSEARCH_URL}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const answer = (await response.json()) as T
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

describe.skipIf(ELASTICSEARCH_URL === undefined)('a real Elasticsearch (skipped: ELASTICSEARCH_URL not set)', () => {
  test.each(CAPTURES)('takes the documents of %s and gives the same back', async (capture) => {
    const bulk = await writtenFor('elasticsearch', 'bulk.ndjson', capture, '--packets')
    // Data streams of this run only, so that the server may hold whatever it held before.
    const namespace = `test${process.pid}x${CAPTURES.indexOf(capture)}`
    const body = bulk.replaceAll(/^(\{"create":\{"_index":"[^"]*-)default"/gm, `$1${namespace}"`)
    const template = { index_patterns: [`*-geneve.*-${namespace}`], data_stream: {}, priority: 500 }
    await call('PUT', `/_index_template/${namespace}`, JSON.stringify(template))
    try {
      const first = await call<BulkAnswer>('POST', '/_bulk?refresh=true', body)
      expect(first.items.map(({ create }) => create.error).filter((error) => error !== undefined)).toEqual([])
      expect(first.items.length).toBe(linesOf(body).length / 2)

      // The ids are deterministic: the same capture once more adds nothing.
      const second = await call<BulkAnswer>('POST', '/_bulk?refresh=true', body)
      expect(new Set(second.items.map(({ create }) => create.status))).toEqual(new Set([409]))

      const found = await call<{ hits: { hits: readonly { _source: { event: { id: string } } }[] } }>(
        'GET',
        `/logs-geneve.flow-${namespace}/_search?size=10000`,
      )
      const back = found.hits.hits.map(({ _source }) => _source)
      const flows = await flowsOf(capture)
      const observed = (text: string): unknown => JSON.parse(text.replaceAll(/"(observer|host)":\{[^}]*\}/g, '"$1":{}'))
      const byId = (documents: readonly { event: { id: string } }[]) =>
        documents.toSorted((a, b) => a.event.id.localeCompare(b.event.id)).map((document) => observed(JSON.stringify(document)))
      expect(byId(back)).toEqual(byId(flows))
    } finally {
      await call('DELETE', `/_data_stream/*-geneve.*-${namespace}`)
      await call('DELETE', `/_index_template/${namespace}`)
    }
  })
})
