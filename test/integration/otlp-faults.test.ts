import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repeatCapture } from '../bench/repeat.ts'
import { ROOT } from '../command.ts'
import { begun, DRAIN_SECONDS, endedAfter, type Halves, ledgerRow } from './mid-run.ts'
import { seriesOf, type Totals, totalOf } from './otlp-series.ts'
import { HAS_BACKENDS, OwnBackend } from './own-backend.ts'
import type { RunningProgram } from './running-program.ts'
import { linesOf } from './written.ts'

/** The bundled capture so often, once a second: Prometheus takes nothing that is more than ten minutes ahead. */
const ROUNDS = 560
const FRAMES = 31
const PACKETS = FRAMES * ROUNDS
/** So that each half has more records than wait for a push. */
const INTERVAL_SECONDS = '1'
/** For one request with its repetitions: two are over before the server comes back. */
const EXPORT_TIMEOUT_MS = '1000'
/** Longer than a push takes: nothing of the first half is under way. */
const QUIET_MS = 1_500

const folder = mkdtempSync(join(tmpdir(), 'geneve-otlp-faults-'))
let halves: Halves

beforeAll(async () => {
  const path = join(folder, 'nine-minutes.pcap')
  await repeatCapture(join(ROOT, 'examples/captures/gwlb.pcap'), path, PACKETS, 0)
  const capture = readFileSync(path)
  const middle = spread(capture)
  halves = [capture.subarray(0, middle), capture.subarray(middle)]
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Gives each round a second of its own. Returns where the second half of the capture begins. */
function spread(capture: Buffer): number {
  let middle = 0
  let at = 24
  for (let index = 0; index < PACKETS; index++) {
    if (index === PACKETS / 2) middle = at
    capture.writeUInt32LE(1_795_428_000 + Math.floor(index / FRAMES), at)
    capture.writeUInt32LE(index % FRAMES, at + 4)
    at += 16 + capture.readUInt32LE(at + 8)
  }
  return middle
}

/** A store of metrics, and how much of a run is in it. */
interface Store {
  readonly url: string
  /** The latest total of each series. */
  totals(observer: string): Promise<Totals>
  /** How many records: each has one of the figures that are counted for it. */
  records?(observer: string): Promise<number>
}

/** Its file begins anew when it starts. */
function otelcol({ variables }: OwnBackend): Store {
  const { OTLP_HTTP_URL = '', OTELCOL_OUT = '' } = variables
  return {
    url: OTLP_HTTP_URL,
    async totals(observer) {
      const totals = new Map<string, number>()
      for (const line of linesOf(readFileSync(join(OTELCOL_OUT, 'metrics.jsonl'), 'utf8')).filter((text) => text.includes(observer))) {
        for (const { scopeMetrics } of JSON.parse(line).resourceMetrics) {
          for (const { name, sum } of scopeMetrics[0].metrics) {
            for (const { asInt, attributes } of sum.dataPoints) {
              const labels = attributes.map(({ key, value }: { key: string; value: object }) => [key, String(Object.values(value)[0])])
              const series = seriesOf(name, Object.fromEntries(labels))
              totals.set(series, Math.max(totals.get(series) ?? 0, Number(asInt)))
            }
          }
        }
      }
      return totals
    },
  }
}

function prometheus({ variables }: OwnBackend): Store {
  const { PROMETHEUS_URL = '', PROMETHEUS_OTLP_URL = '' } = variables
  const query = async (what: string) => {
    // Samples are ahead of the clock.
    const time = String(Math.floor(Date.now() / 1000) + 2 * ROUNDS)
    const answer = await fetch(`${PROMETHEUS_URL}/api/v1/query?${new URLSearchParams({ query: what, time })}`)
    const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
    return data.result
  }
  return {
    url: PROMETHEUS_OTLP_URL.replace(/\/v1\/metrics$/, ''),
    async totals(observer) {
      const series = await query(`last_over_time({geneve_observer="${observer}"}[1h])`)
      return new Map(series.map(({ metric, value }) => [seriesOf(String(metric['__name__']), metric), Number(value[1])]))
    },
    async records(observer) {
      const names = 'geneve_(traffic_packets|options|decoder_frames)_total'
      const [count] = await query(`sum(count_over_time({geneve_observer="${observer}",__name__=~"${names}"}[1h]))`)
      return Number(count?.value[1] ?? 0)
    },
  }
}

/** A run that has come to its middle, with records of it in the store and none under way. */
async function inMiddle({ url, totals }: Store, observer: string): Promise<RunningProgram> {
  const args = ['--to', `otlp=${url}`, '--interval', INTERVAL_SECONDS, '--drain', DRAIN_SECONDS, '--observer', observer]
  const variables = { OTEL_EXPORTER_OTLP_TIMEOUT: EXPORT_TIMEOUT_MS }
  const program = await begun(args, variables, halves, async () => (await totals(observer)).size > 0)
  await sleep(QUIET_MS)
  return program
}

/** The backend is away while the second half of the capture is read; then it has all, and the program ends well. */
async function comesBack(away: 'kill' | 'pause', backend: OwnBackend, store: Store): Promise<void> {
  const observer = `after-${away}`
  const { code, stderr } = await endedAfter(away, backend, await inMiddle(store, observer), halves)
  const { offered, ...rest } = ledgerRow(stderr, 'metric')
  expect(offered).toBeGreaterThan(2 * ROUNDS)
  expect(rest).toMatchObject({ delivered: offered, rejected: 0, dropped: 0, queued: 0 })
  expect(code).toBe(0)
  for (const metric of ['geneve.decoder.frames', 'geneve.traffic.packets'])
    await expect.poll(async () => totalOf(await store.totals(observer), metric), { timeout: 5_000 }).toBe(PACKETS)
  if (store.records !== undefined) expect(await store.records(observer)).toBe(offered)
}

describe.skipIf(!HAS_BACKENDS)('the collector in mid-run (skipped: ../shared/backends is not there)', () => {
  let backend: OwnBackend
  let store: Store
  beforeAll(async () => {
    backend = await OwnBackend.up('otelcol')
    store = otelcol(backend)
  })
  afterAll(() => backend.down())

  test('is killed and comes back with nothing: the totals are whole', () => comesBack('kill', backend, store))

  test('is stopped and goes on: the totals are whole', () => comesBack('pause', backend, store))
})

describe.skipIf(!HAS_BACKENDS)('Prometheus in mid-run (skipped: ../shared/backends is not there)', () => {
  let backend: OwnBackend
  let store: Store
  beforeAll(async () => {
    backend = await OwnBackend.up('prometheus')
    store = prometheus(backend)
  })
  afterAll(() => backend.down())

  test('is killed and comes back: all arrives, once', () => comesBack('kill', backend, store))

  test('is stopped and goes on: all arrives, once', () => comesBack('pause', backend, store))

  test('is killed and stays so: the ledger says what is there', async () => {
    const observer = 'dead'
    const program = await inMiddle(store, observer)
    await backend.tell('kill')
    await program.read(halves[1])
    const { code, stderr } = await program.end()
    await backend.tell('start')
    const { offered, delivered, rejected, dropped, queued } = ledgerRow(stderr, 'metric')
    expect({ rejected, queued, ended: Number(delivered) + Number(dropped) }).toEqual({ rejected: 0, queued: 0, ended: offered })
    expect(dropped).toBeGreaterThan(0)
    expect(await store.records?.(observer)).toBe(delivered)
    expect(stderr).toMatch(/metric records not delivered/)
    expect(code).toBe(3)
  })
})
