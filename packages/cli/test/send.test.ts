import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GeneveParser, type ToldValues } from '@geneve-telemetry/core'
import { afterAll, describe, expect, type TestContext, test } from 'vitest'
import { Pace } from '../src/pace.ts'
import { end, run, start } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-send-'))
afterAll(() => rmSync(folder, { recursive: true }))

const VPC = { service_type: 'VPC', vpc_id: 'vpc-12345678', latency: 12 }
const LARGE = {
  service_type: 'ALB',
  account_id: '123456789012',
  region: 'us-east-1',
  lb_arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/0123456789abcdef',
  routing_host: 'shop.example.org'.repeat(6),
  routing_path: '/cart/checkout'.repeat(8),
  request_count: 12,
}

const lines = (...records: readonly unknown[]): Uint8Array =>
  Buffer.from(records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join(''))

interface Received {
  readonly bytes: Uint8Array
  readonly values: ToldValues
  readonly vni: number | undefined
  readonly control: boolean | undefined
  readonly protocolType: string | undefined
}

/** A socket of this machine, and what it receives. */
class Collector {
  readonly #socket: Socket
  readonly #waiting: Uint8Array[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (bytes) => this.#waiting.push(bytes))
  }

  /** Tests that run at the same time must say themselves when they are over. */
  static async start({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<Collector> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    onTestFinished(() => void socket.close())
    return new Collector(socket)
  }

  get place(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  async received(count: number): Promise<readonly Received[]> {
    while (this.#waiting.length < count) await once(this.#socket, 'message')
    const parser = new GeneveParser()
    parser.enableEnterpriseExtensions()
    return this.#waiting.map((bytes) => {
      const result = parser.parsePacket(bytes)
      if (!result.ok) throw new Error(JSON.stringify(result.issue))
      const { geneve, telemetry, issue, inner } = result.value
      expect({ issue, inner }).toEqual({})
      return {
        bytes,
        values: telemetry?.['Amazon'] as ToldValues,
        vni: geneve?.vni,
        control: geneve?.control,
        protocolType: geneve?.protocolType,
      }
    })
  }
}

describe.concurrent('send', () => {
  test('each line is a control packet without a payload, of VNI 0', async (context) => {
    const collector = await Collector.start(context)
    const { code, stdout, stderr } = await run(['send', '--to', collector.place], {
      input: lines(VPC, '', { bytes: '18446744073709551615' }),
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(`2 records in 2 packets, 52 bytes: sent to ${collector.place}\n`)
    const header = { vni: 0, control: true, protocolType: '0x0000' }
    expect(await collector.received(2)).toMatchObject([
      { values: VPC, ...header },
      { values: { bytes: 2n ** 64n - 1n }, ...header },
    ])
  })

  test('a number that JSON has and JavaScript has not', async (context) => {
    const collector = await Collector.start(context)
    await run(['send', '--to', collector.place], { input: lines('{"bytes":9007199254740993}') })
    expect(await collector.received(1)).toMatchObject([{ values: { bytes: 9_007_199_254_740_993n } }])
  })

  test('a record that is too large is told in parts that share what it is about', async (context) => {
    const collector = await Collector.start(context)
    const { code, stdout } = await run(['send', '--to', collector.place], { input: lines(LARGE) })
    expect(code).toBe(0)
    const parts = await collector.received(2)
    expect(stdout).toMatch(`1 record in ${parts.length} packets,`)
    for (const { values } of parts) expect(values['lb_arn']).toBe(LARGE.lb_arn)
    expect(Object.assign({}, ...parts.map(({ values }) => values))).toEqual(LARGE)
  })

  test('--vni and --record-class are in the packets', async (context) => {
    const collector = await Collector.start(context)
    await run(['send', '--to', collector.place, '--vni', '2748', '--record-class', '0xff01'], { input: lines(VPC) })
    const [packet] = await collector.received(1)
    expect(packet?.vni).toBe(2_748)
    expect(Buffer.from(packet!.bytes.subarray(8, 12)).toString('hex')).toBe('ff010101')
  })

  test('standard input that stays open: each line goes as it comes, and Ctrl-C ends it', async (context) => {
    const collector = await Collector.start(context)
    const child = start(['send', '--to', collector.place])
    const ended = end(child)
    child.stdin?.write(lines(VPC))
    await collector.received(1)
    child.stdin?.write(Buffer.concat([lines({ latency: 1 }), lines({ latency: 2 }).subarray(0, 8)]))
    expect((await collector.received(2))[1]).toMatchObject({ values: { latency: 1 } })
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stdout: `2 records in 2 packets, 48 bytes: sent to ${collector.place}\n` })
  })

  test('nobody listens: it is said, and the exit code is 3', async () => {
    const { code, stdout, stderr } = await run(['send', '--to', '127.0.0.1:1'], { input: lines(VPC, VPC) })
    expect([code, stdout]).toEqual([3, '2 records in 2 packets, 64 bytes: sent to 127.0.0.1:1\n'])
    expect(stderr).toMatch(/^geneve-telemetry: --to 127.0.0.1:1: nobody listens there \(said [12] times?\)\n$/)
  })
})

test('a pace is never faster than it says', async () => {
  const pace = new Pace(100)
  const since = performance.now()
  for (let turn = 0; turn < 11; turn++) await pace.turn(new AbortController().signal)
  // Ten intervals of 10 ms; the clock of timers is a millisecond coarse.
  expect(performance.now() - since).toBeGreaterThan(98)
})

describe.concurrent('send --dry-run', () => {
  test('a class whose options are something else is refused', async () => {
    const { code, stderr } = await run(['send', '--dry-run', '--record-class', '0x0108'], { input: lines(VPC) })
    expect([code, stderr]).toEqual([
      1,
      "geneve-telemetry: --record-class: vendor Amazon: it has options of class 0x0108, and Amazon's telemetry record needs a class to itself\n",
    ])
  })

  test('shows each packet, in hex, and sends nothing', async () => {
    const { code, stdout } = await run(['send', '--dry-run'], { input: lines(VPC, '', { rule_action: 'DENY' }) })
    expect(code).toBe(0)
    // Header 8, then options of 4 and the value: type 1 'VPC', 6 the id, 17 the number; type 25 'DENY'.
    const first = `0680000000000000 01050101 56504300 01050601 12345678 01051101 0000000c`.replaceAll(' ', '')
    expect(stdout.split('\n').map((line) => line.trim().split(/ +/))).toEqual([
      ['LINE', 'BYTES', 'DATAGRAM'],
      ['1', '32', first],
      ['3', '16', '02800000000000000105190144454e59'],
      ['2', 'records', 'in', '2', 'packets,', '48', 'bytes:', 'not', 'sent'],
      [''],
    ])
  })
})

describe.concurrent('what is no record', () => {
  const INVALID: readonly (readonly [line: unknown, message: string])[] = [
    [{ latency: 'fast' }, 'line 2: latency: "fast" is not a whole number from 0 to 4294967295'],
    [{ rule_action: 'MAYBE', color: 1 }, 'line 2: rule_action: "MAYBE" is not one of ALLOW, DENY; color: is no field of the record'],
    ['{"latency":', 'line 2: it is no JSON: '],
    [{}, 'line 2: a record has at least one field'],
    [[1], 'line 2: a record is an object'],
  ]

  test.each(INVALID)('%j: stops there with exit code 2, and says the line, the field and what is allowed', async (line, message) => {
    const { code, stdout, stderr } = await run(['send', '--dry-run'], { input: lines(VPC, line, VPC) })
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([2, '1 record in 1 packet, 32 bytes: not sent'])
    expect(stderr).toMatch(/^geneve-telemetry: [^\n]+; nothing after it was read \(see --skip-invalid\)\n$/)
    expect(stderr).toContain(message)
  })

  test('what was sent is said', async (context) => {
    const collector = await Collector.start(context)
    const { code, stderr } = await run(['send', '--to', collector.place], { input: lines(VPC, {}, VPC) })
    expect([code, stderr]).toEqual([
      2,
      'geneve-telemetry: line 2: a record has at least one field; what comes before it was sent, nothing after it (see --skip-invalid)\n',
    ])
    expect(await collector.received(1)).toHaveLength(1)
  })

  test('--skip-invalid goes on behind each of them', async () => {
    const { code, stdout, stderr } = await run(['send', '--dry-run', '--skip-invalid'], {
      input: lines(VPC, ...INVALID.map(([line]) => line), VPC),
    })
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([2, '2 records in 2 packets, 64 bytes: not sent'])
    expect(stderr.trimEnd().split('\n')).toHaveLength(INVALID.length)
  })
})

describe.concurrent('wrong use: a message in one line, and exit code 1', () => {
  writeFileSync(join(folder, 'long.ndjson'), 'x'.repeat(2 ** 20 + 1))

  test.each([
    [['records.ndjson'], /--to: where do the packets go\? Write --to HOST or --to HOST:PORT, or --dry-run/],
    [['--to', '127.0.0.1:0'], /must be HOST or HOST:PORT, an IPv6 address in brackets, the port from 1 to 65535/],
    [['--to', 'no.such.host.invalid'], /--to: no.such.host.invalid cannot be reached: /],
    // A socket may not broadcast unless it says that it will.
    [['long.ndjson', '--to', '255.255.255.255'], /--to: 255.255.255.255 cannot be reached: /],
    [['missing.ndjson', '--dry-run'], /cannot read missing.ndjson: .*no such file/],
    [['long.ndjson', '--dry-run'], /line 1 has more than 1048576 characters; one line is one record/],
    [['--dry-run', '--rate', '0'], /whole number from 1 to 1000000/],
    [['--dry-run', '--vni', '16777216'], /whole number from 0 to 16777215/],
    [['--dry-run', '--record-class', '0x10000'], /--record-class/],
  ])('send %j', async (args, message) => {
    const { code, stderr } = await run(['send', ...args], { cwd: folder })
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
    expect(stderr).toMatch(/^geneve-telemetry: [^\n]+\n$/)
  })
})
