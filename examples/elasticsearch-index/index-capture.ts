import { Client } from '@elastic/elasticsearch'
import { FlowTable } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { elasticsearchExporter, elasticTransport } from '@geneve-telemetry/exporter-elasticsearch'
import { ExporterOutlet, run, undelivered } from '@geneve-telemetry/pipeline'

const { ELASTICSEARCH_URL, ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD = '', NAMESPACE = 'default' } = process.env
const [capture] = process.argv.slice(2)
if (ELASTICSEARCH_URL === undefined || capture === undefined) throw new Error('usage: ELASTICSEARCH_URL=URL node index-capture.ts CAPTURE')

// The program's own client, with whatever TLS, proxy or login it needs.
const client = new Client({
  node: ELASTICSEARCH_URL,
  ...(ELASTICSEARCH_USERNAME === undefined ? {} : { auth: { username: ELASTICSEARCH_USERNAME, password: ELASTICSEARCH_PASSWORD } }),
})

// Only the way there: with `close`, the exporter would close the client at the end, which this program goes on to use.
const { request } = elasticTransport(client)
const exporter = elasticsearchExporter({ transport: { request }, vendors: builtInVendors, namespace: NAMESPACE })
const optionTable = new OptionTable(builtInVendors)
const { packets, outlets, failure } = await run({
  source: openCapture(capture),
  rules: new DecodeRules([6081], optionTable.roles),
  observer: 'example',
  outlets: [new ExporterOutlet(exporter)],
  stage: (context) => new FlowTable({ ...context, optionTable }),
})

console.log(`${packets.read} packets read`)
for (const { outlet, kinds } of outlets) {
  for (const [kind, { offered, delivered }] of Object.entries(kinds)) console.log(`${outlet}: ${delivered} of ${offered} ${kind} records`)
}
if (failure !== undefined || outlets.some((outlet) => undelivered(outlet) > 0)) process.exitCode = 1

/** As much of a flow's document as is shown. */
interface Flow {
  readonly source: { readonly ip: string; readonly packets: number; readonly bytes: number }
  readonly destination: { readonly ip: string; readonly packets: number; readonly bytes: number }
  readonly network: { readonly transport: string }
}

const index = `logs-geneve.flow-${NAMESPACE}`
await client.indices.refresh({ index })
const found = await client.search<Flow>({ index, size: 10, sort: ['event.start'] })
for (const { _source: flow } of found.hits.hits) {
  if (flow === undefined) continue
  const { source, destination, network } = flow
  const [there, back] = [source, destination].map(({ packets, bytes }) => `${packets} packets, ${bytes} bytes`)
  console.log(`${network.transport} ${source.ip} > ${destination.ip}: ${there}; back ${back}`)
}
await client.close()
