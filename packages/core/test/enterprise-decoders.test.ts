import { expect, test } from 'vitest'
import type { EnterpriseDecoder } from '../src/enterprise-decoders.ts'
import { GeneveParser } from '../src/parser.ts'
import { geneveDatagram, hex } from '../src/testing/testing.ts'

const SERVICE = 'deadbeef 00000002 00000000000000ff'

/** Parses one packet with these options, as class, type and data. */
function entriesOf(parser: GeneveParser, ...options: readonly (readonly [optionClass: number, type: number, data: string])[]) {
  const bytes = geneveDatagram({ options: options.map(([optionClass, type, data]) => ({ class: optionClass, type, data: hex(data) })) })
  const result = parser.parsePacket(bytes)
  if (!result.ok) throw new Error(result.issue.kind)
  return result.value
}

function parserWith(optionClass: number, decoder: EnterpriseDecoder): GeneveParser {
  const parser = new GeneveParser()
  parser.enableEnterpriseExtensions()
  parser.addEnterpriseDecoder(optionClass, decoder)
  return parser
}

const service: EnterpriseDecoder = ({ data }) => {
  if (data.byteLength < 16) return undefined
  const view = new DataView(data.buffer)
  return {
    serviceCode: view.getUint32(0),
    regionCode: view.getUint32(4),
    accountHash: `0x${view.getBigUint64(8).toString(16).padStart(16, '0')}`,
  }
}

test('decodes the options of its class, beside those of the tables', () => {
  const parser = parserWith(0x0105, service)
  const { telemetry, enterpriseOptions, geneve } = entriesOf(parser, [0x0105, 1, SERVICE], [0x0108, 3, '7a846ce4'], [0x0104, 9, ''])
  const decodedData = { serviceCode: 0xdeadbeef, regionCode: 2, accountHash: '0x00000000000000ff' }
  expect(enterpriseOptions).toMatchObject([
    { vendorName: 'Amazon', decoded: true, decodedData, option: { class: '0x0105', name: '0x0105/1', value: decodedData } },
    { vendorName: 'Amazon', decoded: true, decodedData: { flow_cookie: '7a846ce4' } },
    { vendorName: 'VMware', decoded: false, undecoded: 'no-public-format' },
  ])
  expect(telemetry).toEqual({ Amazon: { ...decodedData, flow_cookie: '7a846ce4' } })
  expect(geneve?.options.map(({ data }) => data)).toEqual(['deadbeef0000000200000000000000ff', '7a846ce4', ''])
})

test('one field lends the option its name', () => {
  const parser = parserWith(0x0200, ({ type }) => ({ level: type }))
  expect(entriesOf(parser, [0x0200, 7, '']).enterpriseOptions).toMatchObject([
    { vendorName: 'Unknown', decodedData: { level: 7 }, option: { name: 'level', value: 7 } },
  ])
})

test('replaces the tables for its class, and an earlier decoder', () => {
  const parser = parserWith(0x0108, () => ({ first: true }))
  parser.addEnterpriseDecoder(0x0108, () => ({ second: true }))
  expect(entriesOf(parser, [0x0108, 3, '7a846ce4']).telemetry).toEqual({ Amazon: { second: true } })
})

test('is asked only while extensions are enabled', () => {
  const parser = parserWith(0x0105, service)
  parser.disableEnterpriseExtensions()
  expect(entriesOf(parser, [0x0105, 1, SERVICE]).enterpriseOptions).toMatchObject([{ decoded: false, undecoded: 'extensions-off' }])
  parser.enableEnterpriseExtensions()
  expect(entriesOf(parser, [0x0105, 1, SERVICE]).enterpriseOptions).toMatchObject([{ decoded: true }])
})

test('is asked for each packet, also where the header was seen before, with a copy of the data', () => {
  let packets = 0
  const parser = parserWith(0x0105, ({ data }) => {
    data.fill(0)
    return { packets: ++packets }
  })
  const seen = [1, 2, 3].map(() => entriesOf(parser, [0x0105, 1, SERVICE]))
  expect(seen.map(({ telemetry }) => telemetry)).toEqual([1, 2, 3].map((number) => ({ Amazon: { packets: number } })))
  expect(seen.at(-1)?.geneve?.options[0]?.data).toBe('deadbeef0000000200000000000000ff')
})

test('one that knows nothing of an option leaves it undecoded, and is not counted', () => {
  const parser = parserWith(0x0105, service)
  const [entry] = entriesOf(parser, [0x0105, 1, 'deadbeef']).enterpriseOptions
  expect(entry).toMatchObject({ decoded: false, undecoded: 'decoder-declined', option: { data: 'deadbeef' } })
  expect(parser.decoderFailures).toEqual(new Map())
})

test.each<[string, EnterpriseDecoder]>([
  ['throws', ({ data }) => ({ first: new DataView(data.buffer).getUint32(8) })],
  [
    'throws what is no error',
    () => {
      throw 'text'
    },
  ],
  ['returns a text', (() => 'text') as unknown as EnterpriseDecoder],
  ['returns null', (() => null) as unknown as EnterpriseDecoder],
  ['returns a promise', (() => Promise.resolve({})) as unknown as EnterpriseDecoder],
  ['returns a function', (() => ({ value: () => 1 })) as unknown as EnterpriseDecoder],
  ['returns NaN', () => ({ value: Number.NaN })],
  ['returns a name that each object has', () => ({ constructor: 1 })],
])('one that %s leaves its option undecoded, and is counted', (_, decoder) => {
  const parser = parserWith(0x0105, decoder)
  for (const _packet of [1, 2]) {
    const { enterpriseOptions, telemetry } = entriesOf(parser, [0x0105, 1, 'deadbeef'], [0x0108, 3, '7a846ce4'])
    expect(enterpriseOptions).toMatchObject([
      { vendorName: 'Amazon', decoded: false, undecoded: 'decoder-failed', option: { class: '0x0105', data: 'deadbeef' } },
      { decoded: true },
    ])
    expect(telemetry).toEqual({ Amazon: { flow_cookie: '7a846ce4' } })
  }
  expect(parser.decoderFailures).toEqual(new Map([[0x0105, 2]]))
})

test.each([-1, 0x10000, 1.5, Number.NaN])('refuses class %s', (optionClass) => {
  expect(() => new GeneveParser().addEnterpriseDecoder(optionClass, service)).toThrow(/optionClass: .* is not 0 to 0xffff/)
})

test('refuses what is no function', () => {
  expect(() => new GeneveParser().addEnterpriseDecoder(0x0105, {} as unknown as EnterpriseDecoder)).toThrow(/a function is needed/)
})
