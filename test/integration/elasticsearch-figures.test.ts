import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Encoded, Exporter } from '@geneve-telemetry/core'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import wire from '@geneve-telemetry/exporter-elasticsearch'
import openSearchWire from '@geneve-telemetry/exporter-elasticsearch/opensearch'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'
import { flowsOf, linesOf, writtenFor } from './written.ts'

// What arrives is held against what `flows` prints and what tshark says of each frame.

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME = '', ELASTICSEARCH_PASSWORD = '', OPENSEARCH_URL } = process.env
const captures = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'captures')
const IPERF = join(captures, 'ovs-iperf3.pcapng')
const OTHER = join(captures, 'ovs-gwlb-v4.pcap')
const missing = !existsSync(IPERF)
const signal = new AbortController().signal
const namespace = `figures${process.pid}`

interface FlowDocument {
  readonly source: { readonly ip: string; readonly port: number; readonly packets: number }
  readonly destination: { readonly ip: string; readonly port: number; readonly packets: number }
  readonly network: { readonly packets: number }
  readonly geneve: { readonly tunnel: { readonly bytes: number } }
  readonly event: { readonly id: string }
}

/** What `run` writes for files, as the records that it is made of. */
async function recordsOf(capture: string): Promise<readonly Encoded[]> {
  const lines = linesOf(await writtenFor('elasticsearch', 'bulk.ndjson', capture)).map((line) =>
    line.replace(/^(\{"create":\{"_index":"[^"]*-)default"/, `$1${namespace}"`),
  )
  return lines.flatMap((line, index) => {
    if (index % 2 === 1) return []
    const kind = line.includes('"logs-geneve.flow-') ? 'flow' : 'metric'
    return { id: JSON.parse(line).create._id, kind, bytes: new TextEncoder().encode(`${line}\n${lines[index + 1]}\n`) }
  })
}

/** Packets and bytes of frames by what tshark has as addresses and ports of the innermost packet, both directions together. */
function tsharkFlows(capture: string): ReadonlyMap<string, { readonly packets: number; readonly bytes: number }> {
  const [header = '', ...rows] = readFileSync(`${capture}.tsv`, 'utf8').trimEnd().split('\n')
  const columns = header.split('\t')
  const flows = new Map<string, { packets: number; bytes: number }>()
  for (const row of rows) {
    const values = row.split('\t')
    const last = (column: string): string => values[columns.indexOf(column)]?.split('|').at(-1) ?? ''
    const key = keyOf(`${last('ip.src')} ${last('tcp.srcport')}`, `${last('ip.dst')} ${last('tcp.dstport')}`)
    const flow = flows.get(key) ?? { packets: 0, bytes: 0 }
    flows.set(key, { packets: flow.packets + 1, bytes: flow.bytes + Number(last('frame.len')) })
  }
  return flows
}

const keyOf = (one: string, other: string): string => [one, other].sort().join(' - ')

describe.each([
  { name: 'Elasticsearch', server: ELASTICSEARCH_URL, make: wire, variable: 'ELASTICSEARCH_URL' },
  { name: 'OpenSearch', server: OPENSEARCH_URL, make: openSearchWire, variable: 'OPENSEARCH_URL' },
])('what arrives in a real $name (skipped: $variable not set, or no captures)', ({ server = '', make }) => {
  const authorization = `Basic ${Buffer.from(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`).toString('base64')}`

  async function call<T>(path: string, method = 'GET'): Promise<T> {
    const response = await fetch(server + path, { method, headers: { authorization } })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  async function found(stream: string): Promise<readonly FlowDocument[]> {
    await call(`/${stream}/_refresh`, 'POST')
    const { hits } = await call<{ hits: { hits: readonly { _source: FlowDocument }[] } }>(`/${stream}/_search?size=10000`)
    return hits.hits.map(({ _source }) => _source)
  }

  test.skipIf(server === '' || missing)('is what tshark and flows say, each once, of two captures', async () => {
    const url = new URL(`${server}?namespace=${namespace}`)
    const exporter = (await make({
      url,
      environment: process.env,
      readFile,
      vendors: builtInVendors,
      flows: true,
      live: false,
    })) as Exporter
    try {
      await exporter.start?.(signal)
      const batch = await recordsOf(IPERF)
      // The second time changes nothing.
      for (let time = 0; time < 2; time++) expect(await exporter.send(batch, signal)).toEqual({ retry: [], rejected: [] })

      const documents = await found(`logs-geneve.flow-${namespace}`)
      const arrived = documents.map(({ source, destination, network, geneve }) => [
        keyOf(`${source.ip} ${source.port}`, `${destination.ip} ${destination.port}`),
        { packets: network.packets, bytes: geneve.tunnel.bytes },
      ])
      expect(Object.fromEntries(arrived)).toEqual(Object.fromEntries(tsharkFlows(IPERF)))
      const printed = await flowsOf(IPERF)
      expect(new Set(documents.map(({ event }) => event.id))).toEqual(new Set(printed.map(({ event }) => event.id)))
      const packets = (of: readonly { readonly network: { readonly packets: number } }[]): number =>
        of.reduce((sum, { network }) => sum + network.packets, 0)
      expect(packets(documents)).toBe(packets(printed))
      expect((await found(`metrics-geneve.history-${namespace}`)).length).toBe(batch.filter(({ kind }) => kind === 'metric').length)

      const other = await recordsOf(OTHER)
      expect(await exporter.send(other, signal)).toEqual({ retry: [], rejected: [] })
      const flows = [...batch, ...other].filter(({ kind }) => kind === 'flow')
      expect((await found(`logs-geneve.flow-${namespace}`)).length).toBe(flows.length)
    } finally {
      await exporter.close?.()
      await call(`/_data_stream/*-geneve.*-${namespace}`, 'DELETE')
    }
  })
})
