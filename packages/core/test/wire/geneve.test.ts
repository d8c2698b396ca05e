import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GENEVE_PORT, type GenevePacketFields, geneveDatagram, genevePacket, hex, told } from '../../src/testing/testing.ts'
import { decodeDatagram } from '../../src/wire/decode.ts'
import { IS_DAMAGED, IS_GENEVE, PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { decoded, issueOf } from './decoded.ts'

const HEADER = 14 + 20 + 8
const OPTIONS = HEADER + 8

const decodedWith = (fields: GenevePacketFields): PacketView => decoded(genevePacket(fields))

test('a header as RFC 8926 draws it', () => {
  const header = hex('0240 0800 00002a00  0108 8301 deadbeef')
  const out = new PacketView(new DecodeRules())
  expect(decodeDatagram(new DataView(header.buffer), 0, header.byteLength, out)).toBe(IS_GENEVE)
  expect(out).toMatchObject({
    version: 0,
    control: 0,
    critical: 1,
    protocolType: 0x0800,
    vni: 42,
    geneve: 0,
    optionsStart: 8,
    optionsEnd: 16,
    payload: 16,
  })
})

test('every version: only 0 is read', () => {
  expect(decodedWith({ version: 0 })).toMatchObject({ outcome: IS_GENEVE, version: 0, issue: 0 })
  for (const version of [1, 2, 3]) {
    const packet = decodedWith({ version, vni: 5, control: true })
    expect(packet).toMatchObject({ outcome: IS_DAMAGED, version, vni: -1, control: 0, protocolType: -1, payload: -1, innerVersion: 0 })
    expect(issueOf(packet)).toEqual({ kind: 'unsupported-version', layer: 'geneve', offset: HEADER, needed: 0, available: version })
  }
})

test('every length of the options area', () => {
  for (let words = 0; words < 64; words++) {
    const options = words === 0 ? [] : words <= 32 ? [{ words: words - 1 }] : [{ words: 31 }, { words: words - 33 }]
    const packet = decodedWith({ options })
    expect(packet).toMatchObject({
      outcome: IS_GENEVE,
      issue: 0,
      optionsStart: OPTIONS,
      optionsEnd: OPTIONS + words * 4,
      payload: OPTIONS + words * 4,
    })
    expect(packet.innerHeader).toBe(OPTIONS + words * 4)
  }
})

test('every length of an option, alone and before another', () => {
  for (let words = 0; words < 32; words++) {
    for (const options of [[{ words }], [{ words }, { words: 1 }]]) {
      const length = options.reduce((sum, option) => sum + 4 + option.words * 4, 0)
      expect(decodedWith({ options })).toMatchObject({ issue: 0, optionsEnd: OPTIONS + length, payload: OPTIONS + length })
    }
  }
})

test('an option of any length that overruns the area by a word or more ends the options, not the packet', () => {
  for (let words = 0; words < 31; words++) {
    for (let length = words + 1; length < 32; length++) {
      const packet = decodedWith({ options: [{ words: 2 }, { words, length }] })
      expect(packet).toMatchObject({
        outcome: IS_GENEVE,
        optionsEnd: OPTIONS + 12,
        innerHeader: OPTIONS + 12 + 4 + words * 4,
        tcpFlags: 0x10,
      })
      expect(issueOf(packet)).toEqual({
        kind: 'option-overrun',
        layer: 'option',
        offset: OPTIONS + 12,
        needed: 4 + length * 4,
        available: 4 + words * 4,
      })
    }
  }
})

test('of two issues that stop nothing the first one is told', () => {
  const packet = decodedWith({ critical: true, options: [{ words: 1, length: 2 }] })
  expect(issueOf(packet)).toMatchObject({ kind: 'option-overrun', layer: 'option' })
})

test('an issue that stops the decoder is told before one that does not', () => {
  const packet = decodedWith({ critical: true, options: [{ words: 1 }], inner: { headerLength: 1 } })
  expect(issueOf(packet)).toMatchObject({ kind: 'bad-length', layer: 'inner-ip' })
})

test('an options area longer than the datagram', () => {
  for (let words = 16; words < 64; words++) {
    const packet = decodedWith({ optionsLength: words, payload: new Uint8Array(60) })
    expect(packet.outcome).toBe(IS_DAMAGED)
    expect(issueOf(packet)).toEqual({ kind: 'truncated', layer: 'geneve', offset: HEADER, needed: 8 + words * 4, available: 68 })
    expect(packet).toMatchObject({ vni: 0, version: 0, payload: -1, innerVersion: 0 })
  }
})

test('a datagram whose own length cuts the header is wrong, not cut', () => {
  const packet = decodedWith({ udp: { length: 8 + 11 }, options: [{ words: 2 }] })
  expect(packet.outcome).toBe(IS_DAMAGED)
  expect(issueOf(packet)).toEqual({ kind: 'bad-length', layer: 'geneve', offset: HEADER, needed: 20, available: 11 })
})

test('whole options before a cut are there', () => {
  const bytes = genevePacket({ options: [{ words: 2 }, { class: 0x0108, type: 1, words: 2 }, { words: 3 }] })
  const packet = decoded(bytes.subarray(0, OPTIONS + 12 + 12 + 8), 1, bytes.byteLength)
  expect(packet).toMatchObject({ outcome: IS_DAMAGED, optionsStart: OPTIONS, optionsEnd: OPTIONS + 24, scope: OPTIONS + 16 })
  expect(issueOf(packet)).toMatchObject({ kind: 'truncated', layer: 'geneve', needed: 8 + 12 + 12 + 16 })
})

test('O and C', () => {
  for (const control of [false, true]) {
    for (const critical of [false, true]) {
      expect(decodedWith({ control, critical })).toMatchObject({ outcome: IS_GENEVE, control: Number(control), critical: Number(critical) })
    }
  }
})

test('C against critical options, both ways, for every type and number of them', () => {
  for (let type = 0; type < 256; type++) {
    const isCritical = type >= 0x80
    for (const critical of [false, true]) {
      const packet = decodedWith({ critical, options: [{ type: 0, words: 1 }, { type }, { type, words: 2 }] })
      const kind = isCritical === critical ? 'none' : isCritical ? 'critical-flag-missing' : 'critical-flag-unneeded'
      expect(packet.outcome).toBe(IS_GENEVE)
      expect(issueOf(packet)).toMatchObject(kind === 'none' ? { kind } : { kind, layer: 'geneve', offset: HEADER })
      expect(packet.innerVersion).toBe(4)
      if (kind === 'critical-flag-missing') expect(packet).toMatchObject({ issueNeeded: 2, issueAvailable: 0 })
    }
  }
})

test('reserved bits, all 64, all 256 and all 8, change nothing', () => {
  const options = [{ class: 0x0108, type: 1, words: 2 }, { words: 3 }]
  const plain = told(decodedWith({ options, vni: 77 }))
  for (let reserved = 0; reserved < 64; reserved++) expect(told(decodedWith({ options, vni: 77, reserved }))).toEqual(plain)
  for (let reservedByte = 0; reservedByte < 256; reservedByte++)
    expect(told(decodedWith({ options, vni: 77, reservedByte }))).toEqual(plain)
  for (let reserved = 0; reserved < 8; reserved++) {
    expect(told(decodedWith({ options: options.map((option) => ({ ...option, reserved })), vni: 77 }))).toEqual(plain)
  }
})

test('every protocol type is told, and only known ones are followed', () => {
  for (let protocolType = 0; protocolType <= 0xffff; protocolType += protocolType >= 0x7ff && protocolType < 0x810 ? 1 : 251) {
    const packet = decodedWith({ protocolType, payload: hex('ffff ffff ffff ffff') })
    expect(packet).toMatchObject({ outcome: IS_GENEVE, protocolType })
    if (![0x0800, 0x0806].includes(protocolType)) expect(packet).toMatchObject({ issue: 0, innerVersion: 0, isArp: 0 })
  }
})

test('VNI: both ends, each bit, any', () => {
  for (const vni of [0, 1, 0xfffffe, 0xffffff, ...Array.from({ length: 24 }, (_, bit) => 2 ** bit)])
    expect(decodedWith({ vni }).vni).toBe(vni)
  fc.assert(fc.property(fc.nat(0xffffff), fc.nat(255), (vni, reservedByte) => decodedWith({ vni, reservedByte }).vni === vni))
})

test('scope and cookie: of any class and type only the one with the role, at its length, the first of several', () => {
  const roles = (options: GenevePacketFields['options']): Partial<PacketView> => {
    const { scope, scopeOption, cookie } = decodedWith({ options: options ?? [] })
    return { scope, scopeOption, cookie }
  }
  const none = { scope: -1, scopeOption: -1, cookie: -1 }
  expect(roles([{ class: 0x0108, type: 1, words: 2 }])).toEqual({ scope: OPTIONS + 4, scopeOption: 0x010801, cookie: -1 })
  expect(roles([{ class: 0x0108, type: 3, words: 1 }])).toEqual({ scope: -1, scopeOption: -1, cookie: OPTIONS + 4 })
  for (let words = 0; words < 32; words++) {
    if (words !== 2) expect(roles([{ class: 0x0108, type: 1, words }])).toEqual(none)
    if (words !== 1) expect(roles([{ class: 0x0108, type: 3, words }])).toEqual(none)
  }
  for (let type = 0; type < 256; type++) {
    if (type !== 1) expect(roles([{ class: 0x0108, type, words: 2 }])).toEqual(none)
    if (type !== 3) expect(roles([{ class: 0x0108, type, words: 1 }])).toEqual(none)
  }
  for (const optionClass of [0, 1, 0x0100, 0x0107, 0x0109, 0x0208, 0x8108, 0xffff])
    expect(roles([{ class: optionClass, type: 1, words: 2 }])).toEqual(none)
  expect(
    roles([{ words: 1 }, { class: 0x0108, type: 3, words: 1 }, { class: 0x0108, type: 1, words: 2 }, { class: 0x0108, type: 1, words: 2 }]),
  ).toEqual({
    scope: OPTIONS + 8 + 8 + 4,
    scopeOption: 0x010801,
    cookie: OPTIONS + 8 + 4,
  })
})

test('record: the first option of a class with records, whatever its type and length', () => {
  const record = (options: GenevePacketFields['options']): number => decodedWith({ options: options ?? [] }).record
  for (const words of [0, 1, 31]) {
    for (const type of [0, 1, 127, 128, 255]) expect(record([{ words: 1 }, { class: 0x0105, type, words }])).toBe(OPTIONS + 8)
  }
  expect(
    record([
      { class: 0x0104, type: 1, words: 1 },
      { class: 0x0108, type: 1, words: 2 },
    ]),
  ).toBe(-1)
  expect(
    record([
      { class: 0x0105, type: 9, words: 1 },
      { class: 0x0105, type: 8, words: 1 },
    ]),
  ).toBe(OPTIONS)
})

test('any options that add up are walked to their end', () => {
  const option = fc.record({ class: fc.nat(0xffff), type: fc.nat(255), reserved: fc.nat(7), words: fc.nat(31) })
  fc.assert(
    fc.property(fc.array(option, { maxLength: 20 }), (options) => {
      const fitting: typeof options = []
      let words = 0
      for (const one of options) {
        if (words + 1 + one.words > 63) break
        fitting.push(one)
        words += 1 + one.words
      }
      const packet = decodedWith({ options: fitting })
      expect(packet).toMatchObject({ outcome: IS_GENEVE, issue: 0, optionsEnd: OPTIONS + words * 4, tcpFlags: 0x10 })
    }),
  )
})

test('a bare datagram is the same packet without its outer headers', () => {
  const options = [{ class: 0x0108, type: 1, words: 2 }, { words: 1 }]
  const datagram = geneveDatagram({ vni: 7, options })
  const out = new PacketView(new DecodeRules([GENEVE_PORT], [{ optionClass: 0x0108, type: 1, length: 8, role: 'scope' }]))
  expect(decodeDatagram(new DataView(datagram.buffer), 0, datagram.byteLength, out)).toBe(IS_GENEVE)
  expect(out).toMatchObject({
    outerVersion: 0,
    outerSource: -1,
    outerTtl: -1,
    sourcePort: -1,
    destinationPort: -1,
    vni: 7,
    scope: 12,
    innerVersion: 4,
  })
  const framed = told(decodedWith({ vni: 7, options }))
  expect(out.innerSource).toBe(framed['innerSource']! - HEADER)
  for (let length = 0; length < 8; length++) {
    expect(decodeDatagram(new DataView(datagram.buffer), 0, length, out)).toBe(IS_DAMAGED)
    expect(issueOf(out)).toEqual({ kind: 'truncated', layer: 'geneve', offset: 0, needed: 8, available: length })
  }
})
