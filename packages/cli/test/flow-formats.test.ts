import { genevePacket, icmp } from '@geneve-telemetry/core/testing'
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
