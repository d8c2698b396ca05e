import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AWS_EXAMPLES, type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../command.ts'
import { program } from '../examples/example.ts'
import { Listening } from './listening.ts'

// Whether records arrive as they were sent: at `listen`, and in a capture by tcpdump that `decode` and tshark read.

const folder = mkdtempSync(join(tmpdir(), 'geneve-send-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each fits into one packet. Numbers of 64 bits are texts in JSON, where JavaScript's would not hold them. */
const RECORDS: readonly Readonly<Record<string, unknown>>[] = [
  ...Object.values(AWS_EXAMPLES),
  { service_type: 'VPC', vpc_id: 'vpc-12345678', packets: 0, bytes: '18446744073709551615', throughput: '9007199254740993' },
  { security_groups: ['sg-12345678', 'sg-0123456789abcdef0', 'sg-87654321'], packet_loss: 0.1, nacl_rule_number: -1 },
  { cluster_name: 'größer', network_mode: '東京', source_ip: '2001:db8::7', cross_zone: false, response_time: 1e-9 },
]

const LARGE: AwsRecord = {
  service_type: 'ALB',
  account_id: '123456789012',
  region: 'eu-central-1',
  lb_arn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/0123456789abcdef',
  security_groups: Array.from({ length: 9 }, (_, index) => `sg-0000000${index}`),
  routing_host: 'shop.example.org'.repeat(7),
  routing_path: '/cart/checkout'.repeat(8),
  request_count: 12,
}

const path = (name: string): string => join(folder, name)

beforeAll(() => {
  writeFileSync(path('records.ndjson'), RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''))
  writeFileSync(path('large.ndjson'), JSON.stringify(LARGE))
})

/** A record as `decode --format ndjson` has it: numbers of 64 bits with all their digits. */
function printed(record: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(record).map(([name, value]) => {
    const isNumber = typeof value === 'string' && /^\d{16,}$/.test(value)
    return `${JSON.stringify(name)}:${isNumber ? value : JSON.stringify(value)}`
  })
  return parts.toSorted().join()
}

/** What a line of ndjson tells, in the same form. */
function told(line: string): string {
  const [, telemetry = ''] = /"telemetry":\{"Amazon":\{(.*)\}\}\}$/.exec(line) ?? []
  // Digits that JavaScript's numbers would not hold become texts, and with `printed` digits again.
  return printed(JSON.parse(`{${telemetry.replaceAll(/:(\d{16,})/g, ':"$1"')}}`))
}

/** What all lines have in common: a control packet, of which nothing is wrong. */
function expectWhole(lines: readonly string[]): void {
  for (const line of lines) {
    const { geneve, issue, inner } = JSON.parse(line)
    expect({ issue, inner, control: geneve.control, protocolType: geneve.protocolType }).toEqual({ control: true, protocolType: '0x0000' })
    for (const option of geneve.options) expect(option).not.toHaveProperty('issue')
  }
}

describe('send -> listen', () => {
  test.each(['127.0.0.1', '[::1]'])('the same records, at %s', async (address) => {
    const listening = Listening.program(address, '--format', 'ndjson')
    await program('send', path('records.ndjson'), '--to', await listening.place())
    const lines = await listening.lines(RECORDS.length)
    expect(await listening.stop()).toBe(130)
    expectWhole(lines)
    expect(lines.map(told)).toEqual(RECORDS.map(printed))
  })

  test('a large record, part by part, in an option class of its own', async () => {
    const parts = new RecordEncoder().split(LARGE).length
    expect(parts).toBeGreaterThan(1)
    const listening = Listening.program('127.0.0.1', '--format', 'ndjson', '--record-class', '0xff01')
    const place = await listening.place()
    await program('send', path('large.ndjson'), '--to', place, '--record-class', '0xff01', '--vni', '42')
    const lines = await listening.lines(parts)
    expect(await listening.stop()).toBe(130)
    expectWhole(lines)
    const packets = lines.map((line) => JSON.parse(line))
    expect(packets.map(({ geneve }) => geneve.vni)).toEqual(packets.map(() => 42))
    expect(Object.assign({}, ...packets.map(({ telemetry }) => telemetry.Amazon))).toEqual(LARGE)
    for (const { telemetry } of packets) expect(telemetry.Amazon).toMatchObject({ service_type: 'ALB', lb_arn: LARGE.lb_arn })
  })

  test('10,000 packets, 2,000 a second, none of them lost, and all records told', async () => {
    const record = (index: number): string => JSON.stringify({ service_type: 'VPC', vpc_id: 'vpc-12345678', packets: index })
    writeFileSync(path('many.ndjson'), Array.from({ length: 10_000 }, (_, index) => `${record(index)}\n`).join(''))
    const listening = Listening.program('127.0.0.1', '--to', `elasticsearch=file:${path('out')}`)
    const place = await listening.place()
    const before = performance.now()
    await program('send', path('many.ndjson'), '--to', place, '--rate', '2000')
    expect(performance.now() - before).toBeGreaterThan(4_900)
    const code = await listening.stop()
    expect(listening.stderr).toMatch(/read +10,000\n/)
    expect(listening.stderr).not.toContain('lost')
    expect(code).toBe(130)
    expect(readFileSync(path('out/bulk.ndjson'), 'utf8')).toContain('"packets":9999')
  })
})

const missing = await command('tcpdump', ['--version']).then(
  () => (process.getuid?.() === 0 ? undefined : 'only root may capture'),
  () => 'tcpdump is not installed',
)
const hasTshark = await command('tshark', ['--version']).then(
  () => true,
  () => false,
)
const reason = missing === undefined ? '' : ` (skipped: ${missing})`

describe.skipIf(missing !== undefined)(`send -> tcpdump${reason}`, () => {
  const capture = path('sent.pcap')

  beforeAll(async () => {
    // Nobody listens there, which ICMP answers and the exit code 3 says. It is nobody else's address either.
    const host = '127.83.0.1'
    const filter = ['udp', 'dst', 'port', '6081', 'and', 'dst', 'host', host]
    const count = String(RECORDS.length)
    const tcpdump = new Listening('tcpdump', ['-Z', 'root', '-n', '--immediate-mode', '-c', count, '-i', 'lo', '-w', capture, ...filter])
    await tcpdump.said(/listening on/)
    await expect(program('send', path('records.ndjson'), '--to', host)).rejects.toThrow('nobody listens there')
    await tcpdump.end()
  })

  test('-> decode: the same records', async () => {
    const lines = (await program('decode', '--format', 'ndjson', capture)).trimEnd().split('\n')
    expectWhole(lines)
    expect(lines.map(told)).toEqual(RECORDS.map(printed))
  })

  test.skipIf(!hasTshark)(`-> tshark: nothing is malformed${hasTshark ? '' : ' (skipped: tshark is not installed)'}`, async () => {
    const fields = [
      'geneve.version',
      'geneve.flags.oam',
      'geneve.flags.critical',
      'geneve.proto_type',
      'geneve.vni',
      '_ws.malformed',
      '_ws.expert',
    ]
    const { stdout } = await command('tshark', ['-n', '-r', capture, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
    const rows = stdout
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t'))
    expect(rows).toEqual(RECORDS.map(() => ['0', '1', '0', '0x0000', '0x000000', '', '']))
  })
})
