import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { MetricRecord, Sink } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { otlpMetricsSink } from '@geneve-telemetry/exporter-opentelemetry'
import { run, SinkOutlet } from '@geneve-telemetry/pipeline'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'
import { RecordTotals, seriesOf, type Totals, totalOf } from './otlp-series.ts'
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

/** Delivers a capture's metrics, its time shifted to end now if asked: Prometheus takes nothing of old. Returns what the records say. */
async function deliver(url: string, observer: string, toNow: boolean): Promise<Totals> {
  const optionTable = new OptionTable(builtInVendors)
  const sink = await otlpMetricsSink({ url, vendors: builtInVendors })
  const records = new RecordTotals()
  let shift: number | undefined
  const shifting: Sink<MetricRecord> = {
    name: sink.name,
    accepts: ['metric'],
    repeat: sink.repeat,
    start: (signal) => sink.start?.(signal) ?? Promise.resolve(),
    push: (signal) => sink.push(signal),
    close: () => sink.close?.() ?? Promise.resolve(),
    take(record) {
      shift ??= toNow ? Math.floor(Date.now() / 1000) - 300 - record.start.seconds : 0
      records.add(record)
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
  // Among them, one for each endpoint and each option.
  expect(records.totals.size).toBeGreaterThan(20)
  return records.totals
}

interface Point {
  readonly asInt: string
  readonly timeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: string } }[]
}

/** The totals in the collector's file: of each series the latest point. */
function collected(observer: string): Totals {
  const latest = new Map<string, Point>()
  for (const line of linesOf(readFileSync(join(OTELCOL_OUT ?? '', 'metrics.jsonl'), 'utf8')).filter((text) => text.includes(observer))) {
    for (const { scopeMetrics } of JSON.parse(line).resourceMetrics) {
      for (const { metrics } of scopeMetrics) {
        for (const { name, sum } of metrics) {
          expect(sum.aggregationTemporality).toBe(2)
          for (const point of sum.dataPoints as Point[]) {
            const labels = point.attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue)])
            const series = seriesOf(name, Object.fromEntries(labels))
            const known = latest.get(series)
            if (known === undefined || BigInt(known.timeUnixNano) <= BigInt(point.timeUnixNano)) latest.set(series, point)
          }
        }
      }
    }
  }
  return new Map(Array.from(latest, ([series, { asInt }]) => [series, Number(asInt)]))
}

/** The totals on the collector's page for Prometheus. */
async function shown(observer: string): Promise<Totals> {
  const page = await (await fetch(OTELCOL_PROMETHEUS_URL!)).text()
  const samples = linesOf(page).filter((line) => !line.startsWith('#') && line.includes(observer))
  return new Map(
    samples.map((sample) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)/.exec(sample) ?? []
      return [
        seriesOf(name, Object.fromEntries(Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, key, text]) => [key, text]))),
        Number(value),
      ]
    }),
  )
}

/** The totals that Prometheus has: of each series the latest sample. */
async function queried(observer: string): Promise<Totals> {
  const query = `last_over_time({geneve_observer="${observer}"}[30m])`
  const answer = await fetch(`${PROMETHEUS_URL}/api/v1/query?query=${encodeURIComponent(query)}`)
  const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
  return new Map(data.result.map(({ metric, value }) => [seriesOf(String(metric['__name__']), metric), Number(value[1])]))
}

/** A store shows a little later what it has taken. */
async function expectTotals(ask: () => Totals | Promise<Totals>, wanted: Totals): Promise<void> {
  await expect.poll(ask, { timeout: WAIT_MS, interval: 200 }).toEqual(wanted)
}

describe.skipIf(OTLP_HTTP_URL === undefined || OTELCOL_OUT === undefined)('a real collector (skipped: OTLP_HTTP_URL not set)', () => {
  test('has each series as the records say it, and what tshark counts, in its file', async () => {
    const observer = `delivery-${process.pid}-file`
    const totals = await deliver(OTLP_HTTP_URL!, observer, false)
    await expectTotals(() => collected(observer), totals)
    expect(totalOf(totals, 'geneve.traffic.packets')).toBe(tshark())
  })

  test.skipIf(OTELCOL_PROMETHEUS_URL === undefined)(
    'and on its page for Prometheus (skipped: OTELCOL_PROMETHEUS_URL not set)',
    async () => {
      const observer = `delivery-${process.pid}-page`
      const totals = await deliver(OTLP_HTTP_URL!, observer, true)
      await expectTotals(() => shown(observer), totals)
    },
  )
})

describe.skipIf(PROMETHEUS_URL === undefined || PROMETHEUS_OTLP_URL === undefined)(
  'a real Prometheus (skipped: PROMETHEUS_URL not set)',
  () => {
    test('has each series as the records say it, and what tshark counts', async () => {
      const observer = `delivery-${process.pid}`
      const totals = await deliver(PROMETHEUS_OTLP_URL!.replace(/\/v1\/metrics$/, ''), observer, true)
      await expectTotals(() => queried(observer), totals)
      expect(totalOf(totals, 'geneve.traffic.packets')).toBe(tshark())
    })
  },
)
