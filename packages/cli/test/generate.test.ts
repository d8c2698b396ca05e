import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run, start } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-generate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PACKETS = 3000
const lines = (path: string): readonly Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('writes a capture and its truth, and summary finds what the truth says', async () => {
  const [capture, truth] = [join(folder, 'a.pcap'), join(folder, 'a.jsonl')]
  const made = await run(['generate', '--seed', '5', '--packets', String(PACKETS), '--out', capture, '--truth', truth])
  expect(made).toMatchObject({ code: 0, stdout: '', stderr: `3,000 packets: ${capture}, ${truth}\n` })
  const all = lines(truth)
  const totals = all.at(-1)!
  expect(all[0]).toMatchObject({ kind: 'scenario', seed: 5, start: { seconds: Date.UTC(2025, 0, 1, 9) / 1000, nanos: 0 } })
  expect(totals).toMatchObject({ kind: 'totals', packets: PACKETS })

  const summary = await run(['summary', capture, '--format', 'json'])
  expect(summary.code).toBe(0)
  const { packets, flows } = JSON.parse(summary.stdout) as {
    packets: { read: number; geneve: number; notGeneve: { total: number }; damaged: { total: number } }
    flows: { opened: number }
  }
  expect({ read: packets.read, geneve: packets.geneve }).toEqual({ read: PACKETS, geneve: PACKETS })
  expect(flows.opened).toBe(totals['flows'])
})

test('to standard output, and with all that may be chosen', async () => {
  const options = [
    '--seed',
    '6',
    '--packets',
    '500',
    '--link',
    'raw',
    '--start',
    '2025-06-01T00:00:00Z',
    '--duration',
    '10',
    '--impair',
    'loss=0.1,wrap=1',
  ]
  const capture = join(folder, 'b.pcap')
  expect(await run(['generate', ...options, '--out', capture])).toMatchObject({ code: 0 })
  const piped = await piece(['generate', ...options, '--out', '-'])
  expect(piped).toEqual(readFileSync(capture))
  const decoded = await run(['decode', '--format', 'ndjson', '--limit', '1'], { input: piped })
  expect(JSON.parse(decoded.stdout)).toMatchObject({ timestamp: '2025-06-01T00:00:00.000000000Z' })
})

test('goes away when nobody reads any more', async () => {
  const child = start(['generate', '--packets', '100000000', '--out', '-'])
  child.stdout?.once('data', () => child.stdout?.destroy())
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
})

test('is ended by a signal, with what it has', async () => {
  const capture = join(folder, 'c.pcap')
  const child = start(['generate', '--packets', '100000000', '--out', '-', '--truth', capture])
  child.stdout?.once('data', () => child.kill('SIGTERM'))
  child.stdout?.resume()
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(143)
})

describe('says what is wrong with its options', () => {
  test.each([
    [['--impair', 'jitter=0.1'], "--impair: 'jitter' is none of loss, reorder, duplicate, zero-window, keepalive, wrap"],
    [['--impair', 'loss'], "'loss' is no impairment with its rate, such as loss=0.01"],
    [['--impair', 'loss=2'], '--impair.loss: 2 is not a rate from 0 to 1'],
    [['--start', 'yesterday'], 'It must be a time from 1970 to 2106-02-07'],
    [['--start', '2106-02-08'], 'It must be a time from 1970 to 2106-02-07'],
    [['--packets', '2000001', '--duration', '1'], '--duration: 2000001 packets in 1 s are more than 2000000 a second'],
    [['--truth', join(folder, 'x.pcap')], `--truth: ${join(folder, 'x.pcap')} is where the capture goes`],
    [['--out', '-', '--truth', '-'], '--truth: - is where the capture goes'],
    [['--rate', '5', '--duration', '5'], '--rate <number>'],
    [['--out', join(folder, 'none', 'x')], '--out: ENOENT'],
    [['--seed', '-1'], 'It must be a whole number from 0'],
  ])('%j', async (options, message) => {
    const { code, stdout, stderr } = await run(['generate', '--out', join(folder, 'x.pcap'), ...options])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })
})

/** All bytes that the program writes. */
async function piece(args: readonly string[]): Promise<Buffer> {
  const child = start(args)
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => child.once('close', resolve))
  return Buffer.concat(chunks)
}
