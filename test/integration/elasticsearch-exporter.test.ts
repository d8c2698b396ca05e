import { readFile } from 'node:fs/promises'
import type { Encoded, Exporter, TelemetryRecord, Wiring } from '@geneve-telemetry/core'
import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord, sampleToldRecord } from '@geneve-telemetry/core/testing'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import wire from '@geneve-telemetry/exporter-elasticsearch'
import openSearchWire from '@geneve-telemetry/exporter-elasticsearch/opensearch'
import { describe, expect, test } from 'vitest'

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '', OPENSEARCH_URL } = process.env
const signal = new AbortController().signal

const NOW = Math.floor(Date.now() / 1000)
/** Names nothing else on the server has. */
const run = `run${process.pid}x${NOW}`

function wiring(url: string, live = false): Wiring {
  return { url: new URL(url), environment: process.env, readFile, vendors: builtInVendors, flows: true, live }
}

async function elasticsearchAt(query = `namespace=${run}`, live = false): Promise<Exporter> {
  return (await wire(wiring(`${ELASTICSEARCH_URL}?${query}`, live))) as Exporter
}

function encode(exporter: Exporter, ...records: readonly TelemetryRecord[]): readonly Encoded[] {
  return records.map((record) => {
    const encoded = exporter.encode(record)
    if (isRejected(encoded)) throw new Error(encoded.rejected)
    return encoded
  })
}

async function call<T>(server: string, path: string, method = 'GET'): Promise<T> {
  const authorization = `Basic ${Buffer.from(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`).toString('base64')}`
  const response = await fetch(`${server}${path}`, { method, headers: { authorization } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** All documents of a data stream. */
async function documents(server: string, stream: string): Promise<readonly Record<string, unknown>[]> {
  await call(server, `/${stream}/_refresh`, 'POST')
  const found = await call<{ hits: { hits: readonly { _source: Record<string, unknown> }[] } }>(server, `/${stream}/_search?size=10000`)
  return found.hits.hits.map(({ _source }) => _source)
}

const minute = { start: { seconds: NOW - 60, nanos: 0 }, end: { seconds: NOW, nanos: 0 } }
const metric = { ...sampleMetricRecord(), points: { packets: { type: 'sum' as const, value: 18 } } }
const DELIVERED = { retry: [], rejected: [] }

describe.each([
  { name: 'Elasticsearch', server: ELASTICSEARCH_URL, make: wire, variable: 'ELASTICSEARCH_URL' },
  { name: 'OpenSearch', server: OPENSEARCH_URL, make: openSearchWire, variable: 'OPENSEARCH_URL' },
])('a real $name (skipped: $variable not set)', ({ server = '', make }) => {
  const only = test.skipIf(server === '')

  only('gets each record once, with the templates of its data stream', async () => {
    const exporter = (await make(wiring(`${server}?namespace=${run}`))) as Exporter
    try {
      await exporter.start?.(signal)
      const batch = encode(exporter, samplePacketRecord(), sampleFlowRecord(), sampleToldRecord(), metric, {
        ...metric,
        id: 'another-traffic-10',
      })
      expect(await exporter.send(batch, signal)).toEqual(DELIVERED)
      expect(await exporter.send(batch, signal)).toEqual(DELIVERED)
      for (const [stream, count] of [
        [`logs-geneve.packet-${run}`, 1],
        [`logs-geneve.flow-${run}`, 1],
        [`logs-geneve.telemetry-${run}`, 1],
        [`metrics-geneve.history-${run}`, 2],
      ] as const) {
        expect(await documents(server, stream)).toHaveLength(count)
      }
      const [flow] = await documents(server, `logs-geneve.flow-${run}`)
      expect(flow).toEqual(JSON.parse(new TextDecoder().decode(batch[1]!.bytes).split('\n')[1]!))
      const mapping = await call<Record<string, { mappings: object }>>(server, `/logs-geneve.flow-${run}/_mapping`)
      expect(Object.values(mapping)[0]?.mappings).toMatchObject({
        properties: {
          source: { properties: { ip: { type: 'ip' }, bytes: { type: 'long' } } },
          geneve: { properties: { vni: { type: 'long' } } },
        },
      })
      const installed = await exporter.setup?.(signal)
      expect(installed?.length).toBe(8)
      expect(await exporter.setup?.(signal)).toEqual(installed)
    } finally {
      await exporter.close?.()
      await call(server, `/_data_stream/*-geneve.*-${run}`, 'DELETE')
    }
  })
})

describe.skipIf(ELASTICSEARCH_URL === undefined)('a time series of a real Elasticsearch (skipped: ELASTICSEARCH_URL not set)', () => {
  test('has a point for each origin, and each once', async () => {
    const exporter = await elasticsearchAt(`namespace=${run}live`, true)
    try {
      await exporter.start?.(signal)
      const batch = encode(exporter, { ...metric, ...minute, id: 'one-traffic-1' }, { ...metric, ...minute, id: 'two-traffic-1' })
      expect(await exporter.send(batch, signal)).toEqual(DELIVERED)
      expect(await exporter.send(batch, signal)).toEqual(DELIVERED)
      const stream = `metrics-geneve.rollup-${run}live`
      expect(await documents(ELASTICSEARCH_URL!, stream)).toHaveLength(2)
      const settings = await call<Record<string, { settings: { index: { mode: string } } }>>(ELASTICSEARCH_URL!, `/${stream}/_settings`)
      expect(Object.values(settings)[0]?.settings.index.mode).toBe('time_series')
      const old = encode(exporter, { ...metric, id: 'one-traffic-0', start: { seconds: 1_600_000_000, nanos: 0 } })
      const { rejected } = await exporter.send(old, signal)
      expect(rejected).toEqual([{ index: 0, reason: expect.stringMatching(/^400 /) }])
    } finally {
      await exporter.close?.()
      await call(ELASTICSEARCH_URL!, `/_data_stream/*-geneve.*-${run}live`, 'DELETE')
    }
  })

  test('a wrong password, and TLS where there is none, are told at the start', async () => {
    const wrong = {
      ...wiring(ELASTICSEARCH_URL!),
      environment: { ELASTICSEARCH_USERNAME: 'test', ELASTICSEARCH_PASSWORD: 'not-the-password' },
    }
    const exporter = (await wire(wrong)) as Exporter
    await expect(exporter.start?.(signal)).rejects.toThrow(/^http:\S+: refuses the user name and password, or the API key \(401\)$/)
    await exporter.close?.()
    const tls = (await wire(wiring(ELASTICSEARCH_URL!.replace('http:', 'https:')))) as Exporter
    await expect(tls.start?.(signal)).rejects.toThrow(/^https:\S+: there is no TLS /)
    await tls.close?.()
  })
})

describe.skipIf(OPENSEARCH_URL === undefined)('a real OpenSearch, taken for Elasticsearch (skipped: OPENSEARCH_URL not set)', () => {
  test('is named', async () => {
    const exporter = (await wire(wiring(OPENSEARCH_URL!))) as Exporter
    await expect(exporter.start?.(signal)).rejects.toThrow(/opensearch=URL/)
    await exporter.close?.()
  })
})
