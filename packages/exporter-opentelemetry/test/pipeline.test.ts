import type { MetricRecord, MetricSource } from '@geneve-telemetry/core'
import type { MetricProducer } from '@opentelemetry/sdk-metrics'
import * as sdk3 from '@opentelemetry/sdk-metrics'
import * as sdk2 from 'sdk-metrics-2'
import { describe, expect, test } from 'vitest'
import { GeneveMetricProducer, instrument } from '../src/index.ts'
import { traffic } from './records.ts'

type Sdk = typeof sdk3

const at = (minute: number): Pick<MetricRecord, 'start' | 'end'> => ({
  start: { seconds: 1_795_428_000 + minute * 60, nanos: 0 },
  end: { seconds: 1_795_428_060 + minute * 60, nanos: 0 },
})
const packets = (value: number): MetricRecord['points'] => ({ packets: { type: 'sum', value } })

/** A stranger's program: its own provider and counter, and what its reader collects. */
function stranger({ MeterProvider, MetricReader, AggregationTemporality }: Sdk, producers: MetricProducer[] = []) {
  class Reader extends MetricReader {
    protected override async onShutdown(): Promise<void> {}
    protected override async onForceFlush(): Promise<void> {}
  }
  const reader = new Reader({
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    metricProducers: producers,
  })
  const provider = new MeterProvider({ readers: [reader] })
  provider.getMeter('theirs').createCounter('their.counter').add(3)
  return {
    provider,
    async values(name: string): Promise<readonly unknown[]> {
      const { resourceMetrics } = await reader.collect()
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value as unknown))
    },
  }
}

describe.each([
  ['2', sdk2 as unknown as Sdk],
  ['3', sdk3],
])('SDK %s', (_, sdk) => {
  test('shows the totals of a source until it is taken away', async () => {
    const program = stranger(sdk)
    let records = [{ ...traffic, points: packets(18) }]
    const remove = instrument(program.provider, { collect: () => records })
    expect(await program.values('geneve.traffic.packets')).toEqual([18])
    records = [
      { ...traffic, points: packets(20) },
      { ...traffic, attributes: { vni: 11 }, points: packets(1) },
    ]
    expect(await program.values('geneve.traffic.packets')).toEqual([20, 1])
    remove()
    expect(await program.values('their.counter')).toEqual([3])
  })

  test('a source that throws loses nothing else', async () => {
    const errors: unknown[] = []
    const program = stranger(sdk)
    const broken = () => {
      throw new Error('broken')
    }
    instrument(program.provider, { collect: broken }, { onError: (error) => errors.push(error) })
    expect(await program.values('their.counter')).toEqual([3])
    expect(errors).toEqual([new Error('broken')])
  })

  test.each<[string, () => unknown]>([
    ['never resolves', () => new Promise(() => undefined)],
    ['resolves', async () => [traffic]],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('a source whose promise %s loses nothing else', async (_promise, collect) => {
    const errors: unknown[] = []
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const program = stranger(sdk)
    instrument(program.provider, { collect } as unknown as MetricSource, { onError: (error) => errors.push(error) })
    expect(await program.values('their.counter')).toEqual([3])
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(errors).toEqual([expect.any(TypeError)])
    expect(unhandled).toEqual([])
  })

  test('an onError that throws loses nothing else', async () => {
    const program = stranger(sdk)
    const collect = () => [
      { ...traffic, points: packets(-1) },
      { ...traffic, points: packets(1) },
    ]
    const onError = () => {
      throw new Error('no room for the error')
    }
    instrument(program.provider, { collect }, { onError })
    expect(await program.values('their.counter')).toEqual([3])
    expect(await program.values('their.counter')).toEqual([3])
  })

  test('a producer gives each interval its own point, then the total again', async () => {
    const producer = new GeneveMetricProducer()
    const program = stranger(sdk, [producer])
    for (const minute of [0, 1, 2]) producer.add({ ...traffic, ...at(minute), points: packets(10) })
    expect(await program.values('geneve.traffic.packets')).toEqual([10, 20, 30])
    expect(await program.values('geneve.traffic.packets')).toEqual([30])
    expect(await program.values('their.counter')).toEqual([3])
  })

  test('a producer of deltas says nothing twice', async () => {
    const producer = new GeneveMetricProducer({ temporality: 'delta' })
    const program = stranger(sdk, [producer])
    for (const minute of [0, 1]) producer.add({ ...traffic, ...at(minute), points: packets(10 + minute) })
    expect(await program.values('geneve.traffic.packets')).toEqual([10, 11])
    expect(await program.values('geneve.traffic.packets')).toEqual([])
  })

  test('what a producer cannot say is refused as it is added, and loses nothing else', async () => {
    const producer = new GeneveMetricProducer()
    const program = stranger(sdk, [producer])
    expect(producer.add({ ...traffic, points: packets(-1) })).toHaveProperty('rejected')
    producer.add({ ...traffic, points: packets(1) })
    expect(await program.values('geneve.traffic.packets')).toEqual([1])
    expect(await program.values('their.counter')).toEqual([3])
  })
})

test('attributes are the same series in whatever order they stand, and another one with any other value', async () => {
  const producer = new GeneveMetricProducer()
  const same = [
    { vni: 1, transport: 'tcp' },
    { transport: 'tcp', vni: 1 },
  ]
  const others = [
    { vni: '1', transport: 'tcp' },
    { vni: 1 },
    { vni: 1, transport: 'tcp",1' },
    { vni: 11, transport: '' },
    { vni: 1, transport: '1:tcp' },
    { a: 'x"1:y', b: '' },
    { a: 'x', b: '1:y' },
  ]
  for (const attributes of [...same, ...others]) producer.add({ ...traffic, ...at(0), attributes, points: packets(1) })
  producer.add({ ...traffic, ...at(0), observer: 'tap-2', attributes: same[0]!, points: packets(1) })
  producer.add({ ...traffic, ...at(0), id: '0a1c-traffic-10', attributes: same[0]!, points: packets(1) })
  const { resourceMetrics } = await producer.collect()
  const values = resourceMetrics.scopeMetrics[0]!.metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value))
  expect(values.toSorted()).toEqual([...[...others, 'tap-2', '0a1c'].map(() => 1), 2])
})

test('beyond the limit, series are one; those of which nothing comes are forgotten', async () => {
  const producer = new GeneveMetricProducer({ cardinalityLimit: 3, expiryMs: 60_000 })
  const points = async () =>
    (await producer.collect()).resourceMetrics.scopeMetrics[0]!.metrics.flatMap(({ dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [attributes['geneve.vni'] ?? attributes['otel.metric.overflow'], value]),
    )
  for (const vni of [1, 2, 3, 4]) producer.add({ ...traffic, ...at(0), attributes: { vni }, points: packets(vni) })
  expect(await points()).toEqual([
    [1, 1],
    [2, 2],
    [true, 7],
  ])
  producer.add({ ...traffic, ...at(9), attributes: { vni: 1 }, points: packets(1) })
  await points()
  expect(await points()).toEqual([[1, 2]])
})

test('exponential histograms are added up at the coarser scale', async () => {
  const producer = new GeneveMetricProducer()
  const histogram = (scale: number, offset: number, bucketCounts: readonly number[]) => {
    const count = bucketCounts.reduce((sum, one) => sum + one, 0)
    return {
      duration: { type: 'histogram' as const, scale, zeroCount: 0, positive: { offset, bucketCounts }, count, sum: count, min: 1, max: 4 },
    }
  }
  producer.add({ ...traffic, ...at(0), points: histogram(1, 2, [1, 2, 3]) })
  producer.add({ ...traffic, ...at(1), points: histogram(0, 0, [5, 0, 1]) })
  const { resourceMetrics } = await producer.collect()
  const values = resourceMetrics.scopeMetrics[0]!.metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value))
  expect(values[1]).toMatchObject({ scale: 0, count: 12, sum: 12, min: 1, max: 4, positive: { offset: 0, bucketCounts: [5, 3, 4] } })
})

test('an exponential histogram of no values changes nothing, and one that cannot be is rejected', async () => {
  const producer = new GeneveMetricProducer()
  const empty = { type: 'histogram' as const, scale: 0, zeroCount: 0, positive: { offset: 0, bucketCounts: [] }, count: 0, sum: 0 }
  const three = { ...empty, scale: 1, positive: { offset: 2, bucketCounts: [1, 2] }, count: 3, sum: 8, min: 2.5, max: 3 }
  for (const duration of [empty, three, empty]) producer.add({ ...traffic, ...at(0), points: { duration } })
  const beyond = { ...three, positive: { offset: 2 ** 31 - 1, bucketCounts: [1, 2] } }
  expect(producer.add({ ...traffic, ...at(1), points: { duration: beyond } })?.rejected).toContain('its buckets are numbered in 32 bits')
  const { resourceMetrics } = await producer.collect()
  const [duration] = resourceMetrics.scopeMetrics[0]!.metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value))
  expect(duration).toMatchObject({ scale: 1, count: 3, sum: 8, min: 2.5, max: 3, positive: { offset: 2, bucketCounts: [1, 2] } })
})
