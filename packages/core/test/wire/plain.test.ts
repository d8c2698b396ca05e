import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GenevePacketFields, genevePacket, icmp, icmpv6, LINKTYPE, samplePackets, tcp, told, udp } from '../../src/testing/testing.ts'
import { decodeDatagram, decodePacket } from '../../src/wire/decode.ts'
import { decodeLayers } from '../../src/wire/layers.ts'
import { BY_VERSION, ETHERTYPE_ETHERNET } from '../../src/wire/link.ts'
import { begin, forget, PacketView } from '../../src/wire/packet-view.ts'
import { decodePlain } from '../../src/wire/plain.ts'
import { DecodeRules } from '../../src/wire/rules.ts'

const RULES = new DecodeRules(
  [6081],
  [
    { optionClass: 0x0108, type: 1, length: 8, role: 'scope' },
    { optionClass: 0x0108, type: 3, length: 4, role: 'cookie' },
  ],
)

/** Holds what decodePacket says of an Ethernet or raw IP frame against what the layers alone say; true if the short way was good for it. */
function compare(bytes: Uint8Array, linkType: number = LINKTYPE.ethernet, wireLength: number = bytes.byteLength): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isEthernet = linkType === LINKTYPE.ethernet
  const byLayers = new PacketView(RULES)
  begin(view, 0, bytes.byteLength, linkType, wireLength, byLayers)
  forget(byLayers)
  byLayers.outcome = decodeLayers(view, 0, isEthernet ? ETHERTYPE_ETHERNET : BY_VERSION, byLayers)

  const packet = new PacketView(RULES)
  // What the last packet may have left there.
  for (const [field, value] of Object.entries(packet)) if (typeof value === 'number') Object.assign(packet, { [field]: 5 })
  expect(decodePacket(view, 0, bytes.byteLength, linkType, packet, wireLength)).toBe(byLayers.outcome)
  expect(told(packet)).toEqual(told(byLayers))

  const alone = new PacketView(RULES)
  begin(view, 0, bytes.byteLength, linkType, wireLength, alone)
  forget(alone)
  const network = isEthernet ? 14 : 0
  if (bytes.byteLength < network) return false
  const before = told(alone)
  const isPlain = decodePlain(view, network, bytes.byteLength, alone)
  if (!isPlain) expect(told(alone)).toEqual(before)
  return isPlain
}

const options = [
  { class: 0x0108, type: 1, words: 2 },
  { class: 0x0108, type: 3, words: 1 },
  { class: 0x0102, type: 0x80, words: 0 },
]
const V6 = { source: '2001:db8::1', destination: '2001:db8::2' }

test.each<[string, GenevePacketFields]>([
  ['TCP', {}],
  ['options', { options }],
  ['Ethernet inside', { innerEthernet: {}, options }],
  ['UDP', { segment: udp({ destinationPort: 53 }, new Uint8Array(9)) }],
  ['UDP without a length', { segment: udp({ destinationPort: 53, length: 0 }, new Uint8Array(9)) }],
  ['ICMP', { segment: icmp({ type: 8 }) }],
  ['ICMPv6', { inner: V6, segment: icmpv6({ type: 128 }) }],
  ['IPv6', { inner: V6, tcp: { flags: 'SA' } }],
  ['TCP options', { segment: tcp({ options: { mss: 1460, windowScale: 7 } }) }],
])('%s goes the short way, and cut anywhere both ways say the same', (_name, fields) => {
  const whole = genevePacket(fields)
  expect(compare(whole)).toBe(true)
  expect(compare(whole.subarray(14), LINKTYPE.raw)).toBe(true)
  for (let length = 0; length < whole.byteLength; length++) {
    compare(whole.subarray(0, length))
    compare(whole.subarray(0, length), LINKTYPE.ethernet, whole.byteLength)
  }
})

test('what the short way does not know it leaves to the layers, untouched', () => {
  let plain = 0
  const samples = samplePackets().filter(({ linkType }) => linkType === LINKTYPE.ethernet || linkType === LINKTYPE.raw)
  for (const { bytes, linkType } of samples) if (compare(bytes, linkType)) plain++
  expect(plain).toBeGreaterThan(0)
  expect(plain).toBeLessThan(samples.length)
})

test('any byte changed, both ways say the same', () => {
  const whole = [genevePacket({ options, innerEthernet: {} }), genevePacket({ options, inner: V6, segment: udp({}, new Uint8Array(20)) })]
  for (const packet of whole) {
    for (let at = 0; at < packet.byteLength; at++) {
      for (const value of [0x00, 0x01, 0x04, 0x06, 0x11, 0x45, 0x7f, 0x80, 0xc1, 0xff]) {
        const changed = packet.slice()
        changed[at] = value
        compare(changed)
      }
    }
  }
})

test('any bytes changed, both ways say the same', () => {
  const whole = genevePacket({ options })
  const change = fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(whole.byteLength), (changes, cut) => {
      const changed = whole.slice()
      for (const [at, value] of changes) changed[at] = value
      compare(changed.subarray(0, whole.byteLength - cut), LINKTYPE.ethernet, whole.byteLength)
    }),
  )
})

test('a datagram has no short way', () => {
  const bytes = genevePacket({ options }).subarray(42)
  const packet = new PacketView(RULES)
  expect(decodeDatagram(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, packet)).toBe(0)
  expect(packet).toMatchObject({ outerVersion: 0, udp: -1, geneve: 0, protocol: 6 })
})
