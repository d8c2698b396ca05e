import { expect, test } from 'vitest'
import { GeneveParser } from '../src/parser.ts'
import type { Telemetry } from '../src/telemetry/packet.ts'
import { geneveDatagram, hex } from '../src/testing/testing.ts'

/** What vendors' options say, each built from the document that the vendor's table names: class, type, data in hex; vendor, fields. */
const OPTIONS: readonly (readonly [what: string, optionClass: number, type: number, data: string, vendor: string, fields: object])[] = [
  ['OVN, from port 9 to 6', 0x0102, 0x80, '00090006', 'OVN', { ovn_ingress_port: 9, ovn_egress_port: 6 }],
  ['OVN, to a multicast group, reserved bit set', 0x0102, 0x80, 'ffff8000', 'OVN', { ovn_ingress_port: 0x7fff, ovn_egress_port: 0x8000 }],
  ['Google, network', 0x0132, 1, '800000d1', 'Google', { google_network_id: 0x0800_000d, google_direction: 'egress' }],
  ['Google, network, other way', 0x0132, 1, '0000001e', 'Google', { google_network_id: 1, google_direction: 'ingress' }],
  [
    'Google, endpoint',
    0x0132,
    2,
    '0800000d c0a86402 0000000000000000',
    'Google',
    { google_endpoint_id: '0800000dc0a864020000000000000000' },
  ],
  ['Google, profile', 0x0132, 3, '0000000000001234', 'Google', { google_profile_id: '0000000000001234' }],
  ['Google, perimeter out', 0x0132, 0x83, '0a000001', 'Google', { google_egress_node: '10.0.0.1' }],
  ['Google, perimeter in', 0x0132, 0x84, '0a000002', 'Google', { google_ingress_node: '10.0.0.2' }],
  [
    'Cilium, IPv4 service',
    0x014b,
    0x81,
    'c0a80001 0050 0000',
    'Cilium',
    { cilium_service_address: '192.168.0.1', cilium_service_port: 80 },
  ],
  [
    'Cilium, IPv6 service',
    0x014b,
    0x81,
    'fd000000000000000000000000000001 01bb 0000',
    'Cilium',
    { cilium_service_address: 'fd00::1', cilium_service_port: 443 },
  ],
  ['Tencent, endpoint', 0x0167, 1, '62696730766a306a', 'Tencent', { tencent_endpoint_id: 'big0vj0j' }],
  ['Tencent, endpoint of other bytes', 0x0167, 1, '0000000000000000', 'Tencent', { tencent_endpoint_id: '0000000000000000' }],
  ['Tencent, attachment', 0x0167, 2, '0000000000000000', 'Tencent', { tencent_attachment_id: '0000000000000000' }],
  ['Tencent, flow', 0x0167, 3, '40000007', 'Tencent', { tencent_flow_direction: 2, tencent_flow_cookie: 7 }],
  ['Oxide, external', 0x0129, 0, '', 'Oxide', { oxide_external: true }],
  ['Oxide, multicast', 0x0129, 1, '80000000', 'Oxide', { oxide_replication: 'both' }],
  ['Oxide, segment size', 0x0129, 2, '000005b4', 'Oxide', { oxide_mss: 1460 }],
  [
    'Linux, hint for offload',
    0x0100,
    1,
    '06142846',
    'Linux',
    {
      linux_nested_is_ipv6: true,
      linux_inner_protocol_id: 2,
      linux_nested_network_offset: 20,
      linux_nested_transport_offset: 40,
      linux_nested_header_length: 70,
    },
  ],
  [
    'cPacket, metadata',
    0x0164,
    0,
    '00000001 05dc 00 02 0000 6553f100 3b9ac9ff 8000 0007 0003',
    'cPacket',
    {
      cpacket_packet_id: 1,
      cpacket_original_length: 1500,
      cpacket_version: 2,
      cpacket_seconds: 1_700_000_000,
      cpacket_nanoseconds: 999_999_999,
      cpacket_fraction: 0x8000,
      cpacket_device_id: 7,
      cpacket_port_id: 3,
    },
  ],
]

test.each(OPTIONS)('%s', (_, optionClass, type, data, vendor, fields) => {
  expect(telemetryOf(optionClass, type, data)).toEqual({ [vendor]: fields })
})

const HEADER = { int_version: 2, int_discard: false, int_domain_id: 0, int_domain_instructions: '0000', int_domain_flags: '0000' }
const LIMITS = { int_hops_exceeded: false, int_mtu_exceeded: false }

test('INT-MD: a list for each instruction, the newest hop first', () => {
  // Node id, level 1 interfaces, hop latency and ingress timestamp: 5 words for each of two hops.
  const hops = '00000002 000a000b 00000064 0000000000000002  00000001 00140015 000000c8 fffffffffffffffe'
  expect(telemetryOf(0x0103, 1, `20000506 e8000000 00000000 ${hops}`)).toEqual({
    INT: {
      ...HEADER,
      ...LIMITS,
      int_hop_words: 5,
      int_remaining_hops: 6,
      int_instructions: 'node_id,level_1_interfaces,hop_latency,ingress_timestamp',
      int_hops: 2,
      int_node_ids: '2,1',
      int_ingress_interfaces: '10,20',
      int_egress_interfaces: '11,21',
      int_hop_latencies: '100,200',
      int_ingress_timestamps: '2,18446744073709551614',
    },
  })
})

test("INT-MD: the specification's example over GENEVE", () => {
  const hops = '00000003 07000030  00000002 07000020  00000001 07000010'
  expect(telemetryOf(0x0103, 1, `20000205 90000000 00000000 ${hops}`)).toEqual({
    INT: {
      ...HEADER,
      ...LIMITS,
      int_hop_words: 2,
      int_remaining_hops: 5,
      int_instructions: 'node_id,queue',
      int_hops: 3,
      int_node_ids: '3,2,1',
      int_queue_ids: '7,7,7',
      int_queue_occupancies: '48,32,16',
    },
  })
})

test("INT-MD: the specification's example of a domain, whose source adds more than the hops", () => {
  const stack = '000000020000000100000009a61af6b1647d0000'
  expect(telemetryOf(0x0103, 1, `20000105 80005453 80004000 ${stack}`)).toEqual({
    INT: {
      ...HEADER,
      ...LIMITS,
      int_hop_words: 1,
      int_remaining_hops: 5,
      int_domain_id: 0x5453,
      int_domain_instructions: '8000',
      int_domain_flags: '4000',
      int_instructions: 'node_id',
      int_stack: stack,
    },
  })
})

test('INT-MD: a hop that has no value says so in all bits', () => {
  const telemetry = telemetryOf(0x0103, 1, '20000305 48000000 00000000  ffffffff ffffffffffffffff  ffff0001 00000000ffffffff')
  expect(telemetry?.['INT']).toMatchObject({
    int_ingress_interfaces: '-,65535',
    int_egress_interfaces: '-,1',
    int_ingress_timestamps: '-,4294967295',
  })
})

test('INT-MD: reserved instructions and a checksum complement take room', () => {
  // Queue, reserved instruction 14, checksum complement, and a word more than they take.
  expect(telemetryOf(0x0103, 1, '2e000400 10030007 00000001  05000006 aaaaaaaa bbbbbbbb 0000abcd')).toEqual({
    INT: {
      int_version: 2,
      int_discard: true,
      int_hops_exceeded: true,
      int_mtu_exceeded: true,
      int_hop_words: 4,
      int_remaining_hops: 0,
      int_domain_id: 7,
      int_domain_instructions: '0000',
      int_domain_flags: '0001',
      int_instructions: 'queue,reserved_14,checksum_complement',
      int_hops: 1,
      int_queue_ids: '5',
      int_queue_occupancies: '6',
    },
  })
})

test('INT-MD: no hop yet, and a stack that does not add up', () => {
  const header = { ...HEADER, ...LIMITS, int_remaining_hops: 3, int_instructions: 'node_id,hop_latency' }
  expect(telemetryOf(0x0103, 1, '20000203 a0000000 00000000')).toEqual({ INT: { ...header, int_hop_words: 2, int_hops: 0 } })
  expect(telemetryOf(0x0103, 1, '20000203 a0000000 00000000 00000001')).toEqual({
    INT: { ...header, int_hop_words: 2, int_stack: '00000001' },
  })
  expect(telemetryOf(0x0103, 1, '20000103 a0000000 00000000 00000001')).toEqual({
    INT: { ...header, int_hop_words: 1, int_stack: '00000001' },
  })
  expect(telemetryOf(0x0103, 1, '20000003 a0000000 00000000 00000001')).toEqual({
    INT: { ...header, int_hop_words: 0, int_stack: '00000001' },
  })
})

test('INT: of another version only the version', () => {
  expect(telemetryOf(0x0103, 1, '10000203 a0000000 00000000')).toEqual({ INT: { int_version: 1 } })
})

test('INT-MX: instructions alone, or with what the source put in', () => {
  expect(telemetryOf(0x0103, 3, '28000000 80000000 00000000')).toEqual({
    INT: { ...HEADER, int_discard: true, int_instructions: 'node_id' },
  })
  expect(telemetryOf(0x0103, 3, '20000000 00000005 00000000 deadbeef')).toEqual({
    INT: { ...HEADER, int_domain_id: 5, int_instructions: 'none', int_source_metadata: 'deadbeef' },
  })
  // The specification's example of it.
  expect(telemetryOf(0x0103, 3, '20000000 9000abcd c0000000 0000000f 12345678')).toEqual({
    INT: {
      ...HEADER,
      int_domain_id: 0xabcd,
      int_domain_instructions: 'c000',
      int_instructions: 'node_id,queue',
      int_source_metadata: '0000000f12345678',
    },
  })
})

test.each([
  ['OVN of 8 bytes', 0x0102, 0x80, '0009000600000000'],
  ['Cilium of 12 bytes', 0x014b, 0x81, 'c0a80001 0050 0000 00000000'],
  ['INT Destination, which has no format yet', 0x0103, 2, '20000203 a0000000 00000000'],
])('%s is not decoded', (_, optionClass, type, data) => {
  expect(telemetryOf(optionClass, type, data)).toBeUndefined()
})

function telemetryOf(optionClass: number, type: number, data: string): Telemetry | undefined {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(geneveDatagram({ options: [{ class: optionClass, type, data: hex(data) }] }))
  if (!result.ok) throw new Error(result.issue.kind)
  return result.value.telemetry
}
