import { describe, expect, test } from 'vitest'
import { Example, program } from './example.ts'

const example = new Example('open-vswitch')

test('prints the rules that its README shows', async () => {
  expect(await example.start()).toBe(example.file('expected.txt'))
})

describe('the capture of what Open vSwitch sent by these rules', async () => {
  const lines = (await program('decode', '--format', 'ndjson', 'examples/open-vswitch/record.pcap')).trimEnd().split('\n')
  const packets = lines.map((line) => JSON.parse(line))

  test('has the pings', () => {
    expect(packets).toHaveLength(3)
    for (const packet of packets) {
      expect(packet).toMatchObject({
        geneve: { vni: 77, protocolType: '0x6558', control: false },
        inner: { protocol: 'icmp', icmpType: 8 },
      })
      expect(packet).not.toHaveProperty('issue')
    }
  })

  test('decodes to the record that was set', () => {
    const record = JSON.parse(example.file('record.json'))
    for (const { telemetry } of packets) expect(telemetry).toEqual({ Amazon: record })
  })

  test('has each value in as few bytes as it takes', () => {
    const options = packets.flatMap(({ geneve }) => geneve.options)
    expect(options).toHaveLength(27)
    for (const option of options) expect(option).not.toHaveProperty('issue')
  })
})
