import { genevePacket, icmp, udp } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import { pcap } from './capture.ts'
import { GWLB, run } from './program.ts'

test('a flow log has a head, and a line for each direction of each flow', async () => {
  const { stdout, code } = await run(['flows', GWLB, '--format', 'vpc-flow-log'])
  const [head, ...lines] = stdout.trimEnd().split('\n')
  expect(code).toBe(0)
  expect(head).toMatch(/^version account-id interface-id srcaddr dstaddr /)
  expect(lines[0]).toMatch(/^2 - - 192\.168\.83\.1 192\.168\.83\.2 0 0 1 3 252 \d+ \d+ - OK$/)
  const flows = (await run(['flows', GWLB, '--format', 'ndjson'])).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const directions = flows.flatMap(({ source, destination }) => [source, destination]).filter(({ packets }) => packets > 0)
  expect(lines.map((line) => Number(line.split(' ')[8]))).toEqual(directions.map(({ packets }) => packets))
})

test('--fields says what is in a line; what cannot be is refused', async () => {
  const fields = (format: string, ...more: string[]): ReturnType<typeof run> => run(['flows', GWLB, '--fields', format, ...more])
  const { stdout } = await fields('${dstport} ${tcp-flags} ${version}', '--format', 'vpc-flow-log')
  expect(stdout).toMatch(/^dstport tcp-flags version\n0 0 3\n/)
  expect(await fields('${port}', '--format', 'vpc-flow-log')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^geneve-telemetry: --fields: there is no field "port"; there are version, /),
  })
  expect(await fields('${port}')).toMatchObject({ code: 1, stderr: 'geneve-telemetry: --fields: only with --format vpc-flow-log\n' })
})

test('comma-separated values have a column for each value, and no formulas', async () => {
  const { stdout } = await run(['flows', '-', '--format', 'csv'], {
    input: pcap([{ bytes: genevePacket({ segment: icmp({ type: 8 }) }) }]),
  })
  const [head, line, ...rest] = stdout
    .trimEnd()
    .split('\n')
    .map((text) => text.split(','))
  expect(rest).toEqual([])
  expect(line).toHaveLength(head!.length)
  const row = Object.fromEntries(head!.map((name, index) => [name, line![index]]))
  expect(row).toMatchObject({
    part: '0',
    transport: 'icmp',
    source: '192.0.2.1',
    source_packets: '1',
    source_vni: '0',
    state: '',
    icmp_type: '8',
  })
})

test('--duplicates says what becomes of packets that an appliance sent back', async () => {
  const packet = { tcp: { flags: 'S' }, inner: { id: 7 } }
  const outer = { source: '10.0.0.2', destination: '10.0.0.1' }
  const input = pcap([genevePacket(packet), genevePacket({ ...packet, outer })].map((bytes) => ({ bytes })))
  const flow = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run(['flows', '-', '--format', 'csv', ...args], { input })
    const [head, line] = stdout.split('\n').map((text) => text.split(','))
    return ['source_packets', 'source_returned_packets'].map((name) => line![head!.indexOf(name)])
  }
  expect(await flow()).toEqual(['1', '1'])
  expect(await flow('--duplicates', 'drop')).toEqual(['1', ''])
  expect(await flow('--duplicates', 'count')).toEqual(['2', ''])
  const { stderr } = await run(['flows', '-', '--duplicates', 'none'], { input })
  expect(stderr).toMatch(/Allowed choices are auto, drop, count/)
})

test('timeouts are options', async () => {
  const query = genevePacket({ segment: udp({ sourcePort: 1, destinationPort: 53 }) })
  const input = pcap([0, 30, 90].map((seconds) => ({ bytes: query, seconds: 1_795_428_000 + seconds })))
  const ends = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run(['flows', '-', '--format', 'csv', ...args], { input })
    return stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[4])
  }
  expect(await ends()).toEqual(['active-timeout', 'end-of-input'])
  expect(await ends('--idle-timeout', '59')).toEqual(['idle', 'end-of-input'])
  expect(await ends('--active-timeout', '91')).toEqual(['end-of-input'])
})
