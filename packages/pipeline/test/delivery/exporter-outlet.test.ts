import { DELIVERED, type Outcome, type TelemetryRecord } from '@geneve-telemetry/core'
import { sampleMetricRecord, sampleRecords } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KindAccount, type OutletAccount, undelivered } from '../../src/delivery/account.ts'
import { ExporterOutlet } from '../../src/delivery/exporter-outlet.ts'
import { total } from '../../src/ledger.ts'
import { backend } from '../backend.ts'

const records = (count: number): TelemetryRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const sample = sampleRecords()[index % 3]!
    return { ...sample, id: `${sample.kind}-${index}` }
  })

const metrics = (count: number, id = (index: number): string => `m-${index}`): TelemetryRecord[] =>
  Array.from({ length: count }, (_, index) => ({ ...sampleMetricRecord(), id: id(index) }))

function offerAll(outlet: ExporterOutlet, offered: readonly TelemetryRecord[]): void {
  for (const record of offered) outlet.offer(record)
}

const accountOf = ({ kinds }: OutletAccount): KindAccount => kinds.metric!
const balance = ({ delivered, rejected, dropped, queued }: KindAccount): number => delivered + total(rejected) + total(dropped) + queued

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
    await Promise.all([outlet.flush(), outlet.flush()])
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
    const outlet = new ExporterOutlet(exporter, { kinds: ['packet', 'metric'] })
    expect((['packet', 'flow', 'metric'] as const).map((kind) => outlet.accepts(kind))).toEqual([false, false, true])
    offerAll(outlet, records(6))
    await outlet.close()
    expect(taken()).toEqual(['metric-2', 'metric-5'])
    expect(Object.keys(outlet.account().kinds)).toEqual(['metric'])
  })

  test('cannot have a queue of nothing', () => {
    expect(() => new ExporterOutlet(backend().exporter, { queueBytes: 0 })).toThrow(/queueBytes: 0/)
  })
})

describe('the ledger of an outlet whose exporter misbehaves', () => {
  const bad = (outcome: unknown) => async (): Promise<Outcome> => outcome as Outcome

  test.each<[name: string, exporter: ReturnType<typeof backend>, expected: Partial<KindAccount>]>([
    ['takes all', backend(), { delivered: 5 }],
    [
      'rejects one of each request',
      backend(bad({ retry: [], rejected: [{ index: 0, reason: 'too old' }] })),
      { delivered: 3, rejected: { 'too old': 2 } },
    ],
    ['is busy', backend(bad({ retry: [0, 1, 2, 3], rejected: [] })), { dropped: { 'the backend was busy': 5 } }],
    [
      'finds each request too large',
      backend(bad({ retry: [], rejected: [], halve: true })),
      { dropped: { 'the request was too large': 5 } },
    ],
    ['names records that it was not sent', backend(bad({ retry: [77, -1], rejected: [{ index: 4, reason: 'no' }] })), { delivered: 5 }],
    [
      'names one twice',
      backend(bad({ retry: [0, 0], rejected: [{ index: 0, reason: 'no' }] })),
      { delivered: 3, dropped: { 'the backend was busy': 2 } },
    ],
    ['throws', backend(() => Promise.reject(new Error('socket hang up'))), { dropped: { 'the request failed: socket hang up': 5 } }],
    [
      'throws what is no error, at once',
      backend(() => {
        throw 'oops'
      }),
      { dropped: { 'the request failed: oops': 5 } },
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
    const outlet = new ExporterOutlet(exporter)
    offerAll(outlet, metrics(5))
    await outlet.close()
    const account = accountOf(outlet.account())
    expect(account).toEqual({ offered: 5, delivered: 0, rejected: {}, dropped: {}, queued: 0, ...expected })
    expect(undelivered(outlet.account())).toBe(5 - account.delivered)
  })

  test('answers nonsense', async () => {
    const outlet = new ExporterOutlet(backend(bad(undefined)).exporter)
    offerAll(outlet, metrics(5))
    await outlet.close()
    const { dropped } = accountOf(outlet.account())
    expect(Object.entries(dropped)).toEqual([[expect.stringMatching(/^the request failed: /), 5]])
  })

  test('cannot be closed', async () => {
    const outlet = new ExporterOutlet(backend(undefined, { close: () => Promise.reject(new Error('still busy')) }).exporter)
    await outlet.close()
    expect(outlet.account()).toEqual({ unit: 'records', outlet: 'memory', kinds: {}, closeFailure: 'still busy' })
  })

  test('a reason for each record does not grow without end', async () => {
    const { exporter } = backend(undefined, { encode: ({ id }) => ({ rejected: id }) })
    const outlet = new ExporterOutlet(exporter)
    offerAll(outlet, metrics(500))
    const { rejected } = accountOf(outlet.account())
    expect(Object.keys(rejected)).toHaveLength(51)
    expect(total(rejected)).toBe(500)
  })

  test('balances at any moment, whatever the backend answers', async () => {
    const fates = fc.array(fc.constantFrom('take', 'retry', 'reject', 'throw'), { minLength: 1, maxLength: 20 })
    const steps = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fates, steps, async (fate, offers) => {
        const { exporter } = backend(async (batch, request) => {
          const kind = fate[request % fate.length]
          if (kind === 'throw') throw new Error('lost')
          const indexes = batch.map((_, index) => index).filter((index) => index % 2 === 0)
          return {
            retry: kind === 'retry' ? indexes : [],
            rejected: kind === 'reject' ? indexes.map((index) => ({ index, reason: 'no' })) : [],
          }
        })
        const outlet = new ExporterOutlet(exporter, { queueBytes: 20 })
        for (const count of offers) {
          offerAll(outlet, records(count))
          for (const account of Object.values(outlet.account().kinds)) expect(balance(account)).toBe(account.offered)
          if (count % 2 === 0) await outlet.settle()
        }
        await outlet.close()
        const accounts = Object.values(outlet.account().kinds)
        for (const account of accounts) expect([balance(account), account.queued]).toEqual([account.offered, 0])
        expect(accounts.reduce((sum, { offered }) => sum + offered, 0)).toBe(offers.reduce((sum, count) => sum + count, 0))
      }),
    )
  })
})
