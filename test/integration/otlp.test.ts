import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { seriesOf } from './otlp-series.ts'
import { CAPTURES, flowsOf, linesOf, sum, writtenFor } from './written.ts'

const { OTLP_HTTP_URL, OTELCOL_OUT } = process.env
const WAIT_MS = 10_000

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: string }
}
interface DataPoint {
  readonly asInt: string
  readonly startTimeUnixNano: string
  readonly timeUnixNano: string
  readonly attributes: readonly Attribute[]
}
interface Request {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly name: string; readonly sum?: { readonly dataPoints: readonly DataPoint[] } }[]
    }[]
  }[]
}

const pointsOf = (requests: readonly Request[], name: string): readonly DataPoint[] =>
  requests
    .flatMap(({ resourceMetrics }) => resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .filter((metric) => metric.name === name)
    .flatMap((metric) => metric.sum?.dataPoints ?? [])

/** All points, each with its metric, labels, times and value. */
function seriesIn(requests: readonly Request[]): readonly string[] {
  const metrics = requests
    .flatMap(({ resourceMetrics }) => resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  return metrics
    .flatMap(({ name, sum: figures }) =>
      (figures?.dataPoints ?? []).map(({ attributes, asInt, startTimeUnixNano, timeUnixNano }) => {
        const labels = attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue)])
        return `${seriesOf(name, Object.fromEntries(labels))} ${startTimeUnixNano} ${timeUnixNano} ${asInt}`
      }),
    )
    .sort()
}

const total = (points: readonly DataPoint[]): number => points.reduce((value, point) => value + Number(point.asInt), 0)

/** The collector's file exporter writes a little later than it answers. */
async function received(marker: string): Promise<readonly Request[]> {
  const file = join(OTELCOL_OUT ?? '', 'metrics.jsonl')
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    const requests = linesOf(readFileSync(file, 'utf8')).filter((line) => line.includes(marker))
    if (requests.length > 0 || performance.now() > deadline) return requests.map((line) => JSON.parse(line) as Request)
    await delay(100)
  }
}

describe.skipIf(OTLP_HTTP_URL === undefined || OTELCOL_OUT === undefined)(
  'a real OpenTelemetry Collector (skipped: OTLP_HTTP_URL not set)',
  () => {
    test.each(CAPTURES)('takes the metrics of %s as they are', async (capture) => {
      const marker = `test-${process.pid}-${CAPTURES.indexOf(capture)}`
      const lines = linesOf(await writtenFor('otlp', 'metrics.jsonl', capture, '--observer', marker))
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) {
        const response = await fetch(`${OTLP_HTTP_URL}/v1/metrics`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: line,
        })
        expect([response.status, JSON.parse(await response.text())]).toEqual([200, { partialSuccess: {} }])
      }

      const sent = lines.map((line) => JSON.parse(line) as Request)
      await expect.poll(async () => seriesIn(await received(marker)), { timeout: WAIT_MS }).toEqual(seriesIn(sent))

      const flows = await flowsOf(capture)
      const back = await received(marker)
      const packets = pointsOf(back, 'geneve.traffic.packets')
      expect(total(packets)).toBe(sum(flows, (flow) => flow.network.packets))
      expect(total(pointsOf(back, 'geneve.traffic.io'))).toBe(sum(flows, (flow) => flow.network.bytes))
      expect(total(pointsOf(back, 'geneve.traffic.flows'))).toBe(flows.length)

      const transportOf = ({ attributes }: DataPoint) => attributes.find(({ key }) => key === 'network.transport')?.value.stringValue
      for (const transport of new Set(flows.map((flow) => flow.network.transport))) {
        expect([transport, total(packets.filter((point) => transportOf(point) === transport))]).toEqual([
          transport,
          sum(
            flows.filter((flow) => flow.network.transport === transport),
            (flow) => flow.network.packets,
          ),
        ])
      }
    })
  },
)
