import { describe, expect, test } from 'vitest'
import type { Encoded, Exporter, Outcome } from '../../src/telemetry/exporter.ts'
import { DELIVERED } from '../../src/telemetry/exporter.ts'
import type { TelemetryRecord } from '../../src/telemetry/record.ts'
import type { ExporterTest, Mood } from '../../src/testing/testing.ts'
import { concat, testExporter } from '../../src/testing/testing.ts'
import { failuresOf } from './outcomes.ts'

const RECORD_BYTES = 1_000_000

/** A line of JSON a record, to a backend that is a mood. */
function jsonLines(mood: Mood): Exporter {
  return {
    name: 'json-lines',
    accepts: ['packet', 'flow', 'metric'],
    limits: { records: 100, bytes: 10_000_000, recordBytes: RECORD_BYTES },
    fileName: 'records.ndjson',
    repeat: 'harmless',
    encode: (record) => {
      const bytes = new TextEncoder().encode(`${JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}\n`)
      return bytes.byteLength > RECORD_BYTES ? { rejected: 'too-large' } : { id: record.id || 'none', kind: record.kind, bytes }
    },
    body: (batch) => concat(...batch.map(({ bytes }) => bytes)),
    send: (batch, signal) => answer(mood, batch, signal),
  }
}

function answer(mood: Mood, batch: readonly Encoded[], signal: AbortSignal): Promise<Outcome> {
  const all = batch.map((_, index) => index)
  switch (mood) {
    case 'takes-all':
      return Promise.resolve(DELIVERED)
    case 'refuses-second':
      return Promise.resolve({ retry: [], rejected: [{ index: 1, reason: 'mapping' }] })
    case 'busy':
      return Promise.resolve({ retry: all, rejected: [], retryAfterMs: 1000 })
    case 'too-large':
      return Promise.resolve({ retry: all, rejected: [], halve: true })
    case 'silent':
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason))
      })
  }
}

const options: ExporterTest = {
  parse: (body) => {
    const lines = new TextDecoder('utf-8', { fatal: true }).decode(body).split('\n')
    expect(lines.pop()).toBe('')
    for (const line of lines) JSON.parse(line)
    return lines.length
  },
}

describe('a good exporter', () => {
  testExporter(jsonLines, options, test)
  testExporter((mood) => ({ ...jsonLines(mood), name: 'flows-only', accepts: ['flow'] }), { ...options, moods: ['takes-all'] }, test)
})

const unread = (record: TelemetryRecord): string => JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? 0 : value))
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
let count = 0

test.each<[string, (mood: Mood) => Partial<Exporter>, RegExp]>([
  ['accepting nothing', () => ({ accepts: [] }), /accepts/],
  ['a record larger than a request', () => ({ limits: { records: 1, bytes: 1, recordBytes: 2 } }), /larger than a request/],
  ['no limit', () => ({ limits: { records: 0, bytes: 2, recordBytes: 2 } }), /limits.records/],
  ['a folder for a file', () => ({ fileName: 'a/b' }), /file name/],
  ['another kind', () => ({ encode: (record) => ({ id: record.id, kind: 'flow', bytes: text(`${unread(record)}\n`) }) }), /kind/],
  [
    'an encoder with a counter',
    () => ({ encode: (record) => ({ id: record.id, kind: record.kind, bytes: text(`${count++}\n`) }) }),
    /encoded again/,
  ],
  ['one id for all', () => ({ encode: (record) => ({ id: 'x', kind: record.kind, bytes: text('{}\n') }) }), /different ids/],
  [
    'an encoder that writes into the record',
    () => ({ encode: (record) => ({ ...Object.assign(record, { id: 'x' }), bytes: text('{}\n') }) }),
    /read only|extensible/,
  ],
  [
    'an encoder that throws on bigint',
    () => ({ encode: (record) => ({ id: record.id, kind: record.kind, bytes: text(JSON.stringify(record)) }) }),
    /BigInt/,
  ],
  ['an encoder with one buffer', () => oneBuffer(), /bytes|body/],
  [
    'names without quotes',
    () => ({ encode: (record) => ({ id: 'x', kind: record.kind, bytes: text(`{"id":"${record.id}"}\n`) }) }),
    /JSON/,
  ],
  ['records beyond the limit', () => ({ limits: { records: 1, bytes: 2000, recordBytes: 100 } }), /recordBytes/],
  ['a body without end', () => ({ body: (batch) => concat(...batch.map(({ bytes }) => bytes)).slice(0, -1) }), /expected|records/],
  ['a body of one', () => ({ body: (batch) => batch[0]!.bytes }), /records in the body/],
  ['close that waits for start', () => ({ close: () => Promise.reject(new Error('not started')) }), /not started/],
  ['all delivered, whatever is said', () => ({ send: () => Promise.resolve(DELIVERED) }), /rejected/],
  ['no ear for the signal', () => ({ send: (batch) => answer('takes-all', batch, AbortSignal.abort()) }), /aborted send/],
  ['a send that never ends', () => ({ send: () => new Promise(() => {}) }), /goes on/],
])('%s is found', async (name, change, message) => {
  const moods: readonly Mood[] = name === 'a send that never ends' ? ['silent'] : ['refuses-second', 'silent']
  const failures = Object.values(
    await failuresOf((declare) => testExporter((mood) => ({ ...jsonLines(mood), ...change(mood) }), { ...options, moods }, declare)),
  )
  expect(
    failures.some((failure) => message.test(failure)),
    failures.join('\n'),
  ).toBe(true)
})

function oneBuffer(): Partial<Exporter> {
  const buffer = new Uint8Array(RECORD_BYTES)
  return {
    encode: (record) => ({
      id: record.id,
      kind: record.kind,
      bytes: buffer.subarray(0, new TextEncoder().encodeInto(`${unread(record)}\n`, buffer).written),
    }),
  }
}
