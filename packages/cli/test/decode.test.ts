import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { arp, ethernet, genevePacket, gre, hex, icmp, ip, ipv4, sctp, udp } from '@geneve-telemetry/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { pcap } from './capture.ts'
import { end, GWLB, json, run, start, written } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-decode-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ndjson = async (frames: Parameters<typeof pcap>[0], ...args: string[]): Promise<readonly Record<string, unknown>[]> => {
  const { stdout, stderr, code } = await run(['decode', '--format', 'ndjson', ...args], { input: pcap(frames) })
  expect([code, stderr]).toEqual([0, ''])
  return json(stdout)
}

describe('decode --format ndjson', () => {
  test('has the public shape, key by key and in this order', async () => {
    const whole = genevePacket({
      outer: { source: '10.0.0.1', destination: '10.0.0.2', ttl: 255 },
      udp: { sourcePort: 60001 },
      vni: 0,
      options: [
        { class: 0x0108, type: 1, data: hex('0123456789abcdef') },
        { class: 0x0108, type: 3, data: hex('c0ffee01') },
        { class: 0x0132, type: 0x80, words: 0 },
        { class: 0x0200, type: 7, data: hex('00ff00ff') },
      ],
      inner: { source: '192.0.2.1', destination: '192.0.2.2', ttl: 63 },
      tcp: { sourcePort: 1, destinationPort: 2, flags: 'FSRPAUEC' },
    })
    const cut = whole.slice(0, whole.byteLength - 6)
    const [line] = await ndjson([{ bytes: cut, seconds: Date.UTC(2026, 10, 23, 10) / 1000, nanos: 123_456_789, length: 150 }])
    expect(JSON.stringify(line)).toBe(
      JSON.stringify({
        frame: 1,
        timestamp: '2026-11-23T10:00:00.123456789Z',
        length: 150,
        capturedLength: cut.byteLength,
        outer: { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 60001, destinationPort: 6081, ttl: 255 },
        geneve: {
          version: 0,
          control: false,
          critical: true,
          protocolType: '0x0800',
          vni: 0,
          options: [
            {
              class: '0x0108',
              type: 1,
              critical: false,
              length: 8,
              data: '0123456789abcdef',
              vendor: 'Amazon',
              name: 'gwlb_endpoint_id',
              value: 'vpce-00123456789abcdef',
            },
            {
              class: '0x0108',
              type: 3,
              critical: false,
              length: 4,
              data: 'c0ffee01',
              vendor: 'Amazon',
              name: 'flow_cookie',
              value: 'c0ffee01',
            },
            { class: '0x0132', type: 128, critical: true, length: 0, data: '', vendor: 'Google' },
            { class: '0x0200', type: 7, critical: false, length: 4, data: '00ff00ff' },
          ],
        },
        inner: {
          source: '192.0.2.1',
          destination: '192.0.2.2',
          protocol: 'tcp',
          sourcePort: 1,
          destinationPort: 2,
          tcpFlags: 'FSRPAUEC',
          ttl: 63,
        },
        telemetry: { Amazon: { gwlb_endpoint_id: 'vpce-00123456789abcdef', flow_cookie: 'c0ffee01' } },
        // Ethernet 14, IPv4 20, UDP 8, GENEVE 8 with 12 + 8 + 4 + 8 of options, IPv4 20.
        issue: { kind: 'truncated', layer: 'inner-tcp', offset: 102, needed: 20, available: 14 },
      }),
    )
  })

  test('has of the inner packet what is there', async () => {
    const lines = await ndjson([
      { bytes: genevePacket({ segment: icmp({ type: 8 }), inner: { source: '192.0.2.1', destination: '192.0.2.2', ttl: 64 } }) },
      { bytes: genevePacket({ innerEthernet: { vlans: [100, 7] }, segment: udp({ sourcePort: 53, destinationPort: 0 }) }) },
      {
        bytes: genevePacket({
          inner: { source: '198.51.100.1', destination: '198.51.100.2' },
          segment: gre({}, ipv4({ source: '203.0.113.7', destination: '203.0.113.8' }, sctp({ sourcePort: 5, destinationPort: 6 }))),
        }),
      },
      {
        bytes: genevePacket({
          protocolType: 0x6558,
          payload: ethernet({ type: 0x0806 }, arp({ sender: '192.0.2.1', target: '192.0.2.9' })),
        }),
      },
      { bytes: genevePacket({ inner: { source: '2001:db8::1', destination: '2001:db8::2' }, tcp: { flags: '' } }) },
    ])
    expect(lines.map(({ inner }) => inner)).toEqual([
      { source: '192.0.2.1', destination: '192.0.2.2', protocol: 'icmp', ttl: 64, icmpType: 8, icmpCode: 0 },
      { source: '192.0.2.1', destination: '192.0.2.2', protocol: 'udp', sourcePort: 53, destinationPort: 0, ttl: 64, vlan: [100, 7] },
      {
        source: '203.0.113.7',
        destination: '203.0.113.8',
        protocol: 'sctp',
        sourcePort: 5,
        destinationPort: 6,
        ttl: 64,
        encapsulation: ['gre'],
        firstSource: '198.51.100.1',
        firstDestination: '198.51.100.2',
      },
      { source: '192.0.2.1', destination: '192.0.2.9', protocol: 'arp' },
      { source: '2001:db8::1', destination: '2001:db8::2', protocol: 'tcp', sourcePort: 49152, destinationPort: 80, tcpFlags: '', ttl: 64 },
    ])
  })

  test('shows damaged frames too, and with --all the others with their reason; frames are counted over all', async () => {
    const frames = [
      { bytes: ethernet({}, ip({}, udp({ sourcePort: 1, destinationPort: 2 }))) },
      { bytes: genevePacket({ version: 1 }) },
      { bytes: ethernet({ type: 0x0806 }, arp({})) },
      { bytes: genevePacket() },
    ]
    const shown = await ndjson(frames)
    expect(shown.map(({ frame }) => frame)).toEqual([2, 4])
    expect(shown[0]).toMatchObject({ issue: { kind: 'unsupported-version', layer: 'geneve', offset: 42, needed: 0, available: 1 } })
    const all = await ndjson(frames, '--all')
    expect(all.map(({ frame, notGeneve }) => [frame, notGeneve])).toEqual([
      [1, 'other-port'],
      [2, undefined],
      [3, 'not-ip'],
      [4, undefined],
    ])
    expect(all[0]).toMatchObject({ outer: { sourcePort: 1, destinationPort: 2 } })
  })

  test('decodes the options of a vendor of one’s own, and keeps 64-bit quantities exact', async () => {
    const field = (name: string, method: string): string => `{
      name: '${name}', instrument: 'counter', unit: 'By', cardinality: 'bounded', doc: '', otel: 'x.${name}', ecs: 'x.${name}', influx: '${name}',
      read: (view, offset) => view.${method}(offset), write: () => undefined }`
    writeFileSync(
      join(folder, 'vendor.mjs'),
      `export default { name: 'Example', options: [
        { optionClass: 0xfff0, type: 1, length: 8, name: 'counters', source: '', fields: [${field('total_bytes', 'getBigUint64')}, ${field('octet', 'getUint8')}] }] }`,
    )
    const option = { class: 0xfff0, type: 1, data: hex('ffffffffffffffff') }
    const input = pcap([{ bytes: genevePacket({ options: [option] }) }])
    const args = ['decode', '--format', 'ndjson', '--vendor', './vendor.mjs', '--filter', 'vendor=example']
    const { stdout } = await run(args, { input, cwd: folder })
    expect(stdout).toContain('"name":"counters","value":{"total_bytes":18446744073709551615,"octet":255}')
    expect(stdout).toContain('"telemetry":{"Example":{"total_bytes":18446744073709551615,"octet":255}}')
  })
})

test('a vendor that is built in may be named all the same', async () => {
  const { code, stderr } = await run(['decode', GWLB, '--vendor', '@geneve-telemetry/core/vendors/aws', '--limit', '1'], { cwd: folder })
  expect([code, stderr]).toEqual([0, ''])
})

describe('what decode is told', () => {
  const frames = [80, 443, 80, 22, 443].map((destinationPort, index) => ({ bytes: genevePacket({ vni: index, tcp: { destinationPort } }) }))

  test.each<[args: string[], shown: number[]]>([
    [[], [1, 2, 3, 4, 5]],
    [
      ['--filter', 'port=443'],
      [2, 5],
    ],
    [
      ['--filter', 'port=443,22', '--filter', 'vni=0,1,3'],
      [2, 4],
    ],
    [
      ['--filter', 'vni=1', '--filter', 'vni=2'],
      [2, 3],
    ],
    [
      ['--limit', '2'],
      [1, 2],
    ],
    [['--filter', 'port=80', '--limit', '1'], [1]],
    [
      ['--port', '6081', '--port', '4789'],
      [1, 2, 3, 4, 5],
    ],
  ])('%j', async (args, shown) => {
    expect((await ndjson(frames, ...args)).map(({ frame }) => frame)).toEqual(shown)
  })

  test('a filter keeps out damaged and other frames as well', async () => {
    const mixed = [
      { bytes: genevePacket({ version: 1 }) },
      { bytes: ethernet({}, ip({}, udp({}))) },
      { bytes: genevePacket().slice(0, 46) },
    ]
    expect((await ndjson(mixed, '--all', '--filter', 'issue=truncated')).map(({ frame }) => frame)).toEqual([3])
  })

  test('--port leaves only the ports that it names', async () => {
    const { stdout } = await run(['decode', '--format', 'ndjson', '--port', '4789'], { input: pcap(frames) })
    expect(stdout).toBe('')
  })

  test('--link-type overrides what the capture says', async () => {
    const raw = ip({ source: '10.0.0.1', destination: '10.0.0.2' }, udp({ destinationPort: 6081 }, genevePacket().slice(42)))
    expect(await ndjson([{ bytes: raw }], '--link-type', '101')).toMatchObject([{ geneve: { vni: 0 } }])
  })
})

describe('decode --format table', () => {
  test('has a line of titles and one line per packet, without colours or progress when it is piped', async () => {
    const { stdout, stderr, code } = await run(['decode', GWLB])
    const lines = stdout.trimEnd().split('\n')
    expect([code, stderr, lines.length]).toEqual([0, '', 32])
    expect(lines[0]).toMatch(/^FRAME .*TIME .*TUNNEL .*VNI .*PROTO .*INNER PACKET .*DETAILS$/)
    expect(lines[1]).toContain('10.66.0.1 > 10.66.0.2')
    expect(lines[1]).toContain('gwlb_endpoint_id=vpce-00123456789abcdef')
    expect(stdout).not.toContain('\u001b')
  })

  test('has its titles above the columns, however wide the first line is', async () => {
    const outer = { source: '2001:db8::aaaa:bbbb', destination: '2001:db8::cccc:dddd' }
    const { stdout } = await run(['decode'], { input: pcap([{ bytes: genevePacket({ outer, vni: 0xffffff }) }]) })
    const [titles = '', line = ''] = stdout.split('\n')
    expect([titles.indexOf('VNI') + 3, titles.indexOf('PROTO')]).toEqual([line.indexOf('16777215') + 8, line.indexOf('tcp')])
  })

  test('has its titles alone where no packet is shown', async () => {
    const { stdout, code } = await run(['decode', GWLB, '--filter', 'vni=1'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^FRAME .*DETAILS\n$/)])
  })

  test('says what is wrong with a packet, and whose an option is that nobody decodes', async () => {
    const frames = [
      { bytes: genevePacket({ options: [{ class: 0x0104, type: 0x80, words: 1 }], critical: false }) },
      { bytes: genevePacket({ tcp: { flags: 'SA' } }).slice(0, 80) },
    ]
    const { stdout } = await run(['decode'], { input: pcap(frames) })
    const [, flagged, cut] = stdout.split('\n')
    expect(flagged).toMatch(/critical-flag-missing geneve at byte 42 .*VMware 0x0104\/128/)
    expect(cut).toMatch(/truncated inner-tcp at byte 70: 20 needed, 10 there/)
  })
})

describe('standard input', () => {
  const bytes = readFileSync(GWLB)

  test.each([
    ['without a name', ['decode', '--format', 'ndjson'], bytes],
    ['as -', ['decode', '-', '--format', 'ndjson'], bytes],
    ['with gzip', ['decode', '--format', 'ndjson'], gzipSync(bytes)],
  ])('%s is the same as the file', async (_, args, input) => {
    const fromFile = await run(['decode', GWLB, '--format', 'ndjson'])
    expect(await run(args, { input })).toEqual(fromFile)
    expect(json(fromFile.stdout)).toHaveLength(31)
  })

  test('a pipe that grows: lines come while it stays open, also of a packet that came in two pieces', async () => {
    const child = start(['decode', '--format', 'ndjson'])
    const ended = end(child)
    child.stdin?.write(bytes.subarray(0, 300))
    await written(child, '"frame":1,')
    child.stdin?.write(bytes.subarray(300, 600))
    await written(child, '"frame":3,')
    child.stdin?.end(bytes.subarray(600))
    const { code, stdout } = await ended
    expect([code, json(stdout).length]).toEqual([0, 31])
  })

  test('may end within a packet, as one does that is stopped: all is well, and a note says so', async () => {
    const { code, stdout, stderr } = await run(['decode', '--format', 'ndjson'], { input: bytes.subarray(0, bytes.byteLength - 1) })
    expect([code, json(stdout).length]).toEqual([0, 30])
    expect(stderr).toMatch(/^geneve-telemetry: note: the input ended within a packet[^\n]*30 packets[^\n]*\n$/)
  })
})
