import type { MetricRecord, Point, Vendor } from '@geneve-telemetry/core'
import fc from 'fast-check'

/** The traffic of one VNI in a minute. */
export const traffic: MetricRecord = {
  kind: 'metric',
  id: '0a1b-traffic-10',
  observer: 'tap-1',
  measurement: 'traffic',
  attributes: { vni: 10, transport: 'tcp', endpoint_id: 'endpoint-7' },
  start: { seconds: 1_795_428_000, nanos: 5 },
  end: { seconds: 1_795_428_060, nanos: 0 },
  points: {
    packets: { type: 'sum', value: 18 },
    bytes: { type: 'sum', value: 9_007_199_254_740_993n },
    load: { type: 'gauge', value: 0.5 },
  },
}

export const example: Vendor = {
  name: 'Example',
  options: [
    {
      optionClass: 0xfff0,
      type: 1,
      length: 8,
      source: 'this test',
      fields: [
        {
          name: 'endpoint_id',
          instrument: 'identity',
          unit: '',
          cardinality: 'bounded',
          doc: 'The endpoint.',
          otel: 'example.endpoint.id',
          ecs: 'geneve.example.endpoint_id',
          influx: 'endpoint_id',
          role: 'scope',
          read: () => undefined,
          write: () => undefined,
        },
      ],
    },
  ],
}

const instant = fc.record({ seconds: fc.nat({ max: 4_294_967_295 }), nanos: fc.nat({ max: 999_999_999 }) })
const text = fc.string({ unit: 'binary' })

const point: fc.Arbitrary<Point> = fc.oneof(
  fc.record({ type: fc.constant('sum' as const), value: fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })) }),
  fc.record({ type: fc.constant('gauge' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
)

/** Any record that can be said, hostile text everywhere. */
export const anyRecord: fc.Arbitrary<MetricRecord> = fc.record({
  kind: fc.constant('metric' as const),
  id: text,
  observer: text,
  measurement: fc.constantFrom('traffic', 'option', 'decoder', 'x"dataPoints":['),
  attributes: fc.dictionary(
    fc.constantFrom('vni', 'transport', 'vendor', 'color', 'q"\n'),
    fc.oneof(text, fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  ),
  start: instant,
  end: instant,
  points: fc.dictionary(fc.constantFrom('packets', 'bytes', 'options', 'frames', '"dataPoints":[', 'ü\n'), point, { minKeys: 1 }),
})
