import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { geneveDatagram } from '@geneve-telemetry/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { dropsText } from '../src/listening.ts'
import { end, json, run, start, written } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-listen-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Resolves with the port that the program says it listens at. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (piece: Buffer | string) => {
      const port = /listening at \S+:(\d+)\n/.exec(String(piece))?.[1]
      if (port === undefined) reject(new Error(String(piece)))
      else resolve(Number(port))
    })
  })
}

async function send(port: number, ...datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const datagram of datagrams) await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve))
  socket.close()
}

/** How many documents there are by now. */
function created(place: string): number {
  const path = join(place, 'bulk.ndjson')
  return existsSync(path) ? readFileSync(path, 'utf8').split('{"create"').length - 1 : 0
}

const DATAGRAMS = [geneveDatagram({ vni: 5 }), geneveDatagram({ vni: 6 }), geneveDatagram({ vni: 7 }).subarray(0, 6)]

describe.concurrent('listen', () => {
  test('prints packets as they come, until its limit', async () => {
    const child = start(['listen', '--bind', '127.0.0.1:0', '--format', 'ndjson', '--limit', '3'])
    const ended = end(child)
    const port = await portOf(child)
    const first = written(child, '"vni":6')
    await send(port, ...DATAGRAMS.slice(0, 2))
    await first
    await send(port, DATAGRAMS[2]!)
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr).toBe(`geneve-telemetry: listening at 127.0.0.1:${port}\n`)
    expect(json(stdout)).toMatchObject([
      {
        frame: 1,
        outer: { source: '127.0.0.1', destination: '127.0.0.1', destinationPort: port },
        geneve: { vni: 5 },
        inner: { protocol: 'tcp' },
      },
      { frame: 2, geneve: { vni: 6 } },
      { frame: 3, issue: { kind: 'truncated', layer: 'geneve', needed: 8, available: 6 } },
    ])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it, and what came is finished, written and summed up', async (signal, code) => {
    const place = join(folder, signal)
    const child = start(['listen', '--bind', '127.0.0.1:0', '--to', `elasticsearch=file:${place}`, '--packets', '--filter', 'vni=5,6'])
    const ended = end(child)
    await send(await portOf(child), ...DATAGRAMS, geneveDatagram({ vni: 8 }))
    // Packets are records at once, flows at the end.
    while (created(place) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill(signal)
    const { stderr, ...rest } = await ended
    expect(rest).toEqual({ code, signal: null, stdout: '' })
    expect(stderr).toMatch(/read +4\n/)
    expect(stderr).toMatch(/filtered +1 +vni 1\n/)
    expect(stderr).toMatch(/damaged +1 +truncated 1\n/)
    expect(stderr).toMatch(/elasticsearch +packet +2 +2 +0 +0 +0\n/)
    expect(created(place)).toBeGreaterThan(4)
  })

  test('names what it decodes with a vendor table', async () => {
    const options = [{ class: 0xff01, type: 1, data: Uint8Array.of(0, 0, 1, 2) }]
    const args = ['--vendor', './examples/custom-vendor/acme.ts', '--format', 'ndjson', '--limit', '1']
    const child = start(['listen', '--bind', '127.0.0.1:0', ...args])
    const ended = end(child)
    await send(await portOf(child), geneveDatagram({ options }))
    expect(json((await ended).stdout)).toMatchObject([{ geneve: { options: [{ value: 258 }] } }])
  })

  test('a port that is taken, before any target is looked for', async () => {
    const child = start(['listen', '--bind', '127.0.0.1:0'])
    const ended = end(child)
    const port = await portOf(child)
    const { code, stderr } = await run(['listen', '--bind', `127.0.0.1:${port}`, '--to', 'otlp=http://127.0.0.1:9'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^geneve-telemetry: --bind 127\.0\.0\.1:\d+: cannot listen [^\n]*: another socket has it; end [^\n]*\n$/),
    ])
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })

  test('a target that cannot be does not leave it listening', async () => {
    const { code, stderr } = await run(['listen', '--bind', '127.0.0.1:0', '--to', 'splunk=file:out'])
    expect([code, stderr]).toEqual([1, expect.stringContaining("there is no exporter 'splunk'")])
  })
})

test.each([
  [0, ''],
  [1, 'geneve-telemetry: 1 datagram came faster than they were read and was lost; the kernel keeps 4,096 bytes, see --receive-buffer\n'],
  [
    1_234,
    'geneve-telemetry: 1,234 datagrams came faster than they were read and were lost; the kernel keeps 4,096 bytes, see --receive-buffer\n',
  ],
])('what is said of %d lost datagrams', (dropped, text) => {
  expect(dropsText({ dropped, receiveBufferBytes: 4_096 })).toBe(text)
})

test.each([
  [['--bind', '127.0.0.1:70000'], /must be HOST or HOST:PORT, an IPv6 address in brackets, the port from 0 to 65535/],
  [['--bind', 'a:b:c'], /must be HOST or HOST:PORT/],
  [['--bind', '[127.0.0.1]:1'], /must be HOST or HOST:PORT/],
  [['--bind', 'no.such.host.invalid:6081'], /--bind no.such.host.invalid:6081: cannot listen .* there is no such name/],
  [['--limit', '3', '--to', 'otlp=file:out'], /'-n, --limit <number>' cannot be used with option '-t, --to/],
  [['--format', 'ndjson', '--to', 'otlp=file:out'], /'--format <format>' cannot be used with option '-t, --to/],
  [['--link-type', '1'], /unknown option '--link-type'/],
  [['capture.pcap'], /too many arguments/],
])('listen %j: a message in one line', async (args, message) => {
  const { code, stdout, stderr } = await run(['listen', ...args])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/^geneve-telemetry: [^\n]+\n$/)
})
