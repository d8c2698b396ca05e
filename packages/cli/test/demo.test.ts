import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { ROOT } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the demo decodes, sums up, writes a file for each backend, and lists what it wrote', async () => {
  const demo = fileURLToPath(new URL('../src/demo.ts', import.meta.url))
  const run = promisify(execFile)(process.execPath, ['--conditions=@geneve-telemetry/source', demo, folder], { cwd: ROOT })
  const { stdout } = await run
  const files = readdirSync(folder)
  expect(files.sort()).toEqual(['bulk.ndjson', 'logs.jsonl', 'metrics.jsonl', 'network.pcap', 'points.lp'])
  for (const file of files.filter((name) => name !== 'network.pcap'))
    expect(stdout).toMatch(new RegExp(`${join(folder, file)} +[\\d.]+ [kM]?B {2}[\\d,]+ (?:requests?|documents|points) `))
  expect(stdout).toContain('vpce-00123456789abcdef')
  expect(stdout).toMatch(/read +31\n/)
  expect(stdout).toMatch(/read +20,000\n/)
})
