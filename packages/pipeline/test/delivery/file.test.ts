import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Format, TelemetryRecord } from '@geneve-telemetry/core'
import { sampleMetricRecord, testExporter } from '@geneve-telemetry/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { ExporterOutlet } from '../../src/delivery/exporter-outlet.ts'
import { fileExporter } from '../../src/delivery/file.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-file-'))
afterAll(() => rmSync(folder, { recursive: true }))
let folders = 0
const fresh = (): string => join(folder, `${++folders}`)

/** Whole records as JSON, one a line. */
const lines: Format = {
  name: 'lines',
  accepts: ['packet', 'flow', 'metric'],
  limits: { records: 10, bytes: 1_000_000, recordBytes: 500_000 },
  fileName: 'records.jsonl',
  encode(record) {
    const text = JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    const bytes = new TextEncoder().encode(text)
    return bytes.byteLength > 500_000 ? { rejected: 'too large' } : { id: record.id, kind: record.kind, bytes }
  },
  body: (batch) => new TextEncoder().encode(batch.map(({ bytes }) => `${new TextDecoder().decode(bytes)}\n`).join('')),
}

const metric = (id: string): TelemetryRecord => ({ ...sampleMetricRecord(), id })
const signal = new AbortController().signal

testExporter(() => fileExporter(lines, join(folder, 'contract')), { moods: ['takes-all'] }, test)

describe('a file target', () => {
  test('makes the folder and appends one request after the other', async () => {
    const directory = join(fresh(), 'deep', 'down')
    const outlet = new ExporterOutlet(fileExporter(lines, directory))
    await outlet.start()
    expect(readFileSync(join(directory, 'records.jsonl'), 'utf8')).toBe('')
    for (let index = 0; index < 25; index++) outlet.offer(metric(`m-${index}`))
    await outlet.close()
    const written = readFileSync(join(directory, 'records.jsonl'), 'utf8').trimEnd().split('\n')
    expect(written.map((line) => JSON.parse(line).id)).toEqual(Array.from({ length: 25 }, (_, index) => `m-${index}`))
  })

  test('shares a new folder with others that begin at the same time', async () => {
    const directory = join(fresh(), 'deep', 'down')
    const exporters = Array.from({ length: 5 }, (_, index) => fileExporter({ ...lines, fileName: `${index}.jsonl` }, directory))
    await Promise.all(exporters.map((exporter) => exporter.start?.(signal)))
    expect(readdirSync(directory)).toHaveLength(5)
  })

  test('begins anew with each run', async () => {
    const directory = fresh()
    for (const id of ['one', 'two']) {
      const outlet = new ExporterOutlet(fileExporter(lines, directory))
      await outlet.start()
      outlet.offer(metric(id))
      await outlet.close()
    }
    expect(readFileSync(join(directory, 'records.jsonl'), 'utf8')).toMatch(/^\{[^\n]*"two"[^\n]*\}\n$/)
  })

  test('a file in the place of the folder', async () => {
    const directory = fresh()
    writeFileSync(directory, '')
    for (const place of [directory, join(directory, 'below')]) {
      await expect(fileExporter(lines, place).start?.(signal)).rejects.toThrow(/^cannot write .*is a file; choose a folder$/)
    }
  })

  test('a folder that the system will not make', async () => {
    await expect(fileExporter(lines, '/proc/no/such').start?.(signal)).rejects.toThrow(
      /^cannot write .*cannot be made; choose another one$/,
    )
  })

  test('a folder in the place of the file', async () => {
    const directory = fresh()
    mkdirSync(join(directory, 'records.jsonl'), { recursive: true })
    await expect(fileExporter(lines, directory).start?.(signal)).rejects.toThrow(/there is a folder of that name; move it away/)
  })

  test('a full disk: every record is counted as rejected, with what to do', async () => {
    const directory = fresh()
    mkdirSync(directory)
    symlinkSync('/dev/full', join(directory, 'records.jsonl'))
    const outlet = new ExporterOutlet(fileExporter(lines, directory))
    await outlet.start()
    for (let index = 0; index < 12; index++) outlet.offer(metric(`m-${index}`))
    await outlet.close()
    const { metric: account } = outlet.account().kinds
    expect(account).toMatchObject({ offered: 12, delivered: 0, dropped: {}, queued: 0 })
    const [reason = '', ...others] = Object.keys(account?.rejected ?? {})
    expect(others).toEqual([])
    expect(reason).toMatch(/cannot write .*records\.jsonl: the disk is full; free some space/)
  })

  test('is whole though several requests are sent at a time', async () => {
    const directory = fresh()
    const outlet = new ExporterOutlet(fileExporter(lines, directory), { concurrency: 4 })
    await outlet.start()
    for (let index = 0; index < 95; index++) outlet.offer(metric(`m-${index}`))
    await outlet.close()
    const written = readFileSync(join(directory, 'records.jsonl'), 'utf8').trimEnd().split('\n')
    expect(written.map((line) => JSON.parse(line).id)).toEqual(Array.from({ length: 95 }, (_, index) => `m-${index}`))
  })

  test('a folder that goes away in mid-run', async () => {
    const directory = fresh()
    const outlet = new ExporterOutlet(fileExporter(lines, directory))
    await outlet.start()
    rmSync(directory, { recursive: true })
    outlet.offer(metric('late'))
    await outlet.close()
    expect(Object.keys(outlet.account().kinds.metric?.rejected ?? {})).toEqual([expect.stringMatching(/the folder is not there/)])
  })
})
