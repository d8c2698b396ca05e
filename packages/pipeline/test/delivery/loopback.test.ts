import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exporter, TelemetryRecord } from '@geneve-telemetry/core'
import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer } from '../../../../test/loopback-server.ts'
import { type OutletAccount, recordImbalances } from '../../src/delivery/account.ts'
import { readDeadLetters } from '../../src/delivery/dead-letter-reader.ts'
import { DeadLetters } from '../../src/delivery/dead-letters.ts'
import { ExporterOutlet } from '../../src/delivery/exporter-outlet.ts'
import type { DeliveryOptions } from '../../src/delivery/options.ts'
import { backend } from '../backend.ts'
import { loopbackExporter } from '../loopback-exporter.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-delivery-'))
afterAll(() => rmSync(folder, { recursive: true }))

let server: LoopbackServer
beforeEach(async () => {
  server = await LoopbackServer.start(() => ({ status: 200 }))
})
afterEach(() => server.close())

const metric = (id: string): TelemetryRecord => ({ ...sampleMetricRecord(), id })
const received = (): string[] => server.received.map(({ body }) => Buffer.from(body).toString().trimEnd().replaceAll('\n', ' '))
const QUICK = { retryLeastMs: 1, retryMostMs: 5, timeoutMs: 5_000 } as const

/** Sends `m-0` to `m-3` in one request to a server that answers so, and returns the account. */
async function deliver(
  answers: readonly Answer[],
  options: DeliveryOptions = {},
  overrides: Partial<Exporter> = {},
): Promise<OutletAccount> {
  server.play(...answers)
  const outlet = new ExporterOutlet(loopbackExporter(server.url, overrides), { ...QUICK, ...options })
  for (let index = 0; index < 4; index++) outlet.offer(metric(`m-${index}`))
  await outlet.close()
  expect(recordImbalances(outlet.account())).toEqual([])
  return outlet.account()
}

const ALL = 'm-0 m-1 m-2 m-3'
const DONE = { offered: 4, delivered: 4, rejected: {}, dropped: {}, queued: 0, uncertain: 0 }

describe('a record has one end, and is counted there, when the backend', () => {
  test.each<[name: string, answers: readonly Answer[], repetitions: number]>([
    ['answers 429', [{ status: 429 }], 1],
    ['answers 503 several times', [{ status: 503 }, { status: 503 }, { status: 503 }], 3],
  ])('%s', async (_, answers, repetitions) => {
    const account = await deliver(answers)
    expect(account).toMatchObject({ kinds: { metric: DONE }, requests: 1 + repetitions, retries: repetitions })
    expect(received()).toEqual(new Array(1 + repetitions).fill(ALL))
  })

  test('wants to be left alone for a second', async () => {
    const begun = performance.now()
    const account = await deliver([{ status: 429, headers: { 'retry-after': '1' } }])
    expect(performance.now() - begun).toBeGreaterThan(990)
    expect(account).toMatchObject({ kinds: { metric: DONE }, requests: 2 })
  })

  test('wants to be left alone for longer than records are tried', async () => {
    const account = await deliver([{ status: 503, headers: { 'retry-after': '3600' } }], { retryForMs: 50 })
    expect(account.kinds.metric).toMatchObject({ offered: 4, delivered: 0, dropped: { 'gave up: HTTP 503': 4 }, uncertain: 0 })
    expect(account.requests).toBe(1)
  })

  test('finds requests too large', async () => {
    const account = await deliver([{ status: 413 }, { status: 413 }])
    expect(account.kinds.metric).toMatchObject(DONE)
    expect(received()).toEqual([ALL, 'm-0 m-1', 'm-0', 'm-1', 'm-2 m-3'])
  })

  test('finds a single record too large', async () => {
    const account = await deliver([{ status: 413 }, { status: 413 }, { status: 413 }])
    expect(account.kinds.metric).toMatchObject({ ...DONE, delivered: 3, rejected: { 'the backend finds it too large': 1 } })
    expect(received()).toEqual([ALL, 'm-0 m-1', 'm-0', 'm-1', 'm-2 m-3'])
  })

  test('takes some, rejects one and wants one again: only that one is sent again', async () => {
    const partly = JSON.stringify({ retry: [2], rejected: [{ index: 1, reason: 'field is no number' }] })
    const account = await deliver([{ status: 200, body: partly }])
    expect(account.kinds.metric).toMatchObject({ ...DONE, delivered: 3, rejected: { 'field is no number': 1 } })
    expect(received()).toEqual([ALL, 'm-2'])
  })

  test('answers 400', async () => {
    const account = await deliver([{ status: 400 }])
    expect(account).toMatchObject({ kinds: { metric: { ...DONE, delivered: 0, rejected: { 'HTTP 400': 4 } } }, requests: 1 })
  })

  test.each<[name: Answer & string, options: DeliveryOptions]>([
    ['hang', { timeoutMs: 50 }],
    ['hang-up', {}],
    ['close-after-headers', {}],
    ['half-a-response', {}],
  ])('does not say what became of them (%s)', async (answer, options) => {
    const account = await deliver([answer], options)
    expect(account).toMatchObject({ kinds: { metric: { ...DONE, uncertain: 4 } }, requests: 2, retries: 1 })
    expect(received()).toEqual([ALL, ALL])
  })

  test('does not say what became of them, and would count them twice', async () => {
    const account = await deliver(['half-a-response'], { uncertain: 'give-up' }, { repeat: 'counts-twice' })
    const [[reason, count] = [], ...others] = Object.entries(account.kinds.metric?.dropped ?? {})
    expect([count, others, account.requests, account.kinds.metric?.uncertain]).toEqual([4, [], 1, 4])
    expect(reason).toMatch(/^gave up: the request failed: /)
    const resent = await deliver(['half-a-response'], { uncertain: 'resend' }, { repeat: 'counts-twice' })
    expect(resent.kinds.metric).toMatchObject({ ...DONE, uncertain: 4 })
  })

  test('is not there', async () => {
    const gone = await LoopbackServer.start(() => ({ status: 200 }))
    const { url } = gone
    await gone.close()
    const outlet = new ExporterOutlet(loopbackExporter(url), { ...QUICK, retryForMs: 30 })
    outlet.offer(metric('m'))
    await outlet.close()
    const { dropped, queued } = outlet.account().kinds.metric!
    expect([Object.entries(dropped), queued]).toEqual([[[expect.stringMatching(/^gave up: .*ECONNREFUSED/), 1]], 0])
  })
})

describe('the end', () => {
  test('comes after `drainMs`, and what is left is dropped and kept', async () => {
    const path = join(folder, 'drained')
    const deadLetters = new DeadLetters(path)
    const begun = performance.now()
    const account = await deliver(['hang'], { drainMs: 60, deadLetters })
    expect(performance.now() - begun).toBeLessThan(3_000)
    const reason = 'no time was left: the request failed: it was cut short'
    expect(account.kinds.metric).toMatchObject({ offered: 4, delivered: 0, dropped: { [reason]: 4 }, queued: 0, deadLettered: 4 })
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(4)
  })

  test('comes at once for who is in a hurry', async () => {
    const hurry = new AbortController()
    const outlet = new ExporterOutlet(loopbackExporter(server.url), QUICK)
    server.play('hang')
    for (let index = 0; index < 20; index++) outlet.offer(metric(`m-${index}`))
    setTimeout(() => hurry.abort(), 30)
    await outlet.close(hurry.signal)
    expect(recordImbalances(outlet.account())).toEqual([])
    expect(outlet.account().kinds.metric).toMatchObject({ offered: 20, delivered: 0, queued: 0 })
  })
})

describe('two outlets, one of which is dead', () => {
  test('the other gets everything, without being held up; what does not fit is kept', async () => {
    const path = join(folder, 'overflow')
    server.play(...new Array<Answer>(1_000).fill({ status: 503 }))
    const options = { ...QUICK, queueRecords: 10, patienceMs: 50, drainMs: 50, deadLetters: new DeadLetters(path) }
    const dead = new ExporterOutlet(loopbackExporter(server.url), options)
    const good = backend()
    const outlets = [dead, new ExporterOutlet(good.exporter)]
    const begun = performance.now()
    for (let index = 0; index < 500; index++) {
      for (const outlet of outlets) outlet.offer(metric(`m-${index}`))
      await Promise.all(outlets.map((outlet) => outlet.settle()))
    }
    expect(performance.now() - begun).toBeLessThan(2_000)
    await Promise.all(outlets.map((outlet) => outlet.close()))
    expect(good.taken()).toHaveLength(500)
    const { metric: account } = dead.account().kinds
    expect(account).toMatchObject({ offered: 500, delivered: 0, queued: 0, deadLettered: 500 })
    expect(Object.keys(account?.dropped ?? {})).toEqual(['no room while HTTP 503', 'no time was left: HTTP 503'])
    const ids: string[] = []
    for await (const letter of readDeadLetters(path)) if ('id' in letter) ids.push(letter.id)
    expect(new Set(ids).size).toBe(500)
  })

  test('a slow one is waited for; a live source does not wait, and counts', async () => {
    for (const full of ['wait', 'drop'] as const) {
      const slow = backend(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return { retry: [], rejected: [] }
      })
      const outlet = new ExporterOutlet(slow.exporter, { full, queueRecords: 4 })
      for (let index = 0; index < 50; index++) {
        outlet.offer(metric(`m-${index}`))
        await outlet.settle()
      }
      await outlet.close()
      const { dropped, delivered, offered } = outlet.account().kinds.metric!
      expect([offered, delivered + (dropped['no room'] ?? 0)]).toEqual([50, 50])
      expect((dropped['no room'] ?? 0) > 0).toBe(full === 'drop')
    }
  })
})
