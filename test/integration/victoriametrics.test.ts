import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { deliver, expectOnce, exporterTo, never, type Row, recordsOf, storedBy } from './influxdb-points.ts'
import { CAPTURES } from './written.ts'

const { VICTORIAMETRICS_URL = '' } = process.env
const url = `${VICTORIAMETRICS_URL}?dialect=victoriametrics`

// It ignores points of the first day of 1970, which is when the first of the shared captures is.
const captures = CAPTURES.filter((capture) => !capture.includes('RECON'))

interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly number[]
  readonly timestamps: readonly number[]
}

/** The points of an observer: a series for each field, put together again by labels and time. */
async function points(measurement: string, observer: string): Promise<readonly Row[]> {
  await fetch(`${VICTORIAMETRICS_URL}/internal/force_flush`)
  const match = `{__name__=~"${measurement}_.*",observer="${observer}"}`
  const response = await fetch(`${VICTORIAMETRICS_URL}/api/v1/export?${new URLSearchParams({ 'match[]': match })}`)
  const rows = new Map<string, Record<string, string>>()
  for (const line of (await response.text()).split('\n').filter((text) => text !== '')) {
    const { metric, values, timestamps } = JSON.parse(line) as Series
    const { __name__: name = '', ...labels } = metric
    timestamps.forEach((time, index) => {
      const key = JSON.stringify([labels, time])
      const row = rows.get(key) ?? { ...labels, time: String(time) }
      rows.set(key, { ...row, [name.slice(measurement.length + 1)]: String(values[index]) })
    })
  }
  return [...rows.values()]
}
const stored = (observer: string): Promise<readonly Row[]> => storedBy(points, observer)

describe.skipIf(VICTORIAMETRICS_URL === '')('a real VictoriaMetrics (skipped: VICTORIAMETRICS_URL not set)', () => {
  test.each(captures)('has per flow and per series what is in %s, once, however often it is written', async (capture) => {
    const observer = `test-${process.pid}-${captures.indexOf(capture)}`
    await expectOnce(await exporterTo(url, {}), capture, observer, points)
  })

  test('has two captures of the same time both', async () => {
    const observer = `test-${process.pid}-two`
    const exporter = await exporterTo(url, {}, false)
    const records = (await recordsOf(captures[1]!, observer)).filter(({ kind }) => kind === 'metric')
    await deliver(exporter, records)
    await deliver(
      exporter,
      records.map((record) => ({ ...record, id: `other-${record.id}` })),
    )
    expect((await stored(observer)).length).toBe(2 * records.length)
  })

  test('keeps about 15 digits, and whole milliseconds', async () => {
    const observer = `test-${process.pid}-digits`
    const value = 999_999_999_999_999
    const record = { ...sampleMetricRecord(), observer, start: { seconds: 1_795_428_000, nanos: 123_456_789 } }
    await deliver(await exporterTo(url, {}), [
      { ...record, points: { bytes: { type: 'sum', value }, packets: { type: 'sum', value: 2n ** 63n - 1n } } },
    ])
    const [row] = await points('geneve_traffic', observer)
    expect(row).toMatchObject({ bytes: String(value), time: '1795428000123' })
    expect(Math.abs(Number(row?.['packets']) / 2 ** 63 - 1)).toBeLessThan(1e-12)
  })

  test('says in one line what does not fit', async () => {
    const exporter = await exporterTo(`${VICTORIAMETRICS_URL}?dialect=v3&database=x`, {})
    await expect(exporter.start?.(never)).rejects.toThrow(/; the server is VictoriaMetrics: its dialect is victoriametrics$/)
  })
})
