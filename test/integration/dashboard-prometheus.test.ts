import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'
import { queriesOf } from './dashboard.ts'
import { demonstration } from './demonstration.ts'
import { freePort, type Started, started } from './started.ts'

// Whether each panel of the dashboard for Prometheus has an answer: what the demonstration's program sends goes through a real collector and into a real Prometheus,
// both started from the files in docker/ with nothing changed but addresses and the pace.

const { OTELCOL_OUT } = process.env
/** Where the servers' binaries lie beside what the shared collector writes. */
const bin = join(OTELCOL_OUT ?? '', '../../../bin')
const missing =
  OTELCOL_OUT === undefined ? 'OTELCOL_OUT not set' : existsSync(join(bin, 'prometheus')) ? undefined : `${bin}/prometheus not there`

/** Rates need two exports, and the first one comes after two intervals of ten seconds. */
const RUN_MS = 52_000

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
    await demonstration('program-otel', `http://127.0.0.1:${receiver}`, RUN_MS)
    // What the collector says of the last of it is scraped a second later.
    await delay(2_000)
  })
  afterAll(async () => {
    for (const server of servers.toReversed()) await server.stop()
    rmSync(folder, { recursive: true })
  })

  test.each(queriesOf('prometheus'))('$panel: $text', async ({ panel, text }) => {
    const query = text.replaceAll('$__rate_interval', '40s').replaceAll('$__range', '60s')
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
