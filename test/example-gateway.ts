import type { Name, ToldRecord, ToldValue, ToldValues, Vendor } from '@geneve-telemetry/core'
import fc from 'fast-check'

// A telemetry record of a gateway, with a field of each type, for the tests of exporters. Nothing here is read from bytes.

type GatewayName = Omit<Name, 'name' | 'doc' | 'unit' | 'otel' | 'ecs' | 'influx'> & Partial<Pick<Name, 'unit' | 'ecs'>>

const bounded = { cardinality: 'bounded' } as const
const unbounded = { cardinality: 'unbounded' } as const

const NAMES: Readonly<Record<string, GatewayName>> = {
  gateway_id: { instrument: 'identity', ...unbounded },
  zone: { instrument: 'identity', ...bounded },
  region: { instrument: 'identity', ...bounded, ecs: 'cloud.region' },
  groups: { instrument: 'identity', ...bounded, type: 'text' },
  addresses: { instrument: 'identity', ...unbounded, type: 'address' },
  peer: { instrument: 'identity', ...unbounded, type: 'address' },
  vlan: { instrument: 'identity', ...bounded, type: 'integer' },
  peer_port: { instrument: 'identity', ...unbounded, type: 'integer' },
  status: { instrument: 'state', ...bounded },
  is_shared: { instrument: 'state', ...bounded, type: 'boolean' },
  connections: { instrument: 'gauge', ...bounded, unit: '{connection}' },
  level: { instrument: 'gauge', ...bounded, type: 'integer', unit: 'dBm' },
  load: { instrument: 'gauge', ...bounded, type: 'float', unit: '%' },
  rate: { instrument: 'gauge', ...bounded, type: 'unsigned64', unit: 'bit/s' },
  drops: { instrument: 'counter', ...bounded, unit: '{packet}' },
  octets: { instrument: 'counter', ...bounded, type: 'unsigned64', unit: 'By' },
}

/** Its vendor. */
export const gateway: Vendor = {
  name: 'Example',
  options: [],
  record: {
    optionClass: 0xfff1,
    fields: Object.entries(NAMES).map(([name, rest], index) => ({
      unit: '',
      ecs: `geneve.gateway.${name}`,
      ...rest,
      name,
      number: index + 1,
      group: 'gateway',
      wire: 'text',
      doc: `The ${name} of a gateway.`,
      otel: `example.gateway.${name}`,
      influx: `gateway_${name}`,
      read: () => undefined,
      write: () => undefined,
    })),
    decode: () => undefined,
    subjectOf: () => undefined,
  },
}

/** A value in each field. */
export const WHOLE: ToldValues = {
  gateway_id: 'gateway-0123456789abcdef',
  zone: 'a',
  region: 'eu-1',
  groups: ['group-2', 'group-1'],
  addresses: ['192.0.2.1', '2001:db8::1'],
  peer: '192.0.2.2',
  vlan: 7,
  peer_port: 443,
  status: 'available',
  is_shared: false,
  connections: 55,
  level: -12,
  load: 0.1,
  rate: 2n ** 64n - 1n,
  drops: 0,
  octets: 9_007_199_254_740_993n,
}

/** What was told of a gateway. */
export function told(values: ToldValues, changes: Partial<ToldRecord> = {}): ToldRecord {
  return {
    kind: 'telemetry',
    id: '0a1b-t1-fff1-new',
    observer: 'tap-1',
    time: { seconds: 1_795_428_000, nanos: 123_456_789 },
    vendor: 'Example',
    subject: { type: 'gateway_id', id: 'gateway-0123456789abcdef' },
    reason: 'new',
    packets: 1200,
    values,
    ...changes,
  }
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('a', 'a,b=c d', '"', '\\', 'é\n'))
const address = fc.oneof(fc.ipV4(), fc.ipV6())
const integer = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))
const unsigned = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }))
const float = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeNat())

const VALUES: Readonly<Record<string, fc.Arbitrary<ToldValue>>> = Object.fromEntries(
  Object.entries(NAMES).map(([name, { type, instrument }]) => {
    if (name === 'groups') return [name, fc.array(text, { maxLength: 3 })]
    if (name === 'addresses') return [name, fc.array(address, { maxLength: 3 })]
    if (type === 'address') return [name, address]
    if (type === 'boolean') return [name, fc.boolean()]
    if (type === 'float') return [name, float]
    if (type === 'unsigned64') return [name, unsigned]
    return [name, type === 'integer' || instrument === 'gauge' || instrument === 'counter' ? integer : text]
  }),
)

/** Any record of a gateway, some of its fields absent. */
export const anyTold: fc.Arbitrary<ToldRecord> = fc.record({
  kind: fc.constant('telemetry' as const),
  id: text.filter((id) => id !== ''),
  observer: text,
  time: fc.record({ seconds: fc.nat({ max: 4_294_967_295 }), nanos: fc.nat({ max: 999_999_999 }) }),
  vendor: fc.constant('Example'),
  subject: fc.record({ type: fc.constantFrom('gateway_id', 'flow'), id: text }),
  reason: fc.constantFrom('new' as const, 'change' as const, 'interval' as const, 'end' as const),
  packets: fc.maxSafeNat(),
  values: fc.record(VALUES, { requiredKeys: [] }) as fc.Arbitrary<ToldValues>,
})
