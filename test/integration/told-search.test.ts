import type { ToldValue } from '@geneve-telemetry/core'
import { valueTypeOf } from '@geneve-telemetry/core'
import elasticWire from '@geneve-telemetry/exporter-elasticsearch'
import openSearchWire from '@geneve-telemetry/exporter-elasticsearch/opensearch'
import { describe, expect, test } from 'vitest'
import {
  DELIVERED,
  exporterAt,
  FIELDS,
  JUST_UNSAFE,
  MOST,
  MOST_SIGNED,
  never,
  RUN,
  send,
  toldRecord,
  wholeValues,
  written,
} from './told-record.ts'

// A record with every field goes to real servers and comes back with the same values, numbers of 64 bits too where the server has room for them.

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '', OPENSEARCH_URL } = process.env

/** Values by the name of their field, numbers in full. */
const texts = (values: Readonly<Record<string, ToldValue>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)]))

test('the record has every field, and is the same behind the encoder, packets, decoder and merging', () => {
  for (const most of [0n, JUST_UNSAFE, MOST]) {
    const values = wholeValues(most)
    expect(Object.keys(values)).toHaveLength(FIELDS.length)
    const record = toldRecord(values, RUN)
    expect(record).toMatchObject({ subject: { type: 'nat_gateway_id', id: values['nat_gateway_id'] }, reason: 'new' })
    expect(texts(record.values)).toEqual(texts(values))
  }
})

describe.each([
  // Stands in `long` for `unsigned_long`, so 2^63 - 1 is the most that it can show.
  { name: 'Elasticsearch', server: ELASTICSEARCH_URL, wire: elasticWire, sizes: [JUST_UNSAFE, MOST_SIGNED], beyond: MOST },
  { name: 'OpenSearch', server: OPENSEARCH_URL, wire: openSearchWire, sizes: [JUST_UNSAFE, MOST_SIGNED, MOST], beyond: undefined },
])('a real $name (skipped: its URL is not set)', ({ server = '', wire, sizes, beyond }) => {
  const only = test.skipIf(server === '')
  const namespace = `${RUN}${wire === elasticWire ? 'e' : 'o'}`
  const stream = `logs-geneve.telemetry-${namespace}`
  const unsigned = FIELDS.filter((field) => valueTypeOf(field) === 'unsigned64')

  async function call(path: string, method: string, body?: string): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json' }
    const response = await fetch(`${server}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text
  }

  /** Numbers as the server wrote them. */
  const exact = (text: string): unknown =>
    JSON.parse(text, (_, value, context?: { source?: string }) => (typeof value === 'number' ? (context?.source ?? value) : value))

  interface Hit {
    readonly _source: Readonly<Record<string, unknown>>
    readonly fields: Readonly<Record<string, readonly string[]>>
  }

  async function hits(query: string, fields: readonly string[] = []): Promise<readonly Hit[]> {
    const found = await call(`/${stream}/_search`, 'POST', `{"query":${query},"docvalue_fields":${JSON.stringify(fields)}}`)
    return (exact(found) as { hits: { hits: readonly Hit[] } }).hits.hits
  }

  /** The only document of an observer; the server gives 100 fields of the index at most in one answer. */
  async function documentOf(observer: string): Promise<Hit> {
    const names = FIELDS.map(({ ecs }) => ecs)
    const parts = await Promise.all(
      [names.slice(0, 100), names.slice(100)].map((some) => hits(`{"term":{"observer.name":"${observer}"}}`, some)),
    )
    expect(parts.map(({ length }) => length)).toEqual([1, 1])
    const [[one], [other]] = parts as unknown as readonly [[Hit], [Hit]]
    return { _source: one._source, fields: { ...one.fields, ...other.fields } }
  }

  const inSource = (source: unknown, path: string): unknown =>
    path.split('.').reduce((object, key) => (object as Record<string, unknown> | undefined)?.[key], source)

  only(
    'gives every field back, in the document and in its index',
    async () => {
      const exporter = await exporterAt(wire, `${server}?namespace=${namespace}`)
      try {
        await exporter.start?.(never)
        for (const most of sizes) {
          const record = toldRecord(wholeValues(most), `${RUN}-${most}`)
          expect(await send(exporter, record)).toEqual(DELIVERED)
          await call(`/${stream}/_refresh`, 'POST')
          const { _source, fields } = await documentOf(`${RUN}-${most}`)
          for (const { name, ecs, list } of FIELDS) {
            const told = record.values[name] as ToldValue
            expect([name, written(inSource(_source, ecs) as ToldValue)]).toEqual([
              name,
              written(typeof told === 'number' ? String(told) : told),
            ])
            // The index has a list's texts sorted; an address as text, a float in the server's own digits.
            const indexed = fields[ecs] ?? []
            if (list) expect(indexed).toEqual([...(told as readonly string[])].sort())
            else if (typeof told === 'number') expect([name, indexed.map(Number)]).toEqual([name, [told]])
            else expect([name, indexed.map(String)]).toEqual([name, [String(told)]])
          }
          // And is found by exactly this number.
          for (const { ecs } of unsigned) {
            const of = (value: bigint) =>
              hits(`{"bool":{"filter":[{"term":{"observer.name":"${RUN}-${most}"}},{"term":{"${ecs}":${value}}}]}}`)
            expect(await of(most)).toHaveLength(1)
            expect(await of(most - 1n)).toHaveLength(0)
          }
        }
        if (beyond !== undefined) {
          const { rejected } = await send(exporter, toldRecord(wholeValues(beyond), `${RUN}-${beyond}`))
          expect(rejected).toEqual([
            {
              index: 0,
              reason: expect.stringMatching(/^400 document_parsing_exception: failed to parse field \[[\w.]+\] of type \[long\]$/),
            },
          ])
        }
      } finally {
        await exporter.close?.()
        await call(`/_data_stream/*-geneve.*-${namespace}`, 'DELETE')
      }
    },
    60_000,
  )
})
