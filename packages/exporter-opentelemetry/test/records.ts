import type { MetricRecord, Vendor } from '@geneve-telemetry/core'

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
