import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sink, ToldRecord } from '@geneve-telemetry/core'
import wire from '@geneve-telemetry/exporter-opentelemetry'
import { describe, expect, test } from 'vitest'
import { FIELDS, JUST_UNSAFE, MOST, never, RUN, toldRecord, wholeValues, wiring } from './told-record.ts'

// A record with every field goes to real servers and comes back with the same values, numbers of 64 bits too where the server has room for them.

const { OTLP_HTTP_URL, OTELCOL_OUT } = process.env

describe.skipIf(OTLP_HTTP_URL === undefined || OTELCOL_OUT === undefined)(
  'a real OpenTelemetry Collector (skipped: OTLP_HTTP_URL not set)',
  () => {
    interface AnyValue {
      readonly stringValue?: string
      readonly intValue?: string
      readonly doubleValue?: number
      readonly boolValue?: boolean
      readonly arrayValue?: { readonly values: readonly AnyValue[] }
    }
    interface Attribute {
      readonly key: string
      readonly value: AnyValue
    }
    interface DataPoint {
      readonly asInt?: string
      readonly asDouble?: number
      readonly attributes: readonly Attribute[]
    }

    const valueIn = ({ stringValue, intValue, doubleValue, boolValue, arrayValue }: AnyValue): unknown =>
      arrayValue?.values.map(valueIn) ?? stringValue ?? boolValue ?? doubleValue ?? Number(intValue)

    /** What the collector wrote of an observer: a little later than it answers. */
    async function received(file: string, observer: string): Promise<unknown> {
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await delay(100)) {
        const line = (await readFile(join(OTELCOL_OUT ?? '', file), 'utf8')).split('\n').find((one) => one.includes(observer))
        if (line !== undefined) return JSON.parse(line)
      }
      throw new Error(`nothing of ${observer} in ${file}`)
    }

    async function deliver(record: ToldRecord) {
      const sinks = (await wire(wiring(OTLP_HTTP_URL ?? ''))) as readonly Sink[]
      const answers: unknown[] = []
      for (const sink of sinks) {
        await sink.start?.(never)
        answers.push(sink.take(record) ?? (await sink.push(never)))
        await sink.close?.()
      }
      return answers
    }
    const delivered = [{ kind: 'telemetry', records: 1, fate: 'delivered' }]

    async function event(observer: string): Promise<ReadonlyMap<string, unknown>> {
      const { resourceLogs } = (await received('logs.jsonl', observer)) as {
        resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: string; attributes: readonly Attribute[] }] }] }]
      }
      const [log] = resourceLogs[0].scopeLogs[0].logRecords
      expect(log.eventName).toBe('geneve.telemetry')
      return new Map(log.attributes.map(({ key, value }) => [key, valueIn(value)]))
    }

    test('gives every number back as metric, and every field in the event', async () => {
      const observer = `${RUN}-safe`
      const record = toldRecord(wholeValues(BigInt(Number.MAX_SAFE_INTEGER)), observer)
      expect(await deliver(record)).toEqual([delivered, delivered])
      const { resourceMetrics } = (await received('metrics.jsonl', observer)) as {
        resourceMetrics: [
          {
            scopeMetrics: [{ metrics: readonly { name: string; sum?: { dataPoints: [DataPoint] }; gauge?: { dataPoints: [DataPoint] } }[] }]
          },
        ]
      }
      const metrics = new Map(resourceMetrics[0].scopeMetrics[0].metrics.map((metric) => [metric.name, metric]))
      const numbers = FIELDS.filter(({ instrument }) => instrument === 'gauge' || instrument === 'counter')
      expect(metrics.size).toBe(numbers.length)
      for (const { name, otel, instrument } of numbers) {
        const { sum, gauge } = metrics.get(otel)!
        const [point] = (instrument === 'counter' ? sum : gauge)!.dataPoints
        expect([name, Number(point.asInt ?? point.asDouble)]).toEqual([name, record.values[name]])
      }
      const attributes = await event(observer)
      for (const { name, otel } of FIELDS) expect([name, attributes.get(otel)]).toEqual([name, record.values[name]])
    })

    test('a number above 2^53 - 1 is no metric, which is counted with the reason, and in the event its digits', async () => {
      for (const most of [JUST_UNSAFE, MOST]) {
        const observer = `${RUN}-${most}`
        const record = toldRecord(wholeValues(most), observer)
        const rejected = {
          rejected: expect.stringMatching(`is ${most}: the metrics of OpenTelemetry for JavaScript are exact up to 2\\^53 - 1 only$`),
        }
        expect(await deliver(record)).toEqual([rejected, delivered])
        const attributes = await event(observer)
        for (const { name, otel } of FIELDS) {
          const told = record.values[name]
          expect([name, attributes.get(otel)]).toEqual([name, typeof told === 'bigint' ? String(told) : told])
        }
      }
    })
  },
)
