import { influxdbDashboard } from './influxdb.ts'
import { kibanaObjects } from './kibana.ts'
import { prometheusDashboard } from './prometheus.ts'

/** What this folder makes: texts by their paths under docker/. */
export function generated(): ReadonlyMap<string, string> {
  return new Map([
    ['grafana/dashboards/prometheus.json', json(prometheusDashboard())],
    ['grafana/dashboards/influxdb.json', json(influxdbDashboard())],
    ['kibana/geneve.ndjson', kibanaObjects()],
  ])
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
