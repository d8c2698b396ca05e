import type { Receipt, Sink, TelemetryRecord } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordImbalances } from '../../src/delivery/account.ts'
import { SinkOutlet } from '../../src/delivery/sink-outlet.ts'

const metric = (): TelemetryRecord => sampleMetricRecord()

/** A client in memory; `answer` says what it makes of what waits. */
function sink(
  answer: (waiting: number, push: number, signal: AbortSignal) => readonly Receipt[] | Promise<readonly Receipt[]>,
): Sink & { pushes: () => number } {
  let waiting = 0
  let pushes = 0
  return {
    name: 'client',
    accepts: ['metric', 'flow'],
    repeat: 'harmless',
    take(record) {
      if (record.id === 'bad') return { rejected: 'no number' }
      waiting++
      return undefined
    },
    async push(signal) {
      const receipts = await answer(waiting, pushes++, signal)
      waiting -= receipts.reduce((sum, { records }) => sum + records, 0)
      return receipts
    },
    pushes: () => pushes,
  }
}

const delivered = (records: number): readonly Receipt[] => [{ kind: 'metric', records, fate: 'delivered' }]

describe('a sink', () => {
  test('is pushed when `pushRecords` wait, after `pushMs`, and at the end', async () => {
    const client = sink(delivered)
    const outlet = new SinkOutlet(client, { pushMs: 30, pushRecords: 5 })
    for (let index = 0; index < 5; index++) outlet.offer(metric())
    expect(client.pushes()).toBe(1)
    outlet.offer(metric())
    await new Promise((resolve) => setTimeout(resolve, 90))
    expect(client.pushes()).toBe(2)
    outlet.offer(metric())
    await outlet.close()
    expect(outlet.account()).toMatchObject({ requests: 3, kinds: { metric: { offered: 7, delivered: 7, queued: 0 } } })
  })

  test('may reject at once, reject and drop later, and never acknowledge', async () => {
    const client = sink(() => [
      { kind: 'metric', records: 1, fate: 'delivered' },
      { kind: 'metric', records: 1, fate: 'rejected', reason: 'too old' },
      { kind: 'metric', records: 1, fate: 'dropped', reason: 'gave up' },
    ])
    const outlet = new SinkOutlet(client, { kinds: ['metric'] })
    outlet.offer({ ...metric(), id: 'bad' })
    outlet.offer(sampleFlowRecord())
    for (let index = 0; index < 5; index++) outlet.offer(metric())
    await outlet.close()
    outlet.offer(metric())
    expect(outlet.account().kinds).toEqual({
      metric: expect.objectContaining({
        offered: 7,
        delivered: 1,
        rejected: { 'no number': 1, 'too old': 1 },
        dropped: { 'gave up': 1, 'never acknowledged': 2, 'it came after the end': 1 },
        queued: 0,
      }),
    })
  })

  test('that never answers ends with the drain', async () => {
    const outlet = new SinkOutlet(
      sink(() => new Promise(() => undefined)),
      { drainMs: 30 },
    )
    outlet.offer(metric())
    await outlet.close()
    expect(outlet.account().kinds.metric).toMatchObject({ dropped: { 'never acknowledged': 1 }, queued: 0 })
  })

  test('that acknowledges nothing holds the source up no longer than `patienceMs`', async () => {
    const outlet = new SinkOutlet(
      sink(() => []),
      { queueRecords: 5, pushRecords: 2, patienceMs: 40 },
    )
    for (let index = 0; index < 100; index++) {
      outlet.offer(metric())
      await outlet.settle()
    }
    await outlet.close()
    const { dropped, queued } = outlet.account().kinds.metric!
    expect([dropped, queued]).toEqual([{ 'no room while nothing is acknowledged': 94, 'never acknowledged': 6 }, 0])
  })

  test('balances, whatever the client says', async () => {
    const receipts = fc.record({
      kind: fc.constantFrom('metric', 'flow', 'packet'),
      records: fc.integer({ min: -2, max: 9 }),
      fate: fc.constantFrom('delivered', 'rejected', 'dropped'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(receipts, { maxLength: 3 }), { maxLength: 6 }), async (said) => {
        const outlet = new SinkOutlet(
          sink((_, push) => (said[push] ?? []) as readonly Receipt[]),
          { pushRecords: 3 },
        )
        for (let index = 0; index < 10; index++) {
          outlet.offer(metric())
          if (index % 4 === 3) await new Promise(setImmediate)
          expect(recordImbalances(outlet.account())).toEqual([])
        }
        await outlet.close()
        expect(recordImbalances(outlet.account())).toEqual([])
        expect(outlet.account().kinds.metric?.queued).toBe(0)
      }),
    )
  })
})
