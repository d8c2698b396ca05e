import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GeneveParser } from '../src/parser.ts'
import { geneveDatagram, genevePacket, hex } from '../src/testing/testing.ts'
import type { Vendor } from '../src/vendors/vendor.ts'
import { builtInVendors } from '../src/vendors/vendors.ts'

const options = [
  { class: 0x0108, type: 1, data: hex('27e34706d70df471') },
  { class: 0x0104, type: 0x80, data: hex('00090006') },
  { class: 0x0108, type: 3, data: hex('7a846ce4') },
  { class: 0x0108, type: 9, data: hex('00000000') },
]

function entriesOf(parser: GeneveParser) {
  const result = parser.parsePacket(geneveDatagram({ options }))
  if (!result.ok) throw new Error(result.issue.kind)
  return result.value.enterpriseOptions
}

test('options stay raw until enterprise extensions are enabled, and again once they are disabled', () => {
  const parser = new GeneveParser()
  const raw = ['Amazon', 'VMware', 'Amazon', 'Amazon'].map((vendorName) => ({ vendorName, decoded: false }))
  expect(entriesOf(parser)).toMatchObject(raw)
  parser.enableEnterpriseExtensions()
  expect(entriesOf(parser)).not.toMatchObject(raw)
  parser.disableEnterpriseExtensions()
  expect(entriesOf(parser)).toMatchObject(raw)
})

test('one entry per decoded class, one per option that nobody decodes', () => {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  const [amazon, vmware, unknown, ...others] = entriesOf(parser)
  expect(amazon).toMatchObject({
    vendorName: 'Amazon',
    decoded: true,
    decodedData: { gwlb_endpoint_id: 'vpce-027e34706d70df471', flow_cookie: '7a846ce4' },
    option: { type: 1, data: '27e34706d70df471' },
    options: [{ type: 1 }, { type: 3 }],
  })
  expect(vmware).toMatchObject({ vendorName: 'VMware', decoded: false, option: { data: '00090006' }, options: [{ data: '00090006' }] })
  expect(vmware).not.toHaveProperty('decodedData')
  expect(unknown).toMatchObject({ vendorName: 'Amazon', decoded: false, option: { type: 9 } })
  expect(others).toEqual([])
})

test('two classes of one vendor are two entries, merged in telemetry', () => {
  const gwlb = builtInVendors[0]!
  const cookie = gwlb.options[2]!
  const second: Vendor = {
    name: 'Amazon',
    options: [{ ...cookie, optionClass: 0x0110, fields: [{ ...cookie.fields[0]!, name: 'other' }] }],
  }
  const vendors = [gwlb, second]
  const parser = new GeneveParser({ vendors })
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(
    geneveDatagram({
      options: [
        { class: 0x0108, type: 3, data: hex('00000001') },
        { class: 0x0110, type: 3, data: hex('00000002') },
      ],
    }),
  )
  expect(result).toMatchObject({
    ok: true,
    value: {
      enterpriseOptions: [{ decodedData: { flow_cookie: '00000001' } }, { decodedData: { other: '00000002' } }],
      telemetry: { Amazon: { flow_cookie: '00000001', other: '00000002' } },
    },
  })
})

test('a datagram, or a whole frame with a link type', () => {
  const datagram = new GeneveParser().parsePacket(geneveDatagram({ vni: 0xffffff }))
  expect(datagram).toMatchObject({ ok: true, value: { geneve: { vni: 0xffffff }, inner: { protocol: 'tcp' } } })
  expect(datagram.ok && datagram.value.outer).toBeUndefined()
  const frame = genevePacket({ vni: 5 })
  const expected = { ok: true, value: { outer: { source: '10.0.0.1', destinationPort: 6081 }, geneve: { vni: 5 } } }
  expect(new GeneveParser({ linkType: 1 }).parsePacket(frame)).toMatchObject(expected)
  expect(new GeneveParser().parsePacket(frame, { linkType: 1 })).toMatchObject(expected)
})

test('bytes within a larger buffer', () => {
  const frame = geneveDatagram({ vni: 7 })
  const buffer = new Uint8Array(frame.byteLength + 9).fill(0xff)
  buffer.set(frame, 5)
  expect(new GeneveParser().parsePacket(buffer.subarray(5, 5 + frame.byteLength))).toEqual(new GeneveParser().parsePacket(frame))
})

test('a failure is a value that says what is wrong', () => {
  const parser = new GeneveParser()
  expect(parser.parsePacket(hex('00 00 08 00'))).toStrictEqual({
    ok: false,
    issue: { kind: 'truncated', layer: 'geneve', offset: 0, needed: 8, available: 4 },
  })
  expect(parser.parsePacket(geneveDatagram({ version: 1 }))).toMatchObject({
    ok: false,
    issue: { kind: 'unsupported-version', available: 1 },
  })
  expect(parser.parsePacket(genevePacket({ udp: { destinationPort: 53 } }), { linkType: 1 })).toStrictEqual({
    ok: false,
    issue: { kind: 'not-geneve', reason: 'other-port' },
  })
  expect(new GeneveParser({ ports: [6082] }).parsePacket(genevePacket({ udp: { destinationPort: 6082 } }), { linkType: 1 }).ok).toBe(true)
})

test('what is wrong behind a good GENEVE header is said beside what is right', () => {
  const whole = geneveDatagram({ vni: 9 })
  const result = new GeneveParser().parsePacket(whole.subarray(0, 12))
  expect(result).toMatchObject({ ok: true, value: { geneve: { vni: 9 }, issue: { kind: 'truncated', layer: 'inner-ip' } } })
})

test('never throws on what the bytes say', () => {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(undefined, 1, 101, 113, 276, 0, 147), (bytes, linkType) => {
      expect(typeof parser.parsePacket(bytes, { linkType }).ok).toBe('boolean')
    }),
  )
})

test.each([-1, 147, 1.5, Number.NaN])('refuses link type %s', (linkType) => {
  expect(() => new GeneveParser({ linkType })).toThrow(`linkType: ${linkType} is not decoded; allowed are 0, 1, 12, `)
})

test.each([0, 65536, 1.5, Number.NaN])('refuses port %s', (port) => {
  expect(() => new GeneveParser({ ports: [port] })).toThrow(/ports: .* is not a UDP port/)
})

test.each([undefined, 'text', [1, 2, 3], new ArrayBuffer(8)])('refuses %s, which is no bytes', (bytes) => {
  expect(() => new GeneveParser().parsePacket(bytes as unknown as Uint8Array)).toThrow(/bytes: a Uint8Array is needed/)
})
