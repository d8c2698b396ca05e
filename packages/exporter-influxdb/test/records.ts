import type { FieldValue, FlowRecord, MetricRecord, Name, Vendor } from '@geneve-telemetry/core'
import { ATTRIBUTES } from '@geneve-telemetry/core'
import fc from 'fast-check'

/** A vendor's table with one field. */
export function vendorOf(changes: Partial<Name>): Vendor {
  const field = {
    name: 'endpoint_id',
    instrument: 'identity' as const,
    unit: '',
    cardinality: 'bounded' as const,
    doc: 'The endpoint.',
    otel: 'example.endpoint.id',
    ecs: 'geneve.example.endpoint_id',
    influx: 'endpoint',
    read: () => undefined,
    write: () => undefined,
    ...changes,
  }
  return { name: 'Example', options: [{ optionClass: 0xfff0, type: 1, length: 8, fields: [field], source: 'this test' }] }
}

const endpoint = vendorOf({})
const cookie = vendorOf({
  name: 'cookie',
  cardinality: 'unbounded',
  otel: 'example.cookie',
  ecs: 'geneve.example.cookie',
  influx: 'cookie',
})
/** A bounded field, which is a tag, and an unbounded one, which is a field. */
export const example: Vendor = { name: 'Example', options: [...endpoint.options, ...cookie.options] }

/** What has a meaning in line protocol, and what has one elsewhere. */
const hostile = fc.string({
  unit: fc.constantFrom(
    ' ',
    ',',
    '=',
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u007f',
    '\u0085',
    '\u2028',
    '#',
    '_',
    'a',
    '1',
    'i',
    'é',
    '東',
    '🦆',
    '\ud800',
  ),
  maxLength: 12,
})
export const text = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('tap-1', '10.0.0.1', 'fe80::1'))
const instant = fc.record({ seconds: fc.nat({ max: 4_294_967_295 }), nanos: fc.nat({ max: 999_999_999 }) })
const quantity = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))

export const anyMetric: fc.Arbitrary<MetricRecord> = fc.record({
  kind: fc.constant('metric' as const),
  id: text,
  observer: text,
  measurement: fc.oneof(fc.constantFrom('traffic', 'option', 'decoder'), text),
  attributes: fc.dictionary(
    fc.oneof(fc.constantFrom(...ATTRIBUTES.map(({ name }) => name), 'endpoint_id', 'cookie'), fc.constantFrom('a b', 'c,d', 'e=f')),
    fc.oneof(text, fc.maxSafeNat()),
  ),
  start: instant,
  end: instant,
  points: fc.dictionary(
    fc.constantFrom('packets', 'bytes', 'tunnel_bytes', 'flows', 'options', 'frames', 'load', 'lo ad,=x'),
    fc.oneof(
      fc.record({ type: fc.constant('sum' as const), value: quantity }),
      fc.record({ type: fc.constant('gauge' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    ),
    { minKeys: 1 },
  ),
})

const port = fc.nat({ max: 65_535 })
const octet = fc.nat({ max: 255 })
const side = fc.record(
  {
    packets: fc.maxSafeNat(),
    bytes: fc.maxSafeNat(),
    tunnelBytes: fc.maxSafeNat(),
    tcpFlags: octet,
    vni: fc.nat({ max: 0xffffff }),
    returnedPackets: fc.maxSafeNat(),
    returnedBytes: fc.maxSafeNat(),
  },
  { requiredKeys: ['packets', 'bytes', 'tunnelBytes', 'tcpFlags'] },
)
const leaf: fc.Arbitrary<string | number | bigint | boolean> = fc.oneof(text, quantity, fc.boolean())
const value: fc.Arbitrary<FieldValue> = fc.oneof(leaf, fc.dictionary(fc.constantFrom('low', 'high'), leaf, { minKeys: 1 }))

export const anyFlow: fc.Arbitrary<FlowRecord> = fc.record(
  {
    kind: fc.constant('flow' as const),
    id: text,
    observer: text,
    flow: text,
    part: fc.nat({ max: 3 }),
    final: fc.boolean(),
    reason: fc.constantFrom('fin' as const, 'evicted' as const, 'end-of-input' as const),
    state: fc.constantFrom('established' as const, 'refused' as const),
    communityId: text,
    asymmetric: fc.constant(true as const),
    weight: fc.integer({ min: 2, max: 1_048_576 }),
    start: instant,
    end: instant,
    frame: fc.maxSafeNat(),
    version: fc.constantFrom(4 as const, 6 as const),
    protocol: octet,
    source: text,
    destination: text,
    sourcePort: port,
    destinationPort: port,
    icmpType: octet,
    icmpCode: octet,
    initiator: fc.constantFrom('syn' as const, 'first-packet' as const),
    vlan: fc.constant([]),
    encapsulation: fc.constant([]),
    forward: side,
    reverse: side,
    telemetry: fc.record({ Example: fc.dictionary(fc.constantFrom('endpoint_id', 'cookie', 'unlisted', 'un li,s=t\\ed'), value) }),
  },
  {
    requiredKeys: [
      ...(['kind', 'id', 'observer', 'flow', 'part', 'final', 'reason', 'start', 'end', 'frame', 'version', 'protocol'] as const),
      ...(['source', 'destination', 'initiator', 'vlan', 'encapsulation', 'forward', 'reverse'] as const),
    ],
  },
)
