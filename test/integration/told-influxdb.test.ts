import type { ToldValue } from '@geneve-telemetry/core'
import wire from '@geneve-telemetry/exporter-influxdb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DELIVERED, exporterAt, FIELDS, JUST_UNSAFE, MOST, MOST_SIGNED, RUN, send, toldRecord, wholeValues } from './told-record.ts'

// A record with every field goes to real servers and comes back with the same values, numbers of 64 bits too where the server has room for them.

const { INFLUXDB2_URL = '', INFLUXDB2_ORG = '', INFLUXDB2_BUCKET = '', INFLUXDB2_TOKEN = '' } = process.env
const { INFLUXDB1_URL = '', VICTORIAMETRICS_URL = '' } = process.env

describe.skipIf(INFLUXDB2_URL === '')('a real InfluxDB 2 (skipped: INFLUXDB2_URL not set)', () => {
  const environment = { INFLUX_ORG: INFLUXDB2_ORG, INFLUX_BUCKET: INFLUXDB2_BUCKET, INFLUX_TOKEN: INFLUXDB2_TOKEN }

  /** The rows of CSV, with quotes. */
  function rowsOf(csv: string): readonly (readonly string[])[] {
    return csv
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) =>
        Array.from(
          line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
          ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
        ),
      )
  }

  async function point(observer: string): Promise<ReadonlyMap<string, string>> {
    const query = `from(bucket: "${INFLUXDB2_BUCKET}") |> range(start: 0)
      |> filter(fn: (r) => r._measurement == "geneve_telemetry_nat_gateway_id" and r.observer == "${observer}")
      |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`
    const response = await fetch(`${INFLUXDB2_URL}/api/v2/query?org=${INFLUXDB2_ORG}`, {
      method: 'POST',
      headers: { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': 'application/json', accept: 'application/csv' },
      body: JSON.stringify({ query, type: 'flux' }),
    })
    const [keys = [], values = [], ...more] = rowsOf(await response.text())
    expect(more).toEqual([])
    return new Map(keys.map((key, index) => [key, values[index] ?? '']))
  }

  test('gives every field back, in tags and fields, exact up to 2^64 - 1', async () => {
    const exporter = await exporterAt(wire, INFLUXDB2_URL, environment)
    for (const most of [JUST_UNSAFE, MOST]) {
      const record = toldRecord(wholeValues(most), `${RUN}-${most}`)
      expect(await send(exporter, record)).toEqual(DELIVERED)
      const row = await point(`${RUN}-${most}`)
      for (const { name, influx, type } of FIELDS) {
        const told = record.values[name] as ToldValue
        const back = row.get(influx)
        if (type === 'float') expect([name, Number(back)]).toEqual([name, told])
        else expect([name, back]).toEqual([name, typeof told === 'object' ? JSON.stringify(told) : String(told)])
      }
      expect(row.get('subject')).toBe(record.subject.id)
      expect(row.get('told_packets')).toBe(String(record.packets))
    }
  })

  test('has two subjects of the same nanosecond both', async () => {
    const exporter = await exporterAt(wire, INFLUXDB2_URL, environment)
    const record = toldRecord(wholeValues(1n), `${RUN}-two`)
    for (const id of ['one', 'two']) {
      expect(await send(exporter, { ...record, id: `${RUN}-${id}`, subject: { type: 'told_pair', id } })).toEqual(DELIVERED)
    }
    const query = `from(bucket: "${INFLUXDB2_BUCKET}") |> range(start: 0)
      |> filter(fn: (r) => r._measurement == "geneve_telemetry_told_pair" and r.observer == "${RUN}-two" and r._field == "told_packets") |> group() |> count()`
    const response = await fetch(`${INFLUXDB2_URL}/api/v2/query?org=${INFLUXDB2_ORG}`, {
      method: 'POST',
      headers: { authorization: `Token ${INFLUXDB2_TOKEN}`, 'content-type': 'application/json', accept: 'application/csv' },
      body: JSON.stringify({ query, type: 'flux' }),
    })
    expect(
      rowsOf(await response.text())
        .at(-1)
        ?.at(-1),
    ).toBe('2')
  })
})

describe.skipIf(INFLUXDB1_URL === '')('a real InfluxDB 1 (skipped: INFLUXDB1_URL not set)', () => {
  const database = `${RUN}_v1`
  const query = async (q: string): Promise<string> =>
    (await fetch(`${INFLUXDB1_URL}/query`, { method: 'POST', body: new URLSearchParams({ q, db: database }) })).text()
  beforeAll(() => query(`CREATE DATABASE ${database}`))
  afterAll(() => query(`DROP DATABASE ${database}`))

  test('has no unsigned integers: exact up to 2^63 - 1, and above it a record is rejected with the reason', async () => {
    const exporter = await exporterAt(wire, `${INFLUXDB1_URL}?dialect=v1&database=${database}`)
    for (const most of [JUST_UNSAFE, MOST_SIGNED]) {
      expect(await send(exporter, toldRecord(wholeValues(most), `v1-${most}`))).toEqual(DELIVERED)
      const answer = await query(`SELECT packets, connection_errors FROM geneve_telemetry_nat_gateway_id WHERE observer = 'v1-${most}'`)
      expect(answer).toContain(`,${most},${most}]`)
    }
    const rejected = { rejected: expect.stringMatching(/^\w+ is 18446744073709551615: an integer is a whole number below 2\^63$/) }
    expect(exporter.encode(toldRecord(wholeValues(MOST), 'v1'))).toEqual(rejected)
  })
})

describe.skipIf(VICTORIAMETRICS_URL === '')('a real VictoriaMetrics (skipped: VICTORIAMETRICS_URL not set)', () => {
  test('takes unsigned integers, and has about 15 digits of them', async () => {
    const exporter = await exporterAt(wire, `${VICTORIAMETRICS_URL}?dialect=victoriametrics`, {})
    const whole = toldRecord(wholeValues(MOST), RUN)
    // With every field it would have more labels than the server keeps, and is rejected with that reason.
    expect(exporter.encode(whole)).toEqual({ rejected: 'there are more than 39 tags' })
    const { nat_gateway_id = '', packets = 0, packet_loss = 0, cross_zone = false, rule_action = '' } = whole.values
    const record = {
      ...whole,
      time: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
      values: { nat_gateway_id, packets, packet_loss, cross_zone, rule_action },
    }
    expect(await send(exporter, record)).toEqual(DELIVERED)
    await fetch(`${VICTORIAMETRICS_URL}/internal/force_flush`)
    const match = `{__name__=~"geneve_telemetry_nat_gateway_id_.*",observer="${RUN}"}`
    const response = await fetch(`${VICTORIAMETRICS_URL}/api/v1/export?${new URLSearchParams({ 'match[]': match })}`)
    const series = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { metric: Record<string, string>; values: readonly number[] })
    const values = Object.fromEntries(series.map(({ metric, values: [value] }) => [metric['__name__'] ?? '', value]))
    expect(values).toEqual({
      geneve_telemetry_nat_gateway_id_told_packets: record.packets,
      geneve_telemetry_nat_gateway_id_packets: expect.closeTo(2 ** 64, -5),
      geneve_telemetry_nat_gateway_id_packet_loss: 0.1,
      geneve_telemetry_nat_gateway_id_cross_zone: 0,
    })
    for (const { metric } of series) expect(metric).toMatchObject({ subject: record.subject.id, nat_gateway_id })
  })
})
