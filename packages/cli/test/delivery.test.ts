import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { genevePacket } from '@geneve-telemetry/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, LoopbackServer, type ReceivedRequest } from '../../../test/loopback-server.ts'
import { pcap } from './capture.ts'
import { end, GWLB, json, run, start } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-delivery-'))
const FLOWS = 12_000
const many = join(folder, 'many.pcap')
/** What a developer's own shell may have set does not count here. */
const env = {
  ELASTICSEARCH_USERNAME: 'elastic',
  ELASTICSEARCH_PASSWORD: 'not-to-be-seen',
  ELASTICSEARCH_API_KEY: '',
  ELASTICSEARCH_CLOUD_ID: '',
  ELASTICSEARCH_CA_FILE: '',
}

beforeAll(() => {
  writeFileSync(
    many,
    pcap(
      Array.from({ length: FLOWS }, (_, index) => ({ bytes: genevePacket({ tcp: { sourcePort: 1_024 + index } }), nanos: index * 1_000 })),
    ),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

type Line = Readonly<Record<string, Readonly<Record<string, unknown>>>>
const isBulk = ({ path }: ReceivedRequest): boolean => path.startsWith('/_bulk')

/** The lines that say what is to be done with each document, and the documents. */
function bulkOf(request: ReceivedRequest): readonly (readonly [action: Line, document: Line])[] {
  const lines = json<Line>(new TextDecoder().decode(request.body))
  return lines.flatMap((line, index) => (index % 2 === 0 ? [[line, lines[index + 1]!] as const] : []))
}

/** What Elasticsearch says to a request as long as all is well. */
function welcome(request: ReceivedRequest): Answer {
  const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
  if (!isBulk(request)) return { status: 200, headers, body: '{"version":{"number":"9.5.0"}}' }
  return { status: 200, headers, body: JSON.stringify({ errors: false, items: bulkOf(request).map(() => ({ create: { status: 201 } })) }) }
}

const idsOf = (requests: readonly ReceivedRequest[]): string[] =>
  requests.filter(isBulk).flatMap((request) => bulkOf(request).map(([action]) => String(action['create']?.['_id'])))

/** The row of the record ledger for a target's kind, as numbers by title. */
function ledgerRow(stderr: string, outlet: string, kind: string): Readonly<Record<string, number>> {
  const lines = stderr.split('\n')
  const titles = lines.find((line) => line.startsWith('TARGET'))?.split(/\s{2,}/) ?? []
  const cells = lines.find((line) => new RegExp(`^${outlet} +${kind} `).test(line))?.split(/\s{2,}/) ?? []
  return Object.fromEntries(cells.slice(2).map((cell, index) => [titles[index + 2], Number(cell.replaceAll(',', ''))]))
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a backend that works', () => {
  test('gets all, with the password that the environment has, which nobody else sees', async () => {
    const server = await LoopbackServer.start(welcome)
    const { code, stdout, stderr } = await run(['run', GWLB, '--to', `elasticsearch=${server.url}`], { cwd: folder, env })
    await server.close()
    expect([code, stdout]).toEqual([0, ''])
    expect(ledgerRow(stderr, 'elasticsearch', 'flow')).toEqual({ OFFERED: 4, DELIVERED: 4, REJECTED: 0, DROPPED: 0, QUEUED: 0 })
    const authorization = `Basic ${Buffer.from('elastic:not-to-be-seen').toString('base64')}`
    expect(server.received.every(({ headers }) => headers['authorization'] === authorization)).toBe(true)
    expect(new Set(idsOf(server.received)).size).toBe(ledgerRow(stderr, 'elasticsearch', 'metric')['DELIVERED']! + 4)
    expect(stderr).not.toContain('not-to-be-seen')
    expect(existsSync(join(folder, 'dead-letters'))).toBe(false)
  })

  test('setup says what there is, twice the same', async () => {
    const server = await LoopbackServer.start(welcome)
    const setup = () => run(['setup', 'elasticsearch'], { cwd: folder, env: { ...env, ELASTICSEARCH_URL: server.url } })
    const [first, second] = [await setup(), await setup()]
    await server.close()
    expect(first).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('geneve') })
    expect(second.stdout).toBe(first.stdout)
    expect(server.received.some(({ method }) => method === 'PUT')).toBe(true)
  })
})

describe('a message in one line and exit code 1, at the start', () => {
  test.each<[what: string, answer: Answer, message: RegExp]>([
    [
      'a wrong password',
      { status: 401, headers: { 'x-elastic-product': 'Elasticsearch' }, body: '{"error":{"type":"security_exception"}}' },
      /401|password/,
    ],
    ['another server', { status: 200, body: 'hello' }, /Elasticsearch/],
  ])('%s', async (_, answer, message) => {
    const server = await LoopbackServer.start(() => answer)
    const ended = await run(['run', GWLB, '--to', `elasticsearch=${server.url}`], { cwd: folder, env })
    await server.close()
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toMatch(/^geneve-telemetry: elasticsearch: [^\n]+\n$/)
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr).not.toContain('not-to-be-seen')
  })

  test('nobody there, and no secret of the URL in the message', async () => {
    const server = await LoopbackServer.start(welcome)
    const { port } = new URL(server.url)
    await server.close()
    for (const command of [['run', GWLB, '--to'], ['setup']]) {
      const { code, stderr } = await run([...command, `elasticsearch=http://me:hunter2@127.0.0.1:${port}`], { cwd: folder, env })
      expect(code).toBe(1)
      expect(stderr).toMatch(/^geneve-telemetry: [^\n]*ECONNREFUSED[^\n]*\n$/)
      expect(stderr).not.toContain('hunter2')
    }
  })

  test.each([
    `elasticsearch=ftp://me:hunter2@localhost`,
    `elasticsearch=http://me:hunter2@localhost:x`,
    `influxdb=http://me:hunter2@localhost`,
    `otlp=http://localhost?token=hunter2`,
    `influxdb=http://localhost?token=hunter2`,
    `splunk=http://me:hunter2@localhost`,
  ])('%s: not in the message either', async (target) => {
    const { code, stderr } = await run(['run', GWLB, '--to', target], { cwd: folder, env })
    expect([code, stderr.includes('hunter2')]).toEqual([1, false])
  })
})

describe('a backend that dies in mid-run', () => {
  test('leaves a ledger that is exact and dead letters, which replay delivers', async () => {
    const cwd = mkdtempSync(join(folder, 'dies-'))
    const letters = join(cwd, 'dead-letters')
    let bulks = 0
    const dying = await LoopbackServer.start((request) => (isBulk(request) && ++bulks > 1 ? 'hang-up' : welcome(request)))
    const args = ['run', many, '--retry-for', '1', '--drain', '1']
    const { code, stderr } = await run([...args, '--to', `elasticsearch=${dying.url}`], { cwd, env })
    await dying.close()
    const row = ledgerRow(stderr, 'elasticsearch', 'flow')
    expect(code).toBe(3)
    expect(row['OFFERED']).toBe(FLOWS)
    expect(row['DELIVERED']).toBeGreaterThan(0)
    expect(row['DROPPED']).toBeGreaterThan(0)
    expect(row['DELIVERED']! + row['DROPPED']!).toBe(FLOWS)
    expect(row['DEAD LETTERS']).toBe(row['DROPPED'])
    const [file] = readdirSync(letters)
    expect(stderr).toContain(`records in dead-letters/${file}`)

    const alive = await LoopbackServer.start(welcome)
    const replayed = await run(['replay', `dead-letters/${file}`, '--to', `elasticsearch=${alive.url}`], { cwd, env })
    await alive.close()
    expect(replayed.code).toBe(0)
    expect(ledgerRow(replayed.stderr, 'elasticsearch', 'flow')).toMatchObject({ RECOVERED: row['DROPPED'], DELIVERED: row['DROPPED'] })
    expect(idsOf(alive.received).filter((id) => id.includes('-f'))).toHaveLength(row['DROPPED']!)
    expect(readdirSync(letters)).toEqual([file])

    const deaf = await LoopbackServer.start((request) => (isBulk(request) ? { status: 503 } : welcome(request)))
    const again = ['replay', `dead-letters/${file}`, '--retry-for', '0', '--to', `elasticsearch=${deaf.url}`]
    expect((await run(again, { cwd, env })).code).toBe(3)
    const other = await run([...again, '--from', 'elasticsearch-2'], { cwd, env })
    await deaf.close()
    expect(other.code).toBe(3)
    expect(other.stderr).toMatch(/letters of elasticsearch, not of elasticsearch-2, left alone/)
    expect(readdirSync(letters)).toHaveLength(2)
  })
})

describe('a source that goes on', () => {
  test('SIGINT: what was read is delivered', async () => {
    const server = await LoopbackServer.start(welcome)
    const child = start(['run', '--interval', '1', '--to', `elasticsearch=${server.url}`], { cwd: folder, env })
    const ended = end(child)
    child.stdin?.write(readFileSync(GWLB))
    await until(() => server.received.some(isBulk))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    await server.close()
    expect(code).toBe(130)
    expect(ledgerRow(stderr, 'elasticsearch', 'flow')).toMatchObject({ OFFERED: 4, DELIVERED: 4 })
  })

  test('--loop --time now: interval after interval, in the present', async () => {
    const [elastic, collector] = await Promise.all([
      LoopbackServer.start(welcome),
      LoopbackServer.start(() => ({ status: 200, body: '{}' })),
    ])
    const begun = Date.now()
    const targets = ['--to', `elasticsearch=${elastic.url}`, '--to', `otlp=${collector.url}`]
    const child = start(['run', GWLB, '--loop', '--time', 'now', '--interval', '1', ...targets], { cwd: folder, env })
    const ended = end(child)
    const times = (): Set<number> =>
      new Set(
        elastic.received
          .filter(isBulk)
          .flatMap(bulkOf)
          .filter(([action]) => JSON.stringify(action).includes('metrics-geneve.rollup'))
          .map(([, document]) => Date.parse(String(document['@timestamp']))),
      )
    await until(() => times().size >= 4)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    await Promise.all([elastic.close(), collector.close()])
    expect(code).toBe(130)
    for (const time of times()) expect(time).toBeGreaterThan(begun - 1_000)
    for (const time of times()) expect(time).toBeLessThan(Date.now() + 2_000)
    expect(ledgerRow(stderr, 'elasticsearch', 'metric')).toMatchObject({ REJECTED: 0, DROPPED: 0, QUEUED: 0 })
    expect(collector.received.some(({ path }) => path === '/v1/metrics')).toBe(true)
    expect(ledgerRow(stderr, 'otlp-metrics', 'metric')).toMatchObject({ REJECTED: 0, DROPPED: 0, QUEUED: 0 })
  })
})
