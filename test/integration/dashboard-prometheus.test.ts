import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'
import { DEMO, queriesOf } from './dashboard.ts'
import { freePort, type Started, started } from './started.ts'
import { linesOf, writtenFor } from './written.ts'

// Whether each panel of the dashboard for Prometheus has an answer: the demonstration's capture goes through a real collector and into a real Prometheus,
// both started from the files in docker/ with nothing changed but addresses and the pace.

const { OTELCOL_OUT } = process.env
/** Where the servers' binaries lie beside what the shared collector writes. */
const bin = join(OTELCOL_OUT ?? '', '../../../bin')
const missing =
  OTELCOL_OUT === undefined ? 'OTELCOL_OUT not set' : existsSync(join(bin, 'prometheus')) ? undefined : `${bin}/prometheus not there`

interface DataPoint {
  asInt?: string | number
  startTimeUnixNano: string
  timeUnixNano: string
}
interface Request {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { sum?: { aggregationTemporality: number; dataPoints: DataPoint[] } }[] }[]
  }[]
}

const CUMULATIVE = 2

/** A request of whole sums as it would be sent now, the `round`-th time that the capture is through. */
function request(line: string, startMs: number, round: number): string {
  const body = JSON.parse(line) as Request
  const sums = body.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics).flatMap(({ metrics }) => metrics.map(({ sum }) => sum))
  for (const sum of sums) {
    if (sum === undefined) continue
    sum.aggregationTemporality = CUMULATIVE
    for (const point of sum.dataPoints) {
      point.asInt = String(Number(point.asInt) * round)
      point.startTimeUnixNano = `${startMs}000000`
      point.timeUnixNano = `${Date.now()}000000`
    }
  }
  return JSON.stringify(body)
}

describe.skipIf(missing !== undefined)(`the dashboard for Prometheus ${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneve-dashboard-'))
  const servers: Started[] = []
  let prometheus = ''

  beforeAll(async () => {
    const [page, own, receiver] = [await freePort(), await freePort(), await freePort()]
    prometheus = `http://127.0.0.1:${page}`
    const configuration = join(folder, 'prometheus.yml')
    const text = readFileSync(join(ROOT, 'docker/prometheus/prometheus.yml'), 'utf8')
    writeFileSync(
      configuration,
      text
        .replace('otel-collector:8888', `127.0.0.1:${own}`)
        .replace('localhost:9090', `127.0.0.1:${page}`)
        .replace(/scrape_interval: .*/, 'scrape_interval: 1s'),
    )
    const storage = ['--storage.tsdb.path', join(folder, 'data'), '--web.enable-otlp-receiver', `--web.listen-address=127.0.0.1:${page}`]
    servers.push(await started(join(bin, 'prometheus'), ['--config.file', configuration, ...storage], `${prometheus}/-/ready`))
    servers.push(
      await started(
        join(bin, 'otelcol'),
        ['--config', join(ROOT, 'docker/otel-collector/config.yaml')],
        `http://127.0.0.1:${own}/metrics`,
        {
          OTLP_HTTP: `127.0.0.1:${receiver}`,
          PROMETHEUS_OTLP: `${prometheus}/api/v1/otlp`,
          OWN_METRICS_HOST: '127.0.0.1',
          OWN_METRICS_PORT: String(own),
        },
      ),
    )
    const lines = linesOf(await writtenFor('otlp', 'metrics.jsonl', DEMO))
    const startMs = Date.now() - 1_000
    for (let round = 1; round <= 5; round++) {
      for (const line of lines) {
        const headers = { 'content-type': 'application/json' }
        const response = await fetch(`http://127.0.0.1:${receiver}/v1/metrics`, {
          method: 'POST',
          headers,
          body: request(line, startMs, round),
        })
        expect([response.status, JSON.parse(await response.text())]).toEqual([200, { partialSuccess: {} }])
      }
      await delay(1_500)
    }
  })
  afterAll(async () => {
    for (const server of servers.toReversed()) await server.stop()
    rmSync(folder, { recursive: true })
  })

  test.each(queriesOf('prometheus'))('$panel: $text', async ({ panel, text }) => {
    const query = text.replaceAll('$__rate_interval', '30s').replaceAll('$__range', '60s')
    const response = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`)
    const answer = (await response.json()) as { error?: string; data?: { result: readonly { value: readonly [number, string] }[] } }
    expect(answer.error).toBeUndefined()
    const figures = (answer.data?.result ?? []).map(({ value }) => Number(value[1]))
    expect(figures.length, query).toBeGreaterThan(0)
    expect(figures.filter(Number.isNaN)).toEqual([])
    // Nothing was refused; all else is above 0 somewhere.
    if (text.includes('refused')) expect(figures).toEqual([0])
    else expect(Math.max(...figures)).toBeGreaterThan(0)
    if (panel === 'Decoded') expect(figures[0]).toBeLessThanOrEqual(1)
  })
})
