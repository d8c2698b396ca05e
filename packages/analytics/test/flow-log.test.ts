import { type GenevePacketFields, genevePacket, gre, icmp, ipv4, udp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { DEFAULT_FLOW_LOG, FLOW_LOG_FIELDS, FlowLog } from '../src/flow-log.ts'
import { back, Tap } from './tap.ts'

const https = { tcp: { flags: 'S', sourcePort: 49152, destinationPort: 443, sequence: 1 } }

/** What the flows of these packets, a second apart, are in a log of this format. */
function logOf(format: string | undefined, ...packets: readonly GenevePacketFields[]): string[] {
  const log = new FlowLog(format)
  const flows = new Tap().packets(...packets).flows()
  return flows
    .map((flow) => log.lines(flow))
    .join('')
    .trimEnd()
    .split('\n')
}

test('the default format is version 2, one line a direction', () => {
  expect(new FlowLog().head).toBe(
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n',
  )
  expect(logOf(undefined, https, back({ tcp: { ...https.tcp, flags: 'SA' } }), https)).toEqual([
    '2 - - 192.0.2.1 192.0.2.2 49152 443 6 2 80 1700000000 1700000002 - OK',
    '2 - - 192.0.2.2 192.0.2.1 443 49152 6 1 40 1700000000 1700000002 - OK',
  ])
})

test('a direction without packets has no line, a protocol without ports has 0', () => {
  expect(logOf('${srcaddr} ${srcport} ${dstport} ${protocol} ${tcp-flags}', { segment: icmp({ type: 8 }) })).toEqual(['192.0.2.1 0 0 1 0'])
})

describe('tcp-flags', () => {
  const flags = (...packets: readonly GenevePacketFields[]): string[] => logOf('${srcport} ${tcp-flags}', ...packets)
  const out = (letters: string) => ({ tcp: { ...https.tcp, flags: letters } })
  const home = (letters: string) => back(out(letters))

  test.each([
    [[out('S')], ['49152 2']],
    [
      [out('S'), home('SA')],
      ['49152 2', '443 18'],
    ],
    [
      [out('S'), home('SA'), out('A'), home('PA'), out('FA'), home('FA')],
      ['49152 3', '443 19'],
    ],
    [
      [out('A'), home('A')],
      ['49152 0', '443 0'],
    ],
    [
      [out('S'), home('RA')],
      ['49152 2', '443 4'],
    ],
    [[out('SEC')], ['49152 2']],
    [[out('PAU')], ['49152 0']],
  ])('%#', (packets, expected) => {
    expect(flags(...packets)).toEqual(expected)
  })
})

test('first inner addresses are srcaddr and dstaddr, the innermost pkt-srcaddr and pkt-dstaddr', () => {
  const inside = ipv4({ source: '192.0.2.7', destination: '192.0.2.8' }, udp({ sourcePort: 1000, destinationPort: 53 }))
  const frame = genevePacket({ inner: { source: '10.1.0.1', destination: '10.1.0.2' }, segment: gre({}, inside) })
  const [flow] = new Tap().frame(frame).flows()
  const log = new FlowLog('${version} ${type} ${srcaddr} ${dstaddr} ${pkt-srcaddr} ${pkt-dstaddr} ${bytes} ${protocol}')
  expect(log.lines(flow!)).toBe(`3 IPv4 10.1.0.1 10.1.0.2 192.0.2.7 192.0.2.8 28 17\n`)
})

test('the version is that of the newest field', () => {
  const versionOf = (fields: string): string | undefined => logOf(`\${version} ${fields}`, https)[0]?.split(' ')[0]
  expect(versionOf('${bytes}')).toBe('2')
  expect(versionOf('${vpc-id}')).toBe('3')
  expect(versionOf('${region} ${reject-reason}')).toBe('8')
  expect(versionOf('${next-hop-vpc-id}')).toBe('11')
})

test('each field that there is may stand in a format, in any order', () => {
  const lines = logOf(
    [...FLOW_LOG_FIELDS]
      .reverse()
      .map((name) => `\${${name}}`)
      .join(' '),
    https,
  )
  expect(lines[0]!.split(' ')).toHaveLength(FLOW_LOG_FIELDS.length)
  expect(DEFAULT_FLOW_LOG.split(' ').every((field) => FLOW_LOG_FIELDS.includes(field.slice(2, -1)))).toBe(true)
})

test.each([
  ['srcaddr', '"srcaddr" is no field; a format is for example'],
  ['', '"" is no field'],
  ['${srcaddr} ${source}', 'there is no field "source"; there are version, account-id, interface-id, srcaddr'],
  ['${constructor}', 'there is no field "constructor"'],
])('the format "%s" is refused', (format, message) => {
  expect(() => new FlowLog(format)).toThrow(message)
})
