import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EcsNames, flowDocument, metricDocument, packetDocument } from '../src/index.ts'
import { isIp } from '../src/ip.ts'
import { exact, numbersAsText } from './exact.ts'
import { expectedFlow, expectedMetric, expectedPacket, settled } from './expected.ts'
import { anyFlow, anyMetric, anyPacket, example } from './records.ts'

const names = new EcsNames([example])

/** What a document is compared by: keys in any order. `network.transport` of protocols without a well-known keyword is core's to say. */
function withoutRareTransport(document: unknown): unknown {
  const { network, ...rest } = document as { network?: { iana_number?: string } }
  const common = new Set(['1', '6', '17', '58', '132'])
  return { ...rest, network: common.has(network?.iana_number ?? '') ? network : { ...network, transport: undefined } }
}

test('any packet is the document built independently', () => {
  fc.assert(
    fc.property(anyPacket, (record) => {
      expect(exact(packetDocument(record, names))).toEqual(numbersAsText(expectedPacket(record)))
    }),
    { numRuns: 500 },
  )
})

test('any flow is the document built independently', () => {
  fc.assert(
    fc.property(anyFlow, (record) => {
      const document = withoutRareTransport(exact(flowDocument(record, names)))
      expect(document).toEqual(withoutRareTransport(numbersAsText(expectedFlow(record))))
    }),
    { numRuns: 500 },
  )
})

test('any metric is the document built independently', () => {
  fc.assert(
    fc.property(anyMetric, fc.constantFrom('history' as const, 'time-series' as const), (record, rollup) => {
      const dataset = rollup === 'history' ? 'geneve.history' : 'geneve.rollup'
      expect(exact(metricDocument(record, names, rollup))).toEqual(numbersAsText(expectedMetric(record, dataset)))
    }),
    { numRuns: 500 },
  )
})

test.each([
  { inner: { vlan: [7] } },
  { inner: { icmpType: 3 } },
  { inner: { icmpCode: 1 } },
  { inner: { encapsulation: ['gre'] } },
  { inner: { firstSource: '::1' } },
  { inner: { firstDestination: '::1' } },
  { inner: { sourcePort: 1 } },
  { inner: {} },
  { outer: { ttl: 1 } },
  { outer: { destination: '::1' } },
  { outer: {} },
])('a packet of which only %j is known', (packet) => {
  const record = { ...fc.sample(anyPacket, 1)[0]!, packet }
  expect(exact(packetDocument(record, names))).toEqual(numbersAsText(expectedPacket(record)))
})

test('what is remembered from packet to packet changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyPacket, { minLength: 2, maxLength: 6 }), (records) => {
      const remembering = new EcsNames([example])
      const [first] = records
      // As PacketDescriber does: later packets share parts of an earlier one.
      const sharing = records.map((record) => ({ ...record, packet: { ...record.packet, ...pick(first!.packet, 'geneve', 'telemetry') } }))
      for (const record of [...records, ...sharing, ...records]) {
        expect(packetDocument(record, remembering)).toEqual(packetDocument(record, new EcsNames([example])))
      }
    }),
  )
})

function pick<T extends object, K extends keyof T>(object: T, ...keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]])) as Partial<Pick<T, K>>
}

describe('what cannot be said', () => {
  const packet = fc.sample(anyPacket, 1)[0]!
  const flow = fc.sample(anyFlow, 1)[0]!
  const metric = fc.sample(anyMetric, 1)[0]!
  const notATime = { rejected: 'the time is not within the years 1970 to 9999' }

  test('a time outside of four-digit years', () => {
    for (const time of [
      { seconds: -1, nanos: 0 },
      { seconds: 253_402_300_800, nanos: 0 },
      { seconds: 0, nanos: 1e9 },
      { seconds: Number.NaN, nanos: 0 },
    ]) {
      expect(packetDocument({ ...packet, time })).toEqual(notATime)
      expect(flowDocument({ ...flow, start: time })).toEqual(notATime)
      expect(flowDocument({ ...flow, end: time })).toEqual(notATime)
      expect(metricDocument({ ...metric, start: time })).toEqual(notATime)
      expect(metricDocument({ ...metric, end: time })).toEqual(notATime)
    }
  })

  test('counts of a flow that are none', () => {
    for (const count of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 53]) {
      for (const key of ['packets', 'bytes', 'tunnelBytes'] as const) {
        const rejected = { rejected: 'packets or bytes are no whole number' }
        expect(flowDocument({ ...flow, forward: { ...flow.forward, [key]: count } })).toEqual(rejected)
        expect(flowDocument({ ...flow, reverse: { ...flow.reverse, [key]: count } })).toEqual(rejected)
      }
    }
  })

  test('a number that a long does not hold', () => {
    const tell = (value: bigint | number) => packetDocument({ ...packet, packet: { telemetry: { Example: { cookie: value } } } }, names)
    expect(tell(2n ** 63n - 1n)).toContain('9223372036854775807')
    for (const value of [2n ** 63n, 0.5, Number.NaN]) expect(tell(value)).toEqual({ rejected: 'cookie of Example is not below 2^63' })
    const sum = (value: bigint | number) => metricDocument({ ...metric, measurement: 'traffic', points: { bytes: { type: 'sum', value } } })
    expect(sum(2n ** 63n - 1n)).toContain('"bytes":9223372036854775807')
    expect(sum(2n ** 63n)).toEqual({ rejected: 'geneve.traffic.bytes is 9223372036854775808: a sum is a whole number below 2^63' })
    const gauge = metricDocument({ ...metric, measurement: 'traffic', points: { load: { type: 'gauge', value: Number.NaN } } })
    expect(gauge).toEqual({ rejected: 'geneve.traffic.load is NaN: a gauge is a finite number' })
  })

  test('two things in one place', () => {
    const tell = (fields: Record<string, string>) => flowDocument({ ...flow, telemetry: { Stranger: fields } }, names)
    for (const taken of ['vni', 'flow', 'options', 'tunnel.bytes', '', ' ']) {
      expect(tell({ [taken]: 'x' })).toEqual({ rejected: `${taken} of Stranger has a name that is taken` })
    }
    expect(flowDocument({ ...flow, telemetry: { One: { a: '1' }, Two: { a: '2' } } })).toEqual({
      rejected: 'a of Two has a name that is taken',
    })
    expect(flowDocument({ ...flow, telemetry: { One: { a: '1', 'a.b': '2' } } })).toEqual({
      rejected: 'a.b of One has a name that is taken',
    })
    const attributes = (all: Record<string, string | number>) => metricDocument({ ...metric, attributes: all })
    expect(attributes({ origin: 'x' })).toEqual({ rejected: 'origin has a name that is taken' })
    expect(attributes({ '': 'x' })).toEqual({ rejected: ' has a name that is taken' })
    expect(attributes({ vni: 0.5 })).toEqual({ rejected: 'vni is 0.5: an attribute is a text or a whole number' })
    expect(metricDocument({ ...metric, points: {} })).toEqual({ rejected: 'there are no figures' })
  })
})

test('a number that JSON has no number for is null', () => {
  const packet = fc.sample(anyPacket, 1)[0]!
  const document = packetDocument({
    ...packet,
    frame: Number.NaN,
    packet: { inner: { vlan: [Number.NaN], ttl: Number.POSITIVE_INFINITY } },
  })
  expect(JSON.parse(String(document)).geneve).toMatchObject({ frame: null, vlan: [null], inner: { ttl: null } })
})

test('an ip is what Node takes for one, without a zone', () => {
  const part = fc.constantFrom(
    '0',
    '00',
    '1',
    '01',
    'ffff',
    'fffff',
    '255',
    '256',
    '1.2.3.4',
    '1.2.3',
    ':',
    '::',
    ':',
    '.',
    '.',
    '%eth0',
    'g',
    ' ',
  )
  const almost = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almost, fc.string()), (text) => {
      expect(isIp(text)).toBe(isIP(text) !== 0 && !text.includes('%'))
    }),
    { numRuns: 5000 },
  )
})

test('nothing settled is lost in the comparison itself', () => {
  expect(settled({ a: [1, { b: undefined }], c: {}, d: 'x\ud800' })).toEqual({ a: [1, undefined], d: 'x\ufffd' })
})
