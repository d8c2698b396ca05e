import { arp, ethernet, type GenevePacketFields, genevePacket, gre, hex, icmp, ip, udp } from '@geneve-telemetry/core/testing'
import { builtInVendors, OptionTable, optionClassOwner, type Vendor } from '@geneve-telemetry/core/vendors'
import { awsGwlb } from '@geneve-telemetry/core/vendors/aws'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FILTER_KEYS, PacketFilter } from '../src/filter.ts'

const table = new OptionTable(builtInVendors)

function viewOf(bytes: Uint8Array): PacketView {
  const packet = new PacketView(new DecodeRules([6081], table.roles))
  decodePacket(new DataView(bytes.buffer), 0, bytes.byteLength, 1, packet)
  return packet
}

const passes = (packet: Uint8Array | GenevePacketFields, ...expressions: string[]): boolean =>
  new PacketFilter(expressions, table).refusedBy(viewOf(packet instanceof Uint8Array ? packet : genevePacket(packet))) === -1

const endpointOption = { class: 0x0108, type: 1, data: hex('0123456789abcdef') }

describe('each key', () => {
  const web = genevePacket({ vni: 5, tcp: { sourcePort: 49152, destinationPort: 443 } })
  const arpInside = genevePacket({
    payload: ethernet({ type: 0x0806 }, arp({ sender: '192.0.2.1', target: '192.0.2.2' })),
    protocolType: 0x6558,
  })
  const tunnelled = genevePacket({
    inner: { source: '198.51.100.1', destination: '198.51.100.2' },
    segment: gre({}, ip({ source: '203.0.113.7', destination: '203.0.113.8' }, udp({}))),
  })
  const ipv6 = genevePacket({ inner: { source: '2001:db8::1', destination: '2001:db8:0:1::2' }, segment: icmp({ type: 8 }) })
  const broken = genevePacket({ options: [{ class: 0xffff, type: 0x80 }], critical: false })

  test.each([
    ['vni=5', web, true],
    ['vni=4,5', web, true],
    ['vni=0', web, false],
    ['vni=0', genevePacket({ vni: 0 }), true],
    ['port=443', web, true],
    ['port=49152', web, true],
    ['port=6081', web, false],
    ['protocol=tcp', web, true],
    ['protocol=TCP', web, true],
    ['protocol=6', web, true],
    ['protocol=udp,icmp', web, false],
    ['protocol=arp', arpInside, true],
    ['protocol=ARP', arpInside, true],
    ['protocol=arp', web, false],
    ['protocol=tcp', arpInside, false],
    ['protocol=udp', tunnelled, true],
    ['host=10.0.0.1', web, true],
    ['host=10.0.0.2', web, true],
    ['host=192.0.2.1', web, true],
    ['host=192.0.2.2/32', web, true],
    ['host=192.0.2.0/31', web, true],
    ['host=192.0.2.4/30', web, false],
    ['host=0.0.0.0/0', web, true],
    ['host=::/0', web, false],
    ['host=203.0.113.8', tunnelled, true],
    ['host=198.51.100.1', tunnelled, true],
    ['host=203.0.113.9,198.51.100.0/24', tunnelled, true],
    ['host=2001:db8::1', ipv6, true],
    ['host=2001:DB8:0:0:0:0:0:1', ipv6, true],
    ['host=2001:db8:0:1::/64', ipv6, true],
    ['host=2001:db8:0:2::/64', ipv6, false],
    ['host=192.0.2.2', arpInside, true],
    ['issue=critical-flag-missing', broken, true],
    ['issue=truncated', broken, false],
    ['issue=truncated', broken.slice(0, 45), true],
    ['vendor=amazon', genevePacket({ options: [endpointOption] }), true],
    ['vendor=AMAZON', genevePacket({ options: [{ class: 0x0110, type: 9, words: 3 }] }), true],
    ['vendor=Google', genevePacket({ options: [endpointOption] }), false],
    ['vendor=google', genevePacket({ options: [endpointOption, { class: 0x0132, type: 1, words: 1 }] }), true],
    ['vendor=amazon', web, false],
    ['endpoint=vpce-00123456789abcdef', genevePacket({ options: [endpointOption] }), true],
    ['endpoint=vpce-00123456789abcdee', genevePacket({ options: [endpointOption] }), false],
    ['endpoint=vpce-00123456789abcdef', web, false],
  ])('%s', (expression, packet, expected) => {
    expect(passes(packet, expression)).toBe(expected)
  })

  test('an option of a vendor table is its vendor’s, whoever the class belongs to', () => {
    const acme: Vendor = { name: 'Acme', options: [{ ...awsGwlb.options[0]!, optionClass: 0xfff0 }] }
    const filter = new PacketFilter(['vendor=acme'], new OptionTable([acme]))
    const of = (length: number): number =>
      filter.refusedBy(viewOf(genevePacket({ options: [{ class: 0xfff0, type: 1, words: length / 4 }] })))
    expect([of(8), of(4)]).toEqual([-1, 0])
    expect(optionClassOwner(0xfff0)?.name).toBe('Experimental Use')
  })
})

describe('together', () => {
  test('values are alternatives, also over several expressions; keys must all agree', () => {
    const packet = { vni: 5, tcp: { destinationPort: 443 } }
    expect(passes(packet, 'vni=4', 'vni=5')).toBe(true)
    expect(passes(packet, 'vni=5', 'port=443')).toBe(true)
    expect(passes(packet, 'vni=5', 'port=80')).toBe(false)
    expect(passes(packet, 'vni=4', 'port=443')).toBe(false)
    expect(passes(packet)).toBe(true)
  })

  test('says which key refused', () => {
    const filter = new PacketFilter(['vni=5', 'port=80', 'vni=6'], table)
    expect(filter.keys).toEqual(['vni', 'port'])
    expect(filter.refusedBy(viewOf(genevePacket({ vni: 5 })))).toBe(-1)
    expect(filter.refusedBy(viewOf(genevePacket({ vni: 6, tcp: { destinationPort: 1 } })))).toBe(1)
    expect(filter.refusedBy(viewOf(genevePacket({ vni: 7 })))).toBe(0)
  })

  test('a block holds exactly the addresses that share its prefix', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff })
    const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.')
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 32 }), (address, other, prefix) => {
        const shared = prefix === 0 || address >>> (32 - prefix) === other >>> (32 - prefix)
        const packet = genevePacket({
          outer: { source: '::1', destination: '::2' },
          inner: { source: dotted(other), destination: dotted(other) },
        })
        expect(passes(packet, `host=${dotted(address)}/${prefix}`)).toBe(shared)
      }),
    )
  })
})

describe('what cannot be', () => {
  test.each([
    ['vni', /'vni' is not KEY=VALUE.*vni, endpoint, host, port, protocol, vendor, issue/],
    ['=5', /no key ''/],
    ['color=red', /no key 'color'; the keys are vni/],
    ['toString=1', /no key 'toString'/],
    ['vni=', /lacks a value/],
    ['vni=1,,2', /lacks a value/],
    ['vni=16777216', /'16777216'.*0 to 16777215/],
    ['vni=-1', /'-1'/],
    ['vni=1e3', /'1e3'/],
    ['port=65536', /0 to 65535/],
    ['host=10.0.0', /10\.0\.0\.0\/8/],
    ['host=10.0.0.0/33', /'10.0.0.0\/33'/],
    ['host=10.0.0.0/', /'10.0.0.0\/'/],
    ['host=10.0.0.0/8/8', /10.0.0.0\/8\/8/],
    ['host=::/129', /'::\/129'/],
    ['host=fe80::1%eth0', /fe80::1%eth0/],
    ['host=example.com', /example.com/],
    ['protocol=tpc', /tcp, udp/],
    ['protocol=256', /0 to 255/],
    ['vendor=amazone', /Amazon.*Google/],
    ['issue=none', /one of truncated, bad-length/],
    ['endpoint=vpce-1', /written like vpce-00000000000000000/],
  ])('%s', (expression, message) => {
    expect(() => new PacketFilter([expression], table)).toThrow(TypeError)
    expect(() => new PacketFilter([expression], table)).toThrow(message)
  })

  test('every key that is offered can be used', () => {
    const values = ['1', '10.0.0.1', 'tcp', 'amazon', 'truncated', 'vpce-00123456789abcdef']
    const usable = FILTER_KEYS.filter((key) =>
      values.some((value) => {
        try {
          return new PacketFilter([`${key}=${value}`], table).keys.length === 1
        } catch {
          return false
        }
      }),
    )
    expect(usable).toEqual(FILTER_KEYS)
  })
})
