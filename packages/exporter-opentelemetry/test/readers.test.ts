import type { MetricSource } from '@geneve-telemetry/core'
import * as otlp3 from '@opentelemetry/exporter-metrics-otlp-http'
import * as prometheus3 from '@opentelemetry/exporter-prometheus'
import * as sdk3 from '@opentelemetry/sdk-metrics'
import * as otlp2 from 'exporter-metrics-otlp-http-2'
import * as prometheus2 from 'exporter-prometheus-2'
import * as sdk2 from 'sdk-metrics-2'
import { describe, expect, test } from 'vitest'
import { LoopbackServer } from '../../../test/loopback-server.ts'
import { GeneveMetricProducer, instrument } from '../src/index.ts'
import { traffic } from './records.ts'

interface Line {
  readonly sdk: typeof sdk3
  readonly otlp: typeof otlp3
  readonly prometheus: typeof prometheus3
}

const LINES: readonly (readonly [string, Line])[] = [
  ['2', { sdk: sdk2, otlp: otlp2, prometheus: prometheus2 } as unknown as Line],
  ['3', { sdk: sdk3, otlp: otlp3, prometheus: prometheus3 }],
]

const broken: MetricSource = {
  collect: () => {
    throw new Error('broken')
  },
}
const healthy: MetricSource = { collect: () => [{ ...traffic, points: { packets: { type: 'sum', value: 7 } } }] }

/** A producer that was given figures of every kind, good and bad. */
function fed(): GeneveMetricProducer {
  const producer = new GeneveMetricProducer({ history: false })
  for (const value of [1, Number.NaN, 2, -1, 2n ** 64n]) producer.add({ ...traffic, points: { flows: { type: 'sum', value } } })
  return producer
}

describe.each(LINES)('a program with its own metrics, SDK %s', (_, { sdk, otlp, prometheus }) => {
  test('keeps them on its page for Prometheus, with ours on it', async () => {
    const exporter = new prometheus.PrometheusExporter({ preventServerStart: true, metricProducers: [fed()] })
    const provider = new sdk.MeterProvider({ readers: [exporter] })
    provider.getMeter('theirs').createCounter('theirs').add(3)
    instrument(provider, broken, { onError: () => undefined })
    instrument(provider.getMeter('second'), healthy)
    let page = ''
    const response = { setHeader: () => undefined, end: (text: string) => (page = text), statusCode: 0 }
    exporter.getMetricsRequestHandler({} as never, response as never)
    await expect.poll(() => page).toMatch(/^theirs_total(\{[^\n]*\})? 3$/m)
    expect(page).toMatch(/^geneve_traffic_packets_total\{[^\n]*geneve_vni="10"[^\n]*\} 7$/m)
    expect(page.match(/^geneve_traffic_flows_total\{[^\n]* 3$/gm)).toHaveLength(1)
    await provider.shutdown()
  })

  test('keeps them in its exports by OTLP, with ours in them', async () => {
    const server = await LoopbackServer.start(() => ({ status: 200, body: '{}' }))
    const exporter = new otlp.OTLPMetricExporter({ url: `${server.url}/v1/metrics` })
    const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, metricProducers: [fed()] })
    const provider = new sdk.MeterProvider({ readers: [reader] })
    provider.getMeter('theirs').createCounter('theirs').add(3)
    instrument(provider, broken, { onError: () => undefined })
    instrument(provider.getMeter('second'), healthy)
    await provider.forceFlush()
    await provider.shutdown()
    await server.close()
    const [{ scopeMetrics }] = JSON.parse(new TextDecoder().decode(server.received[0]!.body)).resourceMetrics
    const figures = scopeMetrics.flatMap(
      ({ metrics }: { metrics: { name: string; sum: { dataPoints: { asInt?: number; asDouble?: number }[] } }[] }) =>
        metrics.map(({ name, sum }) => [name, sum.dataPoints.map(({ asInt, asDouble }) => asInt ?? asDouble)]),
    )
    expect(figures).toContainEqual(['theirs', [3]])
    expect(figures).toContainEqual(['geneve.traffic.packets', [7]])
    expect(figures).toContainEqual(['geneve.traffic.flows', [3]])
  })
})

test('a collection never waits: it is there before anything else happens', async () => {
  const order: string[] = []
  const collection = fed()
    .collect()
    .then(() => order.push('collected'))
  setImmediate(() => order.push('later'))
  await collection
  expect(order).toEqual(['collected'])
})
