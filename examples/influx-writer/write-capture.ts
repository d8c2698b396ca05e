import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { influxdbExporter } from '@geneve-telemetry/exporter-influxdb'
import { ExporterOutlet, run, undelivered } from '@geneve-telemetry/pipeline'
import { InfluxDB } from '@influxdata/influxdb-client'

const { INFLUX_URL, INFLUX_TOKEN = '', INFLUX_ORG = '', INFLUX_BUCKET = '', OBSERVER = 'example' } = process.env
const [capture] = process.argv.slice(2)
if (INFLUX_URL === undefined || capture === undefined) throw new Error('usage: INFLUX_URL=URL INFLUX_TOKEN=… node write-capture.ts CAPTURE')

// The program's own client. Delivery ends what takes too long, so the client need not.
const client = new InfluxDB({ url: INFLUX_URL, token: INFLUX_TOKEN, timeout: 0 })

const exporter = influxdbExporter({ client, org: INFLUX_ORG, bucket: INFLUX_BUCKET, vendors: builtInVendors })
const optionTable = new OptionTable(builtInVendors)
const { packets, outlets, failure } = await run({
  source: openCapture(capture),
  rules: new DecodeRules([6081], optionTable.roles),
  observer: OBSERVER,
  outlets: [new ExporterOutlet(exporter)],
  stage: (context) => {
    const traffic = new Traffic({ ...context, optionTable, intervalSeconds: 10 })
    return new FlowTable({ ...context, optionTable, records: false, analyzers: [traffic] })
  },
})

console.log(`${packets.read} packets read`)
for (const { outlet, kinds } of outlets) {
  for (const [kind, { offered, delivered }] of Object.entries(kinds)) console.log(`${outlet}: ${delivered} of ${offered} ${kind} records`)
}
if (failure !== undefined || outlets.some((outlet) => undelivered(outlet) > 0)) process.exitCode = 1
