import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Encoded, TelemetryRecord } from '@geneve-telemetry/core'
import { sampleMetricRecord } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readDeadLetters, type UnreadableLetter } from '../../src/delivery/dead-letter-reader.ts'
import { type DeadLetter, DeadLetters } from '../../src/delivery/dead-letters.ts'
import { ExporterOutlet } from '../../src/delivery/exporter-outlet.ts'
import { replay } from '../../src/delivery/replay.ts'
import { backend } from '../backend.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-letters-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const fresh = (): string => join(folder, `${++files}.ndjson`)

const record = (id: string, bytes: Uint8Array = Buffer.from(id)): Encoded => ({ id, kind: 'metric', bytes })
const rejected = (...records: readonly Encoded[]) => records.map((one) => ({ record: one, fate: 'rejected', reason: 'no' }) as const)

async function lettersOf(path: string): Promise<(DeadLetter | UnreadableLetter)[]> {
  const letters: (DeadLetter | UnreadableLetter)[] = []
  for await (const letter of readDeadLetters(path)) letters.push(letter)
  return letters
}

describe('a file of dead letters', () => {
  test('gives back the bytes, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array(),
            fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
          ),
        ),
        async (all) => {
          const path = fresh()
          const letters = new DeadLetters(path)
          for (const [index, bytes] of all.entries()) expect(letters.keep('here', rejected(record(`${index}`, bytes)))).toBeUndefined()
          letters.close()
          expect(existsSync(path)).toBe(all.length > 0)
          if (all.length === 0) return
          const read = (await lettersOf(path)) as DeadLetter[]
          expect(read.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
            all.map((bytes) => Buffer.from(bytes).toString('hex')),
          )
        },
      ),
      { numRuns: 30 },
    )
  })

  test('has text as text, for who reads it', () => {
    const path = fresh()
    new DeadLetters(path).keep('es', rejected(record('one', Buffer.from('{"a":"ü"}')), record('two', Buffer.of(0xff))))
    const [one, two] = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(one).toEqual({
      time: expect.any(String),
      outlet: 'es',
      kind: 'metric',
      id: 'one',
      reason: 'no',
      fate: 'rejected',
      data: '{"a":"ü"}',
    })
    expect(two).toMatchObject({ id: 'two', base64: '/w==' })
  })

  test('is appended to, behind half a line of a run that was killed, which is said to be unreadable', async () => {
    const path = fresh()
    new DeadLetters(path).keep('a', rejected(record('one')))
    appendFileSync(path, '{"time":"2026-')
    expect(await lettersOf(path)).toMatchObject([{ id: 'one' }, { line: 2, unreadable: 'it is cut off, or no JSON' }])
    new DeadLetters(path).keep('a', rejected(record('two')))
    appendFileSync(path, 'null\n{"outlet":1}\n')
    expect(await lettersOf(path)).toMatchObject([{ id: 'one' }, { line: 2 }, { id: 'two' }, { line: 4 }, { line: 5 }])
  })

  test('does not become larger than it may, and says so', () => {
    const path = fresh()
    const letters = new DeadLetters(path, { mostBytes: 300 })
    const answers = [1, 2, 3, 4].map((index) => letters.keep('a', rejected(record(`${index}`))))
    expect(statSync(path).size).toBeLessThanOrEqual(300)
    expect(answers.at(-1)).toMatch(/has the 300 bytes that it may have$/)
    expect(letters.letters).toBe(answers.filter((answer) => answer === undefined).length)
    expect(letters.letters).toBeGreaterThan(0)
  })

  test('on a full disk: counted, not thrown', async () => {
    const path = fresh()
    symlinkSync('/dev/full', path)
    const outlet = new ExporterOutlet(backend(async () => ({ retry: [0], rejected: [] })).exporter, {
      retryForMs: 0,
      deadLetters: new DeadLetters(path),
    })
    outlet.offer(sampleMetricRecord())
    await outlet.close()
    expect(outlet.account().kinds.metric).toMatchObject({ offered: 1, dropped: { 'gave up: the backend was busy': 1 }, deadLettered: 0 })
    expect(outlet.account().unkept).toEqual({ [`${path} cannot be written: ENOSPC: no space left on device, write`]: 1 })
  })

  test('has no record of which the encoder made nothing; that is counted', async () => {
    const path = fresh()
    const { exporter } = backend(undefined, { encode: () => ({ rejected: 'no time' }) })
    const outlet = new ExporterOutlet(exporter, { deadLetters: new DeadLetters(path) })
    outlet.offer(sampleMetricRecord())
    await outlet.close()
    expect(outlet.account()).toMatchObject({ kinds: { metric: { rejected: { 'no time': 1 }, deadLettered: 0 } } })
    expect(Object.values(outlet.account().unkept)).toEqual([1])
    expect(existsSync(path)).toBe(false)
  })
})

describe('a replay', () => {
  const metric = (id: string): TelemetryRecord => ({ ...sampleMetricRecord(), id })

  test('sends the letters of its outlet again, counts them as recovered, and keeps what fails again elsewhere', async () => {
    const path = fresh()
    const again = fresh()
    const down = backend(async () => ({ retry: [0, 1, 2, 3], rejected: [], retryReason: 'HTTP 503' }))
    const first = new ExporterOutlet(down.exporter, { retryForMs: 0, deadLetters: new DeadLetters(path) })
    for (let index = 0; index < 10; index++) first.offer(metric(`m-${index}`))
    await first.close()
    new DeadLetters(path).keep('another', rejected(record('x')))
    appendFileSync(path, '{"ti')
    const before = readFileSync(path, 'utf8')

    const up = backend(async (batch) => ({
      retry: [],
      rejected: batch.flatMap(({ id }, index) => (id === 'm-7' ? [{ index, reason: 'still wrong' }] : [])),
    }))
    const outlet = new ExporterOutlet(up.exporter, { deadLetters: new DeadLetters(again) })
    const { account, others, unreadable, interrupted } = await replay({ path, outlet })
    expect(account.kinds.metric).toMatchObject({ offered: 0, recovered: 10, delivered: 9, rejected: { 'still wrong': 1 }, deadLettered: 1 })
    expect([others, unreadable.length, interrupted, up.closed()]).toEqual([{ another: 1 }, 1, false, 1])
    expect(
      up
        .requests()
        .flat()
        .map(({ bytes }) => Buffer.from(bytes).toString()),
    ).toEqual(Array.from({ length: 10 }, (_, index) => `m-${index}`))
    expect(await lettersOf(again)).toMatchObject([{ id: 'm-7', reason: 'still wrong', outlet: 'memory' }])
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('of a file that is not there', async () => {
    await expect(replay({ path: fresh(), outlet: new ExporterOutlet(backend().exporter) })).rejects.toThrow(/ENOENT/)
  })
})
