import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GeneveOptionFields, geneveOptions, genevePacket } from '@geneve-telemetry/core/testing'
import { type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Summary } from '../src/overview.ts'
import { pcap } from './capture.ts'
import { json, run } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-told-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PRODUCTION = '123456789012'
const STAGING = '000000000042'
const GATEWAY: AwsRecord = { service_type: 'NAT_GATEWAY', account_id: PRODUCTION, region: 'us-east-1', nat_gateway_id: 'nat-12345678' }
const ATTACHMENT: AwsRecord = {
  service_type: 'TRANSIT_GATEWAY',
  account_id: STAGING,
  region: 'eu-west-1',
  tgw_attachment_id: 'tgw-attach-0123456789abcdef0',
  attachment_type: 'vpc',
}

function optionsOf(values: AwsRecord, optionClass?: number): readonly GeneveOptionFields[] {
  return geneveOptions(new RecordEncoder(optionClass === undefined ? {} : { optionClass }).encode(values))
}

const unknown: GeneveOptionFields = { class: 0x0105, type: 127, data: new Uint8Array([0x03, 0xe7, 0, 0]) }

/** 100 packets of a gateway whose counter rises, two of an attachment, one with a field that nobody knows, one without a record. */
const packets = [
  ...Array.from({ length: 100 }, (_, index) => optionsOf({ ...GATEWAY, nat_packets_dropped: 2n ** 53n + BigInt(index >> 1) })),
  optionsOf(ATTACHMENT),
  [...optionsOf(ATTACHMENT), unknown],
  optionsOf({ vpc_id: 'vpc-12345678', latency: 12 }),
  [],
]

const CAPTURE = join(folder, 'told.pcap')
const OTHER_CLASS = join(folder, 'other-class.pcap')
beforeAll(() => {
  writeFileSync(CAPTURE, pcap(packets.map((options) => ({ bytes: genevePacket({ options }) }))))
  writeFileSync(OTHER_CLASS, pcap([{ bytes: genevePacket({ options: optionsOf(GATEWAY, 0xff10) }) }]))
})

const summaryOf = async (...args: readonly string[]): Promise<Summary> =>
  JSON.parse((await run(['summary', ...args, '--format', 'json'])).stdout)

describe('summary', () => {
  test('tells of subjects, with the last value of each field, and of what is wrong with fields', async () => {
    const { telemetry, options } = await summaryOf(CAPTURE)
    expect(telemetry).toMatchObject({ records: 103, withoutSubject: 0, packetsOfOthers: 0 })
    expect(telemetry.subjects.map(({ type, id, packets: count }) => [type, id, count])).toEqual([
      ['nat_gateway_id', 'nat-12345678', 100],
      ['tgw_attachment_id', 'tgw-attach-0123456789abcdef0', 2],
      ['flow', expect.stringMatching(/-f1$/), 1],
    ])
    expect(telemetry.subjects[1]?.values).toEqual(ATTACHMENT)
    expect(telemetry.issues).toEqual([{ vendor: 'Amazon', field: '999', kind: 'unknown-number', fields: 1 }])
    expect(options.find(({ type }) => type === 2)).toMatchObject({ vendor: 'Amazon', name: 'account_id', options: 102 })
  })

  test('prints exact numbers', async () => {
    const { stdout } = await run(['summary', CAPTURE, '--format', 'json'])
    expect(stdout).toContain(`"nat_packets_dropped": ${2n ** 53n + 49n}`)
  })

  test('has a table of them for people', async () => {
    const { stdout } = await run(['summary', CAPTURE])
    expect(stdout).toMatch(/^TOLD OF +PACKETS +WHICH\nnat_gateway_id +100 +nat-12345678$/m)
    expect(stdout).toMatch(/^ISSUE OF FIELD +ISSUE +OPTIONS\n999 +unknown-number +1$/m)
    const { stdout: without } = await run(['summary', OTHER_CLASS])
    expect(without).not.toMatch(/TOLD OF/)
  })
})

describe('--account', () => {
  test.each([
    [['--account', PRODUCTION], { analyzed: 100, filtered: { account: 2, 'account-unknown': 2 } }],
    [['--account', `${PRODUCTION},${STAGING}`], { analyzed: 102, filtered: { 'account-unknown': 2 } }],
    [['--account', PRODUCTION, '--account', STAGING], { analyzed: 102, filtered: { 'account-unknown': 2 } }],
    [['--account', `except=${PRODUCTION}`], { analyzed: 4, filtered: { account: 100 }, ofUnknownAccount: 2 }],
  ])('%o', async (args, expected) => {
    expect((await summaryOf(CAPTURE, ...args)).packets).toMatchObject(expected)
  })

  test('stands in the ledger', async () => {
    const { stdout } = await run(['summary', CAPTURE, '--account', `except=${PRODUCTION}`])
    expect(stdout).toMatch(/^ {4}analyzed +4 {2}of an unknown account 2$/m)
    expect(stdout).toMatch(/^ {4}filtered +100 {2}account 100$/m)
  })

  test.each([
    ['1234', /^geneve-telemetry: --account: account '1234' cannot be; allowed is 12 digits\n$/],
    ['except=', /--account: account '' cannot be; allowed is 12 digits/],
    [`${PRODUCTION},${STAGING},`, /account '' cannot be/],
  ])('%s is refused', async (text, message) => {
    const { code, stderr } = await run(['decode', CAPTURE, '--account', text])
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
  })
})

describe('--record-class', () => {
  test('finds the record in another class, and not in its own', async () => {
    const telemetryOf = async (path: string): Promise<unknown> => (await summaryOf(path, '--record-class', '0xff10')).telemetry.records
    expect([await telemetryOf(OTHER_CLASS), await telemetryOf(CAPTURE)]).toEqual([1, 0])
    const { stdout } = await run(['decode', OTHER_CLASS, '--record-class', '65296', '--format', 'ndjson'])
    expect(json(stdout)[0]?.['telemetry']).toEqual({ Amazon: GATEWAY })
  })

  test('does not take a class that has options of its own', async () => {
    const { code, stderr } = await run(['decode', OTHER_CLASS, '--record-class', '0x0108'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^geneve-telemetry: --record-class: .*0x0108.*\n$/)])
  })

  test.each(['0x10000', '-1', 'amazon'])('%s is refused', async (text) => {
    const { code, stderr } = await run(['decode', OTHER_CLASS, '--record-class', text])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/'--record-class <class>'.*0x0000 to 0xffff/)])
  })
})

describe('decode', () => {
  test('shows damaged frames as nobody knows whose', async () => {
    const path = join(folder, 'damaged.pcap')
    writeFileSync(path, pcap([{ bytes: genevePacket({ version: 1 }) }, { bytes: genevePacket({ options: optionsOf(GATEWAY) }) }]))
    const framesOf = async (account: string): Promise<readonly unknown[]> =>
      json((await run(['decode', path, '--format', 'ndjson', '--account', account])).stdout).map(({ frame }) => frame)
    expect([await framesOf(PRODUCTION), await framesOf(`except=${STAGING}`)]).toEqual([[2], [1, 2]])
  })

  test('prints what a record says, its lists, and the issues of its fields', async () => {
    const path = join(folder, 'fields.pcap')
    const options = optionsOf({ ...GATEWAY, security_groups: ['sg-12345678', 'sg-0123456789abcdef0'], latency: 12 })
    writeFileSync(path, pcap([{ bytes: genevePacket({ options: [...options, unknown] }) }]))
    const [table, lines] = await Promise.all([run(['decode', path]), run(['decode', path, '--format', 'ndjson'])])
    expect(table.stdout).toContain('nat_gateway_id=nat-12345678')
    expect(table.stdout).toContain('security_groups=sg-12345678,sg-0123456789abcdef0')
    expect(table.stdout).toContain('latency=12')
    const [packet] = json<{ readonly geneve: { readonly options: readonly Record<string, unknown>[] } }>(lines.stdout)
    expect(packet?.geneve.options.at(-1)).toMatchObject({ vendor: 'Amazon', type: 127, issue: 'unknown-number' })
  })
})

describe('run', () => {
  /** An exporter that takes what it is told to. */
  const exporter = (kinds: readonly string[]): string => `
    export default () => ({
      name: 'mine', accepts: ${JSON.stringify(kinds)}, limits: { records: 100, bytes: 1e6 }, fileName: 'mine.ndjson',
      encode: (record) => ({ kind: record.kind, id: record.id, bytes: new TextEncoder().encode(JSON.stringify(record, (_, value) => typeof value === 'bigint' ? String(value) : value) + '\\n') }),
      body: (batch) => new Uint8Array(Buffer.concat(batch.map(({ bytes }) => bytes))),
    })`

  test('sends told records to whoever takes them, without --packets, and counts them', async () => {
    const path = join(folder, 'mine.mjs')
    writeFileSync(path, exporter(['telemetry']))
    const { code, stderr } = await run(['run', CAPTURE, '--to', `${path}=file:${folder}`])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^mine +telemetry +6 +6 /m)])
    expect(stderr).toMatch(/^told of: 3 subjects$/m)
    const told = json(readFileSync(join(folder, 'mine.ndjson'), 'utf8'))
    expect(told.map(({ reason, subject, packets: count }) => [reason, (subject as { type: string }).type, count])).toEqual([
      ['new', 'nat_gateway_id', 100],
      ['new', 'tgw_attachment_id', 2],
      ['new', 'flow', 1],
      ['end', 'nat_gateway_id', 0],
      ['end', 'tgw_attachment_id', 0],
      ['end', 'flow', 0],
    ])
    expect(told.at(-2)?.['values']).toEqual(ATTACHMENT)
  })

  test('and no others', async () => {
    const path = join(folder, 'metrics.mjs')
    writeFileSync(path, exporter(['metric']))
    const { stderr } = await run(['run', CAPTURE, '--to', `${path}=file:${folder}`])
    expect(stderr).not.toMatch(/telemetry/)
    const metrics = json(readFileSync(join(folder, 'mine.ndjson'), 'utf8'))
    expect(metrics.filter(({ measurement }) => measurement === 'record')).toMatchObject([
      { attributes: { vendor: 'Amazon', option_class: '0x0105' }, points: { records: { value: 103 } } },
    ])
  })
})
