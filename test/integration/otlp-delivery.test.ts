import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { MetricRecord, Sink } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { otlpMetricsSink } from '@geneve-telemetry/exporter-opentelemetry'
import { run, SinkOutlet } from '@geneve-telemetry/pipeline'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'
import { linesOf } from './written.ts'

const { OTLP_HTTP_URL, OTELCOL_OUT, OTELCOL_PROMETHEUS_URL, PROMETHEUS_URL, PROMETHEUS_OTLP_URL } = process.env
const CAPTURE = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'captures/ovs-gwlb-v4.pcap')
const WAIT_MS = 15_000

/** GENEVE packets that tshark found, a row each. */
const tshark = (): number => {
  const [head = '', ...rows] = linesOf(readFileSync(`${CAPTURE}.tsv`, 'utf8'))
  const at = head.split('\t').indexOf('geneve.vni')
  return rows.filter((row) => row.split('\t')[at] !== '').length
}

interface Delivered {
  /** By transport: packets that our records say. */
  readonly packets: ReadonlyMap<string, number>
  readonly records: number
}

/** Delivers a capture's metrics, its time shifted to end now if asked: Prometheus takes nothing of old. */
async function deliver(url: string, observer: string, toNow: boolean): Promise<Delivered> {
  const optionTable = new OptionTable(builtInVendors)
  const sink = await otlpMetricsSink({ url, vendors: builtInVendors })
  const packets = new Map<string, number>()
  let shift: number | undefined
  const shifting: Sink<MetricRecord> = {
    name: sink.name,
    accepts: sink.accepts,
    repeat: sink.repeat,
    start: (signal) => sink.start?.(signal) ?? Promise.resolve(),
    push: (signal) => sink.push(signal),
    close: () => sink.close?.() ?? Promise.resolve(),
    take(record) {
      shift ??= toNow ? Math.floor(Date.now() / 1000) - 300 - record.start.seconds : 0
      const value = record.points['packets']
      const transport = String(record.attributes['transport'])
      if (value?.type === 'sum') packets.set(transport, (packets.get(transport) ?? 0) + Number(value.value))
      const { start, end } = record
      return sink.take({
        ...record,
        start: { ...start, seconds: start.seconds + shift },
        end: { ...end, seconds: end.seconds + shift },
      })
    },
  }
  const result = await run({
    source: openCapture(CAPTURE),
    rules: new DecodeRules(undefined, optionTable.roles),
    observer,
    outlets: [new SinkOutlet(shifting as Sink)],
    stage: (context) =>
      new FlowTable({
        ...context,
        optionTable,
        maxFlows: 10_000,
        records: false,
        analyzers: [new Traffic({ ...context, optionTable, intervalSeconds: 5 })],
      }),
  })
  const account = result.outlets[0]!.kinds.metric!
  expect(account.delivered).toBe(account.offered)
  return { packets, records: account.offered }
}

/** Asks until there is an answer. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error('no answer in time')
    await delay(200)
  }
}

interface Point {
  readonly asInt: string
  readonly timeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

/** The totals in the collector's file: of each series the latest point. */
function collected(observer: string): ReadonlyMap<string, number> | undefined {
  const lines = linesOf(readFileSync(join(OTELCOL_OUT ?? '', 'metrics.jsonl'), 'utf8')).filter((line) => line.includes(observer))
  if (lines.length === 0) return undefined
  const latest = new Map<string, Point>()
  for (const line of lines) {
    for (const { scopeMetrics } of JSON.parse(line).resourceMetrics) {
      for (const { metrics } of scopeMetrics) {
        for (const { name, sum } of metrics) {
          if (name !== 'geneve.traffic.packets') continue
          expect(sum.aggregationTemporality).toBe(2)
          for (const point of sum.dataPoints as Point[]) {
            const key = JSON.stringify(point.attributes)
            const known = latest.get(key)
            if (known === undefined || BigInt(known.timeUnixNano) <= BigInt(point.timeUnixNano)) latest.set(key, point)
          }
        }
      }
    }
  }
  const totals = new Map<string, number>()
  for (const { asInt, attributes } of latest.values()) {
    const transport = String(attributes.find(({ key }) => key === 'network.transport')?.value.stringValue)
    totals.set(transport, (totals.get(transport) ?? 0) + Number(asInt))
  }
  return totals
}

const total = (packets: ReadonlyMap<string, number>): number => [...packets.values()].reduce((sum, value) => sum + value, 0)

describe.skipIf(OTLP_HTTP_URL === undefined || OTELCOL_OUT === undefined)('a real collector (skipped: OTLP_HTTP_URL not set)', () => {
  test('has what we and tshark count, in its file', async () => {
    const observer = `delivery-${process.pid}-file`
    const { packets } = await deliver(OTLP_HTTP_URL!, observer, false)
    expect(await eventually(async () => collected(observer))).toEqual(packets)
    expect(total(packets)).toBe(tshark())
  })

  test.skipIf(OTELCOL_PROMETHEUS_URL === undefined)(
    'and on its page for Prometheus (skipped: OTELCOL_PROMETHEUS_URL not set)',
    async () => {
      const observer = `delivery-${process.pid}-page`
      const { packets } = await deliver(OTLP_HTTP_URL!, observer, true)
      const page = await eventually(async () => {
        const text = await (await fetch(OTELCOL_PROMETHEUS_URL!)).text()
        return text.includes(observer) ? text : undefined
      })
      const samples = linesOf(page).filter((line) => /^geneve_traffic_packets[a-z_]*\{/.test(line) && line.includes(observer))
      const found = new Map<string, number>()
      for (const sample of samples) {
        const transport = /network_transport="([^"]*)"/.exec(sample)?.[1] ?? 'undefined'
        found.set(transport, (found.get(transport) ?? 0) + Number(/\} (\S+)/.exec(sample)?.[1]))
      }
      expect(found).toEqual(packets)
    },
  )
})

describe.skipIf(PROMETHEUS_URL === undefined || PROMETHEUS_OTLP_URL === undefined)(
  'a real Prometheus (skipped: PROMETHEUS_URL not set)',
  () => {
    const base = PROMETHEUS_OTLP_URL?.replace(/\/v1\/metrics$/, '') ?? ''

    test('has what we and tshark count', async () => {
      const observer = `delivery-${process.pid}`
      const { packets } = await deliver(base, observer, true)
      const query = `sum by (network_transport) (last_over_time({__name__=~"geneve_traffic_packets.*|geneve.traffic.packets.*",geneve_observer="${observer}"}[30m]))`
      const found = await eventually(async () => {
        const answer = await fetch(`${PROMETHEUS_URL}/api/v1/query?query=${encodeURIComponent(query)}`)
        const { data } = (await answer.json()) as {
          data: { result: { metric: Record<string, string>; value: [number, string] }[] }
        }
        return data.result.length > 0 ? data.result : undefined
      })
      expect(new Map(found.map(({ metric, value }) => [String(metric['network_transport']), Number(value[1])]))).toEqual(packets)
      expect(total(packets)).toBe(tshark())
    })
  },
)
