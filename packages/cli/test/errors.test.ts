import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GWLB, json, run } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-errors-'))
const path = (name: string): string => join(folder, name)
const NOBODY = 65_534

beforeAll(() => {
  chmodSync(folder, 0o755)
  writeFileSync(path('empty.pcap'), '')
  writeFileSync(path('notes.txt'), 'no capture at all\n')
  writeFileSync(path('cut.pcap'), readFileSync(GWLB).subarray(0, 5_000))
  writeFileSync(path('broken.mjs'), 'export default {')
  writeFileSync(path('number.mjs'), 'export default 5')
  writeFileSync(path('nothing.mjs'), 'export default () => ({})')
  writeFileSync(path('throws.mjs'), "export default () => { throw new TypeError('token: one is needed') }")
  writeFileSync(
    path('twice.mjs'),
    "export default { name: 'Twice', options: [{ optionClass: 0x0108, type: 1, length: 8, name: 'twice', fields: [], source: '' }] }",
  )
  mkdirSync(path('locked'), { mode: 0o555 })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs it in the folder, and expects one line on standard error, nothing on standard output, and this exit code. */
async function complaint(args: readonly string[], code = 1): Promise<string> {
  const ended = await run(args, { cwd: folder })
  expect([ended.code, ended.stdout]).toEqual([code, ''])
  expect(ended.stderr).toMatch(/^geneve-telemetry: [^\n]+\n$/)
  return ended.stderr
}

describe('a message in one line that says what to do, and exit code 1', () => {
  test.concurrent.each<[args: string[], message: RegExp]>([
    [['decode', 'missing.pcap'], /cannot read missing.pcap: there is no such file; check the path/],
    [['summary', '.'], /it is a directory; name a capture file/],
    [['flows', 'empty.pcap'], /empty.pcap is empty/],
    [['decode', 'notes.txt'], /notes.txt is no capture .* it looks like a text file/],
    [['decode', '--no-such-option'], /unknown option '--no-such-option'; see geneve-telemetry --help/],
    [['decod'], /unknown command 'decod' \(Did you mean decode\?\)/],
    [['decode', 'one', 'two'], /too many arguments/],
    [['decode', GWLB, '--limit', '0'], /'--?n?,? ?--limit <number>' argument '0' is invalid. It must be a whole number from 1/],
    [['decode', GWLB, '--format', 'xml'], /argument 'xml' is invalid. Allowed choices are table, ndjson/],
    [['decode', GWLB, '--port', '70000'], /'70000' is invalid. It must be a whole number from 1 to 65535/],
    [['decode', GWLB, '--link-type', 'ethernet'], /Decoded are 0, 1, 12, /],
    [['decode', GWLB, '--link-type', '147'], /Decoded are 0, 1, 12, /],
    [['decode', GWLB, '--filter', 'color=red'], /--filter: there is no key 'color'; the keys are vni, endpoint, host/],
    [['decode', GWLB, '--filter', 'vni=x'], /--filter: vni: 'x' cannot be; allowed is a number from 0 to 16777215/],
    [['decode', GWLB, '--vendor', './missing.mjs'], /--vendor: there is no module '.\/missing.mjs'/],
    [['decode', GWLB, '--vendor', './broken.mjs'], /--vendor .\/broken.mjs: cannot be loaded: /],
    [['decode', GWLB, '--vendor', './number.mjs'], /--vendor .\/number.mjs: its default export is no Vendor/],
    [['decode', GWLB, '--vendor', './twice.mjs'], /--vendor: vendor Twice, option class 0x0108 type 1 is in the table twice/],
    [
      ['run', GWLB],
      /--to: at least one target is needed, for example --to elasticsearch=http:\/\/localhost:9200 or --to elasticsearch=file:out/,
    ],
    [['run', GWLB, '--to', 'splunk=file:out'], /there is no exporter 'splunk'; take one of otlp, elasticsearch, opensearch, influxdb/],
    [['run', GWLB, '--to', 'otlp=localhost:4318'], /a target is NAME=URL, with http:\/\/ or https:\/\/ before it, or NAME=file:FOLDER/],
    [['run', GWLB, '--to', 'otlp=http://'], /--to otlp=http:\/\/: no URL; one is https:\/\/HOST:PORT/],
    [['run', GWLB, '--to', 'elasticsearch=ftp://localhost'], /ftp:\/\/ is unknown; a target is NAME=http:/],
    [['run', GWLB, '--to', 'elasticsearch=http://localhost:9200?index=x'], /there is no parameter "index"; allowed are namespace/],
    [['run', GWLB, '--to', 'otlp=file:'], /a target is NAME=URL or NAME=file:FOLDER/],
    [['run', GWLB, '--to', 'otlp'], /where to\? Write otlp=URL or otlp=file:FOLDER/],
    [['run', '--loop', '--to', 'otlp=file:out'], /--loop needs a capture file: what comes over a pipe comes once/],
    [['run', GWLB, '--time', 'then', '--to', 'otlp=file:out'], /Allowed choices are now/],
    [['setup', 'influxdb'], /setup influxdb: where\? Write influxdb=URL/],
    [['replay', 'missing.ndjson', '--to', 'elasticsearch=file:out'], /cannot read missing.ndjson/],
    [['replay', 'notes.txt'], /--to: at least one target is needed/],
    [['run', GWLB, '--to', './nothing.mjs=file:out'], /what its default export makes is no Format, Exporter or Sink/],
    [['run', GWLB, '--to', './number.mjs=file:out'], /its default export is no function/],
    [['run', GWLB, '--to', './throws.mjs=file:out'], /--to .\/throws.mjs=file:out: token: one is needed/],
    [['run', GWLB, '--to', 'otlp=file:out', '--to', 'otlp=file:./out/'], /would be written twice/],
    [['run', GWLB, '--to', 'otlp=file:notes.txt'], /cannot write notes.txt\/metrics.jsonl: a part of notes.txt is a file; choose a folder/],
    [['run', GWLB, '--to', 'otlp=file:out', '--interval', '0'], /whole number from 1 to 86400/],
    [['run', GWLB, '--to', 'otlp=file:out', '--max-flows', '0'], /whole number from 1 to 16777216/],
  ])('%j', async (args, message) => {
    expect(await complaint(args)).toMatch(message)
  })

  test('a folder that may not be written', async () => {
    // Root may write everywhere, so the program runs as somebody else then.
    const isRoot = process.getuid?.() === 0
    const args = ['run', GWLB, '--to', 'elasticsearch=file:locked']
    const { code, stderr } = await run(args, { cwd: folder, ...(isRoot && { uid: NOBODY }) })
    expect(stderr).toMatch(
      /^geneve-telemetry: elasticsearch: cannot write locked\/[^\n]*: no permission; choose a folder that you may write to[^\n]*\n$/,
    )
    expect(code).toBe(1)
  })

  test('no command at all: the help', async () => {
    const { code, stderr } = await run([])
    expect(code).toBe(1)
    expect(stderr).toContain('Usage: geneve-telemetry')
  })
})

describe('a damaged capture', () => {
  test('exit code 2, where it is damaged, and all that comes before', async () => {
    const { code, stdout, stderr } = await run(['decode', path('cut.pcap'), '--format', 'ndjson'])
    const lines = json(stdout)
    expect(code).toBe(2)
    expect(lines.length).toBeGreaterThan(10)
    expect(stderr).toMatch(
      new RegExp(
        `^geneve-telemetry: the capture is damaged at byte [\\d,]+: [^\n]* the ${lines.length} packets before that were processed\n$`,
      ),
    )
  })
})

describe('a full disk', () => {
  test('exit code 3, and how many records did not arrive', async () => {
    mkdirSync(path('full'))
    symlinkSync('/dev/full', path('full/bulk.ndjson'))
    const args = ['run', GWLB, '--to', 'elasticsearch=file:full', '--to', 'otlp=file:fine']
    const { code, stderr } = await run(args, { cwd: folder })
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /geneve-telemetry: elasticsearch: 4 flow records not delivered: cannot write full\/bulk.ndjson: the disk is full; free some space/,
    )
    expect(json(readFileSync(path('fine/metrics.jsonl'), 'utf8'))).toHaveLength(1)
  })

  test.each(['decode', 'flows', 'summary'])('behind the output of %s', async (command) => {
    const { code, stderr } = await run([command, GWLB], { stdout: openSync('/dev/full', 'w') })
    expect([code, stderr]).toEqual([
      3,
      'geneve-telemetry: standard output cannot be written: the disk is full; free some space or write elsewhere\n',
    ])
  })
})
