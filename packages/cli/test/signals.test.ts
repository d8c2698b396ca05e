import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { genevePacket } from '@geneve-telemetry/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { pcap } from './capture.ts'
import { end, GWLB, json, start, written } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-signals-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Takes flows for ever, and says when it is ready and when it has some. */
const STUCK = `export default () => ({
  name: 'stuck', accepts: ['flow'], limits: { records: 1, bytes: 1000, recordBytes: 1000 }, fileName: 'stuck.txt', repeat: 'harmless',
  encode: ({ id, kind }) => ({ id, kind, bytes: new Uint8Array(1) }), body: () => new Uint8Array(0),
  async start() { process.stdout.write('ready') },
  send: () => { process.stdout.write('sending'); return new Promise(() => setInterval(() => {}, 1000)) } })`

/** Looks for its backend for ever. */
const STARTING = `export default () => ({
  name: 'starting', accepts: ['flow'], limits: { records: 1, bytes: 1000, recordBytes: 1000 }, fileName: 'starting.txt', repeat: 'harmless',
  encode: ({ id, kind }) => ({ id, kind, bytes: new Uint8Array(1) }), body: () => new Uint8Array(0),
  start: (signal) => { process.stdout.write('starting'); return new Promise((_, reject) => { const timer = setInterval(() => {}, 1000)
    signal.addEventListener('abort', () => { clearInterval(timer); reject(new Error('gone')) }) }) },
  send: async () => ({ retry: [], rejected: [] }) })`

/** Resolves when there is such a file: a run makes its files when it has looked at what its input begins with, or found that it is silent. */
async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe.concurrent('a pipe that stays open', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the reading: what was read is finished, written and summed up', async (signal, code) => {
    const file = join(folder, signal, 'bulk.ndjson')
    const child = start(['run', '--to', `elasticsearch=file:${join(folder, signal)}`])
    const ended = end(child)
    child.stdin?.write(readFileSync(GWLB))
    await appears(file)
    child.kill(signal)
    const { stderr, ...rest } = await ended
    expect(rest).toEqual({ code, signal: null, stdout: '' })
    expect(stderr).toMatch(/read +31\n/)
    expect(stderr).toMatch(/elasticsearch +flow +4 +4 +0 +0 +0\n/)
    expect(json(readFileSync(file, 'utf8')).filter((line) => 'create' in line).length).toBeGreaterThan(4)
  })

  test('also before anything came', async () => {
    const child = start(['run', '--to', `elasticsearch=file:${join(folder, 'silent')}`])
    const ended = end(child)
    await appears(join(folder, 'silent', 'bulk.ndjson'))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/read +0\n/)
  })

  test.each([
    ['gives something', readFileSync(GWLB)],
    ['gives nothing', undefined],
  ])('and %s does not keep a program that cannot begin', async (_, input) => {
    const child = start(['run', '--to', `otlp=file:${GWLB}`])
    const ended = end(child)
    if (input !== undefined) child.stdin?.write(input)
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('choose a folder') })
  })

  test.each([
    ['run', [GWLB]],
    ['replay', ['letters.ndjson']],
  ])('SIGINT ends %s while a target does not answer at the start', async (command, files) => {
    const place = mkdtempSync(join(folder, 'starting-'))
    writeFileSync(join(place, 'starting.mjs'), STARTING)
    writeFileSync(join(place, 'letters.ndjson'), '')
    const child = start([command, ...files, '--to', './starting.mjs'], { cwd: place })
    const ended = end(child)
    await written(child, 'starting')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stderr: 'geneve-telemetry: starting: it was cut short; nothing was processed\n' })
  })

  test('a second SIGINT ends it at once, though a target still keeps it waiting', async () => {
    writeFileSync(join(folder, 'stuck.mjs'), STUCK)
    const child = start(['run', '--to', './stuck.mjs'], { cwd: folder })
    const ended = end(child)
    const ready = written(child, 'ready')
    const sending = written(child, 'sending')
    child.stdin?.write(readFileSync(GWLB))
    await ready
    child.kill('SIGINT')
    await sending
    child.kill('SIGINT')
    // A shell says 130 of a process that a SIGINT ended.
    expect(await ended).toMatchObject({ code: null, signal: 'SIGINT' })
  })
})

describe.concurrent('a reader that goes away, as head does', () => {
  const many = pcap(Array.from({ length: 20_000 }, (_, index) => ({ bytes: genevePacket({ tcp: { sourcePort: index } }) })))

  test.each([
    ['decode', '--format', 'ndjson'],
    ['decode', '--format', 'table'],
    ['flows', '--format', 'ndjson'],
  ])('%s %s %s ends quietly', async (...args) => {
    const child = start(args)
    const ended = end(child)
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(many)
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, signal, stderr } = await ended
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  })
})
