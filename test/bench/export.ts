import { setTimeout as delay } from 'node:timers/promises'
import { Client } from '@elastic/elasticsearch'
import type { Rejected } from '@geneve-telemetry/core'
import { elasticsearch, elasticsearchExporter, elasticTransport } from '@geneve-telemetry/exporter-elasticsearch'
import { influxdb, influxdbExporter } from '@geneve-telemetry/exporter-influxdb'
import { GeneveMetricProducer, otlpMetricsSink } from '@geneve-telemetry/exporter-opentelemetry'
import { InfluxDB } from '@influxdata/influxdb-client'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { type ExportSpeed, type Race, raceOf, readyBodies, throughOutlet } from './export-race.ts'
import { flows, packets, series } from './export-records.ts'
import type { Figures } from './figures.ts'

const RECORDS = 50_000
const SERIES = 10_000
/** Longer than a collector on one processor writes 40,000 points to a file, a page and a log. */
const COLLECTOR_WRITES_MS = 3_000
const NEVER = new AbortController().signal

/** A backend is measured where its variables are set, as `../shared/backends` sets them. */
const BACKENDS: Readonly<Record<string, { readonly variable: string; readonly race: (url: string) => Race }>> = {
  elasticsearch: { variable: 'ELASTICSEARCH_URL', race: elasticsearchRace },
  influxdb: { variable: 'INFLUXDB2_URL', race: influxdbRace },
  otlp: { variable: 'OTLP_HTTP_URL', race: otlpRace },
}

/** How fast records are sent, beside the backend's client alone. */
export async function exportSpeeds(say: (text: string) => void): Promise<Pick<Figures, 'exports' | 'collection' | 'missing'>> {
  const exports: Record<string, ExportSpeed> = {}
  const missing: string[] = []
  for (const [name, { variable, race }] of Object.entries(BACKENDS)) {
    const url = process.env[variable]
    if (url === undefined || url === '') {
      missing.push(`export to ${name}: ${variable} is not set`)
      continue
    }
    say(`export to ${name}`)
    exports[name] = await raceOf(race(url))
  }
  return { exports, collection: await collectionSeconds(), missing }
}

/** Packets as `_bulk`, to data streams that are deleted afterwards. */
function elasticsearchRace(node: string): Race {
  const records = packets(RECORDS)
  const username = process.env['ELASTICSEARCH_USERNAME'] ?? ''
  const client = new Client({ node, auth: { username, password: process.env['ELASTICSEARCH_PASSWORD'] ?? '' }, maxRetries: 0 })
  const namespace = (round: number): string => `bench${process.pid}.${round}`
  return {
    records,
    bare: async (round) => {
      const bodies = readyBodies(elasticsearch({ namespace: namespace(round) }), records).map((body) => Buffer.from(body))
      return async () => {
        for (const operations of bodies) {
          const path = '/_bulk?filter_path=errors'
          const { errors } = await client.transport.request<{ errors: boolean }>(
            { method: 'POST', path, bulkBody: operations },
            { headers: { 'content-type': 'application/x-ndjson', accept: 'application/json' } },
          )
          if (errors) throw new Error('a document was refused')
        }
      }
    },
    ours: (round) => async () => {
      const transport = { request: elasticTransport(client).request }
      await throughOutlet(elasticsearchExporter({ transport, namespace: namespace(round), setup: 'off' }), records)
    },
    after: (round) => client.indices.deleteDataStream({ name: `logs-geneve.packet-${namespace(round)}` }),
  }
}

/** Flows as points, compressed in both cases. */
function influxdbRace(url: string): Race {
  const records = flows(RECORDS)
  const [org = '', bucket = ''] = [process.env['INFLUXDB2_ORG'], process.env['INFLUXDB2_BUCKET']]
  const client = new InfluxDB({ url, token: process.env['INFLUXDB2_TOKEN'] ?? '', timeout: 60_000 })
  const observed = (round: number): typeof records => records.map((record) => ({ ...record, observer: `bench-${process.pid}-${round}` }))
  return {
    records,
    bare: async (round) => {
      const bodies = readyBodies(influxdb({ flows: true }), observed(round)).map((body) => new TextDecoder().decode(body))
      const path = `/api/v2/write?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}&precision=ns`
      const options = { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, gzipThreshold: 0 }
      return async () => {
        for (const body of bodies) await client.transport.request(path, body, options)
      }
    },
    ours: (round) => {
      const mine = observed(round)
      return () => throughOutlet(influxdbExporter({ client, org, bucket, flows: true }), mine)
    },
  }
}

/**
 * One interval of many series; the client alone is given the same points as the SDK's objects. A collector answers before it has written what it took, so that
 * whoever comes next would pay for those before: each round waits for that.
 */
function otlpRace(url: string): Race {
  const records = series(SERIES)
  const client = new OTLPMetricExporter({ url: `${url}/v1/metrics` })
  return {
    records,
    bare: async () => {
      const producer = new GeneveMetricProducer({ cardinalityLimit: SERIES })
      for (const record of records) taken(producer.add(record))
      const { resourceMetrics } = await producer.collect()
      return () =>
        new Promise((resolve, reject) => {
          client.export(resourceMetrics, ({ code, error }) => (code === 0 ? resolve() : reject(error)))
        })
    },
    ours: () => async () => {
      const sink = await otlpMetricsSink({ url, gzip: false, cardinalityLimit: SERIES })
      for (const record of records) taken(sink.take(record))
      const receipts = await sink.push(NEVER)
      if (receipts.some(({ fate }) => fate !== 'delivered')) throw new Error(`not all records arrived: ${JSON.stringify(receipts)}`)
      await sink.close?.()
    },
    after: () => delay(COLLECTOR_WRITES_MS),
  }
}

function taken(refusal: Rejected | undefined): void {
  if (refusal !== undefined) throw new Error(refusal.rejected)
}

/** What one collection of many cumulative series costs, each with a new interval: taking the records, and `collect`. */
async function collectionSeconds(): Promise<{ readonly series: number; readonly addSeconds: number; readonly collectSeconds: number }> {
  const producer = new GeneveMetricProducer({ cardinalityLimit: SERIES })
  let [addSeconds, collectSeconds] = [Infinity, Infinity]
  for (let minute = 0; minute < 10; minute++) {
    const records = series(SERIES, minute)
    const began = performance.now()
    for (const record of records) taken(producer.add(record))
    const added = performance.now()
    await producer.collect()
    addSeconds = Math.min(addSeconds, (added - began) / 1000)
    collectSeconds = Math.min(collectSeconds, (performance.now() - added) / 1000)
  }
  return { series: SERIES, addSeconds, collectSeconds }
}
