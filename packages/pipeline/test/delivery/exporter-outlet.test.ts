import { DELIVERED, type Outcome, type TelemetryRecord } from '@geneve-telemetry/core'
import { sampleMetricRecord, sampleRecords } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KindAccount, type OutletAccount, recordImbalances, undelivered } from '../../src/delivery/account.ts'
import { ExporterOutlet } from '../../src/delivery/exporter-outlet.ts'
import { total } from '../../src/ledger.ts'
import { backend } from '../backend.ts'

const records = (count: number): TelemetryRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const sample = sampleRecords()[index % 4]!
    return { ...sample, id: `${sample.kind}-${index}` }
  })

const metrics = (count: number, id = (index: number): string => `m-${index}`): TelemetryRecord[] =>
  Array.from({ length: count }, (_, index) => ({ ...sampleMetricRecord(), id: id(index) }))

function offerAll(outlet: ExporterOutlet, offered: readonly TelemetryRecord[]): void {
  for (const record of offered) outlet.offer(record)
}

const accountOf = ({ kinds }: OutletAccount): KindAccount => kinds.metric!
/** Each record is tried once. */
const ONCE = { retryForMs: 0 } as const

describe('an outlet', () => {
  test('sends in batches of at most the records and bytes that the exporter’s limits allow', async () => {
    const { exporter, requests } = backend()
    const outlet = new ExporterOutlet(exporter)
    offerAll(outlet, [...metrics(6), ...metrics(5, (index) => `${index}`.padEnd(400, 'x'))])
    await outlet.close()
    const sizes = requests().map((batch) => batch.reduce((sum, { bytes }) => sum + bytes.byteLength, 0))
    expect(requests().flat()).toHaveLength(11)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
    expect(Math.max(...requests().map((batch) => batch.length))).toBe(4)
  })

  test('keeps the order, and one request at a time', async () => {
    let running = 0
    let most = 0
    const { exporter, taken } = backend(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      return DELIVERED
    })
    const outlet = new ExporterOutlet(exporter)
    const offered = metrics(30)
    offerAll(outlet, offered)
    await outlet.close()
    expect(taken()).toEqual(offered.map(({ id }) => id))
    expect(most).toBe(1)
  })

  test('sends a full batch before anybody waits', () => {
    const { exporter, requests } = backend()
    const outlet = new ExporterOutlet(exporter)
    offerAll(outlet, metrics(3))
    expect(requests()).toHaveLength(0)
    offerAll(outlet, metrics(1))
    expect(requests()).toHaveLength(1)
  })

  test('holds the source up while more than `queueBytes` wait', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const { exporter } = backend(async () => {
      await gate
      return DELIVERED
    })
    const outlet = new ExporterOutlet(exporter, { queueBytes: 10 })
    offerAll(outlet, metrics(2))
    await outlet.settle()
    offerAll(outlet, metrics(20))
    let settled = false
    const settling = outlet.settle().then(() => {
      settled = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(settled).toBe(false)
    release()
    await settling
    await outlet.close()
    expect(accountOf(outlet.account())).toMatchObject({ offered: 22, delivered: 22, queued: 0 })
  })

  test('takes only the kinds that it was made for and that the exporter accepts', async () => {
    const { exporter, taken } = backend(undefined, { accepts: ['flow', 'metric'] })
    const outlet = new ExporterOutlet(exporter, { kinds: ['metric'] })
    expect((['packet', 'flow', 'metric'] as const).map((kind) => outlet.accepts(kind))).toEqual([false, false, true])
    offerAll(outlet, records(8))
    await outlet.close()
    expect(taken()).toEqual(['metric-3', 'metric-7'])
    expect(Object.keys(outlet.account().kinds)).toEqual(['metric'])
  })

  test('sends what has waited for `batchAgeMs`, though its batch is not full', async () => {
    const { exporter, requests } = backend()
    const outlet = new ExporterOutlet(exporter, { batchAgeMs: 20 })
    offerAll(outlet, metrics(2))
    expect(requests()).toHaveLength(0)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(requests().map((batch) => batch.length)).toEqual([2])
    await outlet.close()
  })

  test('has as many requests on the way as `concurrency` says', async () => {
    let running = 0
    let most = 0
    const { exporter } = backend(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      return DELIVERED
    })
    const outlet = new ExporterOutlet(exporter, { concurrency: 3 })
    offerAll(outlet, metrics(60))
    await outlet.close()
    expect(most).toBe(3)
  })

  test.each([
    [{ queueBytes: 0 }, /^queueBytes: 0 cannot be; allowed is a number from 1/],
    [{ concurrency: Number.NaN }, /^concurrency: NaN/],
    [{ retryMostMs: 5 }, /^retryMostMs: 5 cannot be; allowed is a number from 1000/],
    [{ full: 'perhaps' as 'wait' }, /^full: 'perhaps' cannot be; allowed is wait or drop/],
    [{ kinds: ['packet'] as const }, /^kinds: memory does not accept 'packet'; allowed is flow, metric/],
  ])('cannot be made with %j', (options, message) => {
    const { exporter } = backend(undefined, { accepts: ['flow', 'metric'] })
    expect(() => new ExporterOutlet(exporter, options)).toThrow(message)
    expect(() => new ExporterOutlet(exporter, options)).toThrow(RangeError)
  })
})

const NOTHING: KindAccount = {
  offered: 0,
  recovered: 0,
  delivered: 0,
  rejected: {},
  dropped: {},
  queued: 0,
  uncertain: 0,
  deadLettered: 0,
}

describe('the ledger of an outlet whose exporter misbehaves', () => {
  const bad = (outcome: unknown) => async (): Promise<Outcome> => outcome as Outcome

  test.each<[name: string, exporter: ReturnType<typeof backend>, expected: Partial<KindAccount>]>([
    ['takes all', backend(), { delivered: 5 }],
    [
      'rejects one of each request',
      backend(bad({ retry: [], rejected: [{ index: 0, reason: 'too old' }] })),
      { delivered: 3, rejected: { 'too old': 2 } },
    ],
    ['is busy', backend(bad({ retry: [0, 1, 2, 3], rejected: [] })), { dropped: { 'gave up: the backend was busy': 5 } }],
    [
      'finds each request too large',
      backend(bad({ retry: [], rejected: [], halve: true })),
      { rejected: { 'the backend finds it too large': 5 } },
    ],
    ['names records that it was not sent', backend(bad({ retry: [77, -1], rejected: [{ index: 4, reason: 'no' }] })), { delivered: 5 }],
    [
      'names one twice',
      backend(bad({ retry: [0, 0], rejected: [{ index: 0, reason: 'no' }] })),
      { delivered: 3, dropped: { 'gave up: the backend was busy': 2 } },
    ],
    [
      'throws',
      backend(() => Promise.reject(new Error('socket hang up'))),
      { dropped: { 'gave up: the request failed: socket hang up': 5 }, uncertain: 5 },
    ],
    [
      'throws what is no error, at once',
      backend(() => {
        throw 'oops'
      }),
      { dropped: { 'gave up: the request failed: oops': 5 }, uncertain: 5 },
    ],
    ['cannot encode', backend(undefined, { encode: () => ({ rejected: 'no time' }) }), { rejected: { 'no time': 5 } }],
    [
      'throws while it encodes',
      backend(undefined, {
        encode: () => {
          throw new RangeError('no such time')
        },
      }),
      { rejected: { 'the encoder failed: no such time': 5 } },
    ],
    [
      'encodes more than it says that it takes',
      backend(undefined, { encode: ({ id, kind }) => ({ id, kind, bytes: new Uint8Array(501) }) }),
      { rejected: { 'larger than 500 bytes': 5 } },
    ],
  ])('%s', async (_, { exporter }, expected) => {
    const outlet = new ExporterOutlet(exporter, ONCE)
    offerAll(outlet, metrics(5))
    await outlet.close()
    const account = accountOf(outlet.account())
    expect(account).toEqual({ ...NOTHING, offered: 5, ...expected })
    expect(undelivered(outlet.account())).toBe(5 - account.delivered)
  })

  test.each([undefined, null, 7, {}, { retry: [], rejected: [null] }, { retry: [], rejected: [{ index: 0 }] }])(
    'answers %j',
    async (nonsense) => {
      const outlet = new ExporterOutlet(backend(bad(nonsense)).exporter, ONCE)
      offerAll(outlet, metrics(5))
      await outlet.close()
      const { dropped } = accountOf(outlet.account())
      expect(Object.entries(dropped)).toEqual([['gave up: the request failed: the exporter’s answer is no Outcome', 5]])
    },
  )

  test('cannot be closed', async () => {
    const outlet = new ExporterOutlet(backend(undefined, { close: () => Promise.reject(new Error('still busy')) }).exporter)
    await outlet.close()
    expect(outlet.account()).toMatchObject({ outlet: 'memory', kinds: {}, closeFailure: 'still busy' })
  })

  test('a reason for each record does not grow without end', async () => {
    const { exporter } = backend(undefined, { encode: ({ id }) => ({ rejected: id }) })
    const outlet = new ExporterOutlet(exporter, ONCE)
    offerAll(outlet, metrics(500))
    const { rejected } = accountOf(outlet.account())
    expect(Object.keys(rejected)).toHaveLength(51)
    expect(total(rejected)).toBe(500)
  })

  test('balances at any moment, whatever the backend answers, and every record ends in one place', async () => {
    const fates = fc.array(fc.constantFrom('take', 'retry', 'reject', 'mixed', 'halve', 'throw', 'nonsense'), {
      minLength: 1,
      maxLength: 20,
    })
    const steps = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fates, steps, fc.integer({ min: 1, max: 3 }), async (fate, offers, concurrency) => {
        const delivered: string[] = []
        const { exporter } = backend(async (batch, request) => {
          for (const account of [outlet.account()]) expect(recordImbalances(account)).toEqual([])
          const kind = fate[request % fate.length]!
          if (kind === 'throw') throw new Error('lost')
          if (kind === 'nonsense') return { rejected: 7 } as unknown as Outcome
          const outcome = outcomeOf(kind, batch.length)
          const gone = new Set([...outcome.retry, ...outcome.rejected.map(({ index }) => index)])
          if (!outcome.halve) delivered.push(...batch.filter((_, index) => !gone.has(index)).map(({ id }) => id))
          return outcome
        })
        const outlet = new ExporterOutlet(exporter, { queueBytes: 20, concurrency, retryLeastMs: 0, retryMostMs: 0, retryForMs: 3 })
        let offered = 0
        for (const count of offers) {
          offerAll(
            outlet,
            metrics(count, (index) => `m-${offered + index}`),
          )
          offered += count
          expect(recordImbalances(outlet.account())).toEqual([])
          if (count % 2 === 0) await outlet.settle()
        }
        await outlet.close()
        expect(recordImbalances(outlet.account())).toEqual([])
        const { metric } = outlet.account().kinds
        expect([metric?.offered ?? 0, metric?.queued ?? 0]).toEqual([offered, 0])
        expect(metric?.delivered ?? 0).toBe(delivered.length)
        expect(new Set(delivered).size).toBe(delivered.length)
      }),
      { numRuns: 60 },
    )
  })
})

function outcomeOf(kind: string, count: number): Outcome {
  const even = Array.from({ length: count }, (_, index) => index).filter((index) => index % 2 === 0)
  const odd = Array.from({ length: count }, (_, index) => index).filter((index) => index % 2 === 1)
  const refused = (indexes: readonly number[]) => indexes.map((index) => ({ index, reason: 'no' }))
  switch (kind) {
    case 'retry':
      return { retry: even, rejected: [] }
    case 'reject':
      return { retry: [], rejected: refused(even) }
    case 'mixed':
      return { retry: odd, rejected: refused(even) }
    case 'halve':
      return { retry: [], rejected: [], halve: true }
    default:
      return DELIVERED
  }
}
