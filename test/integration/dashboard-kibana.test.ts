import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demonstration } from './demonstration.ts'
import { type LensSearch, lensSearches } from './lens-search.ts'

// Whether each panel of Kibana's dashboard has an answer, from a real Elasticsearch with the program's own templates, after the
// demonstration's program has run. Kibana itself is not to be had here: its objects are taken apart, and what Lens would ask is asked.

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME: username = '', ELASTICSEARCH_PASSWORD: password = '' } = process.env
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
/** Data streams of this run only. */
const namespace = `dashboard${process.pid}`

async function call<T>(method: string, path: string, body?: string): Promise<T> {
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(`${ELASTICSEARCH_URL}${path}`, { method, headers, ...(body !== undefined && { body }) })
  const answer = (await response.json()) as T
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

/** The data view's pattern, for this run's data streams. */
function narrowed(pattern: string): string {
  return pattern.endsWith('-*') ? pattern.replace(/\*$/, namespace) : `${pattern}-${namespace}`
}

type Aggregated = Readonly<Record<string, { value?: number | null; buckets?: readonly Bucket[] }>>
type Bucket = Aggregated & { readonly doc_count: number }

/** The figures of the innermost buckets. */
function figuresOf(
  found: Aggregated,
  { buckets: [first, ...inner], figure }: Pick<LensSearch, 'buckets' | 'figure'>,
  count: number,
): readonly number[] {
  if (first === undefined) return [figure.isCount ? count : (found[figure.name]?.value ?? 0)]
  return (found[first]?.buckets ?? []).flatMap((bucket) => figuresOf(bucket, { buckets: inner, figure }, bucket.doc_count))
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  date_histogram: ['date'],
  terms: ['keyword', 'ip', 'long'],
  sum: ['long'],
  max: ['date', 'long'],
}

/** Three of the program's intervals, and flows that have ended. */
const RUN_MS = 32_000

describe.skipIf(ELASTICSEARCH_URL === undefined)('the dashboard of Kibana (skipped: ELASTICSEARCH_URL not set)', () => {
  beforeAll(async () => {
    const environment = { ELASTICSEARCH_USERNAME: username, ELASTICSEARCH_PASSWORD: password }
    await demonstration('program-elastic', `${ELASTICSEARCH_URL}?namespace=${namespace}`, RUN_MS, environment)
    await call('POST', `/*-geneve.*-${namespace}/_refresh`)
  })
  afterAll(async () => {
    await call('DELETE', `/_data_stream/*-geneve.*-${namespace}`)
  })

  test.each(lensSearches())('$panel', async (search) => {
    const index = narrowed(search.pattern)
    const names = [...new Set(search.fields.map(({ field }) => field))].join()
    const { fields } = await call<{ fields: Record<string, Record<string, unknown>> }>(
      'GET',
      `/${index}/_field_caps?fields=${names === '' ? '@timestamp' : names}`,
    )
    for (const { field, use } of search.fields) {
      const types = Object.keys(fields[field] ?? {})
      expect([field, types]).toEqual([field, types.filter((type) => TYPES[use]?.includes(type))])
      expect([field, types.length]).toEqual([field, 1])
    }
    const found = await call<{ hits: { total: { value: number } }; aggregations?: Aggregated }>(
      'POST',
      `/${index}/_search`,
      JSON.stringify(search.body),
    )
    const figures = figuresOf(found.aggregations ?? {}, search, found.hits.total.value)
    expect(figures.filter((figure) => figure > 0).length, JSON.stringify(search.body)).toBeGreaterThan(0)
  })
})
