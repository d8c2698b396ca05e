import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repeatCapture } from '../bench/repeat.ts'
import { ROOT } from '../command.ts'
import { begun, DRAIN_SECONDS, endedAfter, type Halves, ledgerRow } from './mid-run.ts'
import { HAS_BACKENDS, OwnBackend } from './own-backend.ts'
import { RunningProgram } from './running-program.ts'

/** The bundled capture 1,000 times, each time with three flows that were not there before; the fourth, over IPv6, goes on. */
const ROUNDS = 1000
const FLOWS = 3 * ROUNDS
const PACKETS = 31 * ROUNDS
/** Flows end all the time, not only at the end. */
const MAX_FLOWS = '300'
/** Longer than any wait between two repetitions: a server that is away for long enough is asked that seldom. */
const LONG_DRAIN_SECONDS = '40'

const folder = mkdtempSync(join(tmpdir(), 'geneve-faults-'))
const letters = join(folder, 'dead-letters')
let halves: Halves

beforeAll(async () => {
  const path = join(folder, 'many-flows.pcap')
  await repeatCapture(join(ROOT, 'examples/captures/gwlb.pcap'), path, PACKETS, ROUNDS)
  const capture = readFileSync(path)
  const middle = capture.byteLength >> 1
  halves = [capture.subarray(0, middle), capture.subarray(middle)]
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A store, and how much of a run is in it. */
interface Store {
  readonly target: string
  readonly variables: Readonly<Record<string, string>>
  /** How long the end may take, if not as usual. */
  readonly drainSeconds?: string
  stored(observer: string): Promise<Stored>
}

interface Stored {
  readonly flow: number
  readonly metric: number
}

const MEASUREMENTS = { geneve_flow: 'packets', geneve_traffic: 'packets', geneve_option: 'options', geneve_decoder: 'frames' }

function influxdb2({ variables }: OwnBackend): Store {
  const { INFLUXDB2_URL = '', INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = variables
  const points = async (measurement: string, field: string, observer: string): Promise<number> => {
    const q = `SELECT count(${field}) FROM ${measurement} WHERE observer = '${observer}'`
    const answer = await fetch(`${INFLUXDB2_URL}/query?${new URLSearchParams({ db: INFLUXDB2_BUCKET, q })}`, {
      headers: { authorization: `Token ${INFLUXDB2_TOKEN}` },
    })
    const { results } = (await answer.json()) as {
      results: readonly { series?: readonly { values: readonly (readonly [string, number])[] }[] }[]
    }
    return results[0]?.series?.[0]?.values[0]?.[1] ?? 0
  }
  return {
    target: `influxdb=${INFLUXDB2_URL}`,
    variables: { INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: INFLUXDB2_BUCKET, INFLUX_TOKEN: INFLUXDB2_TOKEN },
    async stored(observer) {
      const counts = await Promise.all(Object.entries(MEASUREMENTS).map(([name, field]) => points(name, field, observer)))
      const [flow = 0, ...metrics] = counts
      return { flow, metric: metrics.reduce((sum, count) => sum + count, 0) }
    },
  }
}

function victoriametrics({ variables }: OwnBackend): Store {
  const { VICTORIAMETRICS_URL = '' } = variables
  const series = async (name: string, observer: string): Promise<number> => {
    const query = `sum(count_over_time(${name}{observer="${observer}"}[1h]))`
    const answer = await fetch(`${VICTORIAMETRICS_URL}/api/v1/query?${new URLSearchParams({ query })}`)
    const { data } = (await answer.json()) as { data: { result: readonly { value: readonly [number, string] }[] } }
    return Number(data.result[0]?.value[1] ?? 0)
  }
  return {
    target: `influxdb=${VICTORIAMETRICS_URL}?dialect=victoriametrics`,
    variables: {},
    async stored(observer) {
      await fetch(`${VICTORIAMETRICS_URL}/internal/force_flush`)
      const counts = await Promise.all(Object.entries(MEASUREMENTS).map(([name, field]) => series(`${name}_${field}`, observer)))
      const [flow = 0, ...metrics] = counts
      return { flow, metric: metrics.reduce((sum, count) => sum + count, 0) }
    },
  }
}

function elasticsearch({ variables }: OwnBackend): Store {
  const { ELASTICSEARCH_URL: url = '', ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD } = variables
  const headers = { authorization: `Basic ${btoa(`${ELASTICSEARCH_USERNAME}:${ELASTICSEARCH_PASSWORD}`)}` }
  const documents = async (streams: string, observer: string): Promise<number> => {
    await fetch(`${url}/${streams}/_refresh`, { method: 'POST', headers })
    const answer = await fetch(`${url}/${streams}/_count?${new URLSearchParams({ q: `observer.name:"${observer}"` })}`, { headers })
    const { count, error } = (await answer.json()) as { count?: number; error?: unknown }
    if (count === undefined) throw new Error(JSON.stringify(error))
    return count
  }
  return {
    target: `elasticsearch=${url}`,
    variables,
    drainSeconds: LONG_DRAIN_SECONDS,
    async stored(observer) {
      return { flow: await documents('logs-geneve.flow-*', observer), metric: await documents('metrics-geneve.*', observer) }
    },
  }
}

/** A run that has come to its middle, with records of it in the store. */
function inMiddle(store: Store, observer: string): Promise<RunningProgram> {
  const { target, variables, drainSeconds = DRAIN_SECONDS } = store
  const args = ['--to', target, '--dead-letters', letters, '--flows', '--max-flows', MAX_FLOWS, '--drain', drainSeconds]
  return begun([...args, '--observer', observer], variables, halves, async () => (await store.stored(observer)).flow > 0)
}

/** The backend is away while the second half of the capture is read; then all is there, the ledger says just that, and the program ends well. */
async function comesBack(away: 'kill' | 'pause', backend: OwnBackend, store: Store): Promise<void> {
  const observer = `after-${away}`
  const { code, stderr } = await endedAfter(away, backend, await inMiddle(store, observer), halves)
  const stored = await store.stored(observer)
  for (const kind of ['flow', 'metric'] as const) {
    const count = stored[kind]
    expect(ledgerRow(stderr, kind)).toMatchObject({ offered: count, delivered: count, rejected: 0, dropped: 0, queued: 0 })
    expect(count).toBeGreaterThan(0)
  }
  expect(stored.flow).toBeGreaterThan(FLOWS)
  expect(code).toBe(0)
}

describe.skipIf(!HAS_BACKENDS)('InfluxDB 2 in mid-run (skipped: ../shared/backends is not there)', () => {
  let backend: OwnBackend
  let store: Store
  beforeAll(async () => {
    backend = await OwnBackend.up('influxdb2')
    store = influxdb2(backend)
  })
  afterAll(() => backend.down())

  test('is killed and comes back: all arrives, once', () => comesBack('kill', backend, store))

  test('is stopped and goes on: all arrives, once', () => comesBack('pause', backend, store))

  test('is killed and stays so: the ledger says what is there, and the rest can be sent again', async () => {
    const observer = 'dead'
    const program = await inMiddle(store, observer)
    await backend.tell('kill')
    await program.read(halves[1])
    const { code, stderr } = await program.end()
    await backend.tell('start')
    const stored = await store.stored(observer)
    for (const kind of ['flow', 'metric'] as const) {
      const { offered, delivered, rejected, dropped, queued } = ledgerRow(stderr, kind)
      expect({ rejected, queued, ended: Number(delivered) + Number(dropped) }).toEqual({ rejected: 0, queued: 0, ended: offered })
      expect(delivered).toBe(stored[kind])
      expect(dropped).toBeGreaterThan(0)
    }
    expect(readdirSync(letters)).toHaveLength(1)
    expect(stderr).toMatch(/flow records not delivered: .*ECONNREFUSED/)
    expect(code).toBe(3)

    const again = ['replay', ...readdirSync(letters).map((name) => join(letters, name)), '--to', store.target]
    expect((await new RunningProgram(again, store.variables).end()).code).toBe(0)
    const { flow, metric } = await store.stored(observer)
    expect([flow, metric]).toEqual([ledgerRow(stderr, 'flow')['offered'], ledgerRow(stderr, 'metric')['offered']])
  })
})

describe.skipIf(!HAS_BACKENDS)('VictoriaMetrics in mid-run (skipped: ../shared/backends is not there)', () => {
  let backend: OwnBackend
  let store: Store
  beforeAll(async () => {
    backend = await OwnBackend.up('victoriametrics')
    store = victoriametrics(backend)
  })
  afterAll(() => backend.down())

  // What it has taken waits in its memory for some seconds, so that a kill would be its own loss.
  test('is stopped and goes on: all arrives, once', () => comesBack('pause', backend, store))
})

describe.skipIf(!HAS_BACKENDS)('Elasticsearch in mid-run (skipped: ../shared/backends is not there)', () => {
  let backend: OwnBackend
  let store: Store
  beforeAll(async () => {
    backend = await OwnBackend.up('elasticsearch')
    store = elasticsearch(backend)
  })
  afterAll(() => backend.down())

  test('is killed and comes back: all arrives, once', () => comesBack('kill', backend, store))

  test('is stopped and goes on: all arrives, once', () => comesBack('pause', backend, store))
})
