import { afterAll, expect, test } from 'vitest'
import { LoopbackServer, type ReceivedRequest } from '../loopback-server.ts'
import { Example } from './example.ts'

interface Document {
  readonly event: { readonly start: string }
}

/** The documents that were indexed. */
const documents: Document[] = []

/** Takes documents, and finds all of them, the flow that began first before the others. */
function answer({ method, path, body }: ReceivedRequest): object {
  if (method === 'GET') return { version: { number: '9.5.3' } }
  if (path.startsWith('/_bulk')) return { errors: false, items: indexed(new TextDecoder().decode(body)) }
  if (!path.endsWith('/_search')) return { acknowledged: true }
  const hits = documents.toSorted((a, b) => a.event.start.localeCompare(b.event.start)).map((_source) => ({ _source }))
  return { hits: { hits } }
}

function indexed(bulk: string): readonly object[] {
  const added = bulk.split('\n').filter((line, index) => line !== '' && index % 2 === 1)
  documents.push(...added.map((line) => JSON.parse(line) as Document))
  return added.map(() => ({ create: { status: 201 } }))
}

const headers = { 'content-type': 'application/vnd.elasticsearch+json', 'x-elastic-product': 'Elasticsearch' }
const server = await LoopbackServer.start((request) => ({ status: 200, headers, body: JSON.stringify(answer(request)) }))
afterAll(() => server.close())

test('prints what its README says, and says who asks', async () => {
  const example = new Example('elasticsearch-index')
  const variables = {
    ELASTICSEARCH_URL: server.url,
    ELASTICSEARCH_USERNAME: 'elastic',
    ELASTICSEARCH_PASSWORD: 'secret',
    NAMESPACE: 'mine',
  }
  expect(await example.start(variables)).toBe(example.file('expected.txt'))
  expect(new Set(server.received.map(({ headers }) => headers['authorization']))).toEqual(new Set([`Basic ${btoa('elastic:secret')}`]))
  expect(server.received.map(({ path }) => path)).toContain('/logs-geneve.flow-mine/_search')
})
