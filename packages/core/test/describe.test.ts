import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PacketDescriber } from '../src/describe.ts'
import { observe } from '../src/observe.ts'
import {
  arp,
  ethernet,
  extensionHeader,
  type GenevePacketFields,
  genevePacket,
  gre,
  hex,
  icmp,
  ip,
  tcp,
  udp,
  VXLAN_PORT,
  vxlan,
} from '../src/testing/testing.ts'
import { OptionTable } from '../src/vendors/option-table.ts'
import { builtInVendors } from '../src/vendors/vendors.ts'
import { decodePacket } from '../src/wire/decode.ts'
import { PacketView } from '../src/wire/packet-view.ts'
import { DecodeRules } from '../src/wire/rules.ts'

const table = new OptionTable(builtInVendors)
const packet = new PacketView(new DecodeRules([6081], table.roles))

function decode(bytes: Uint8Array, length = bytes.byteLength): PacketView {
  decodePacket(new DataView(bytes.buffer, bytes.byteOffset), 0, length, 1, packet)
  return packet
}

const describe = (fields: GenevePacketFields, length?: number) => new PacketDescriber(table).describe(decode(genevePacket(fields), length))

const gwlb = [
  { class: 0x0108, type: 1, data: hex('27e34706d70df471') },
  { class: 0x0108, type: 2, data: hex('0000000000000000') },
  { class: 0x0108, type: 3, data: hex('7a846ce4') },
]

test('a packet of a Gateway Load Balancer in the public shape', () => {
  expect(
    describe({
      options: gwlb,
      vni: 0,
      outer: { source: '10.0.0.1', destination: '10.0.0.2', ttl: 255 },
      udp: { sourcePort: 60001 },
      inner: { source: '10.1.2.3', destination: '203.0.113.9', ttl: 63 },
      tcp: { sourcePort: 51000, destinationPort: 443, flags: 'SA' },
    }),
  ).toStrictEqual({
    outer: { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 60001, destinationPort: 6081, ttl: 255 },
    geneve: {
      version: 0,
      control: false,
      critical: false,
      protocolType: '0x0800',
      vni: 0,
      options: [
        {
          class: '0x0108',
          type: 1,
          critical: false,
          length: 8,
          data: '27e34706d70df471',
          vendor: 'Amazon',
          name: 'gwlb_endpoint_id',
          value: 'vpce-027e34706d70df471',
        },
        {
          class: '0x0108',
          type: 2,
          critical: false,
          length: 8,
          data: '0000000000000000',
          vendor: 'Amazon',
          name: 'gwlb_attachment_id',
          value: '0000000000000000',
        },
        {
          class: '0x0108',
          type: 3,
          critical: false,
          length: 4,
          data: '7a846ce4',
          vendor: 'Amazon',
          name: 'flow_cookie',
          value: '7a846ce4',
        },
      ],
    },
    inner: {
      source: '10.1.2.3',
      destination: '203.0.113.9',
      protocol: 'tcp',
      sourcePort: 51000,
      destinationPort: 443,
      tcpFlags: 'SA',
      ttl: 63,
    },
    telemetry: { Amazon: { gwlb_endpoint_id: 'vpce-027e34706d70df471', gwlb_attachment_id: '0000000000000000', flow_cookie: '7a846ce4' } },
  })
})

test('tunnels on the way, with the first inner addresses beside the innermost', () => {
  const innermost = ip({ source: '192.0.2.7', destination: '192.0.2.8' }, udp({ sourcePort: 0, destinationPort: 65535 }))
  expect(describe({ inner: { source: '10.9.0.1', destination: '10.9.0.2' }, segment: gre({}, innermost) }).inner).toMatchObject({
    source: '192.0.2.7',
    destination: '192.0.2.8',
    protocol: 'udp',
    sourcePort: 0,
    destinationPort: 65535,
    encapsulation: ['gre'],
    firstSource: '10.9.0.1',
    firstDestination: '10.9.0.2',
  })
})

test('ICMP, tags, ARP', () => {
  const tags = [{ id: 1 }, { id: 4095 }]
  expect(describe({ innerEthernet: { vlans: tags }, segment: icmp({ type: 3, code: 4 }) }).inner).toMatchObject({
    protocol: 'icmp',
    icmpType: 3,
    icmpCode: 4,
    vlan: [1, 4095],
  })
  const { inner } = describe({ protocolType: 0x0806, payload: arp({ sender: '192.0.2.1', target: '192.0.2.2' }) })
  expect(inner).toStrictEqual({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 'arp' })
})

test('ARP in a tunnel within the tunnel stands beside the addresses of the first', () => {
  const frame = ethernet({ type: 0x0806 }, arp({ sender: '192.0.2.1', target: '192.0.2.2' }))
  const inner = { source: '2001:db8::7', destination: '2001:db8::8' }
  expect(describe({ inner, segment: udp({ destinationPort: VXLAN_PORT }, vxlan({}, frame)) }).inner).toStrictEqual({
    source: '192.0.2.1',
    destination: '192.0.2.2',
    protocol: 'arp',
    encapsulation: ['vxlan'],
    firstSource: '2001:db8::7',
    firstDestination: '2001:db8::8',
  })
})

test('what is not there is absent', () => {
  const bare = describe({ payload: new Uint8Array(0), protocolType: 0 })
  expect(Object.keys(bare)).toEqual(['outer', 'geneve'])
  const whole = genevePacket({})
  const cut = new PacketDescriber(table).describe(decode(whole, whole.byteLength - 20))
  expect(Object.keys(cut)).toEqual(['outer', 'geneve', 'inner', 'issue'])
  expect(cut.issue).toStrictEqual({ kind: 'truncated', layer: 'inner-tcp', offset: whole.byteLength - 20, needed: 20, available: 0 })
})

test('of a field that is there twice the first one stands', () => {
  const options = [gwlb[0]!, { class: 0x0108, type: 1, data: hex('0000000000000001') }]
  expect(describe({ options }).telemetry).toEqual({ Amazon: { gwlb_endpoint_id: 'vpce-027e34706d70df471' } })
})

const segments = (port: number) => ({
  tcp: tcp({ sourcePort: port }),
  'tcp SA': tcp({ sourcePort: port, flags: 'SA' }),
  udp: udp({ sourcePort: port }),
  icmp: icmp({ type: 8 }),
  'icmp reply': icmp({ type: 0 }),
})

test('a describer that has seen other packets says the same as a new one', () => {
  const few = fc.integer({ min: 0, max: 2 })
  const ends = fc.record({ outerHost: few, outerPort: few, outerTtl: few, host: few, port: few, ttl: few })
  const segment = fc.constantFrom('tcp' as const, 'tcp SA' as const, 'udp' as const, 'icmp' as const, 'icmp reply' as const)
  const fields = fc.record({ vni: few, cookie: few, ends, segment, isV6: fc.boolean(), cut: fc.nat(60) })
  fc.assert(
    fc.property(fc.array(fields, { maxLength: 40 }), (all) => {
      const old = new PacketDescriber(table)
      for (const {
        vni,
        cookie,
        ends: { outerHost, outerPort, outerTtl, host, port, ttl },
        segment: kind,
        isV6,
        cut,
      } of all) {
        const network = isV6 ? '2001:db8::' : '192.0.2.'
        const bytes = genevePacket({
          vni,
          options: [{ class: 0x0108, type: 3, data: Uint8Array.of(0, 0, 0, cookie) }],
          outer: { source: `10.0.0.${outerHost}`, destination: '10.0.0.9', ttl: outerTtl },
          udp: { sourcePort: outerPort },
          inner: { source: `${network}${host}`, destination: `${network}9`, ttl },
          segment: segments(port)[kind],
        })
        decode(bytes, bytes.byteLength - cut)
        expect(old.describe(packet)).toEqual(new PacketDescriber(table).describe(packet))
      }
    }),
  )
})

test('a record carries identity, time and lengths', () => {
  decode(genevePacket({}))
  packet.frame = 7
  packet.seconds = 1_700_000_000
  packet.nanos = 999_999_999
  const record = observe(packet, new PacketDescriber(table), { origin: 'abc', observer: 'tap' })
  expect(record).toMatchObject({
    kind: 'packet',
    id: 'abc-7',
    observer: 'tap',
    frame: 7,
    time: { seconds: 1_700_000_000, nanos: 999_999_999 },
    length: packet.end,
    capturedLength: packet.end,
  })
})

test('an IPv6 packet that is cut behind its header has addresses and no protocol', () => {
  const fields = { inner: { source: '2001:db8::1', destination: '2001:db8::2', extensionHeaders: [extensionHeader(0)] } }
  expect(describe(fields, 14 + 20 + 8 + 8 + 40).inner).toStrictEqual({ source: '2001:db8::1', destination: '2001:db8::2', ttl: 64 })
})
