import type { Name } from './name.ts'

const label = { instrument: 'identity', unit: '', cardinality: 'bounded' } as const
const sum = { instrument: 'delta', cardinality: 'bounded' } as const

/** What the series of a metric record are told apart by, beside the vendors' fields with the role `scope`. */
export const ATTRIBUTES: readonly Name[] = [
  { ...label, name: 'vni', doc: 'Virtual Network Identifier of the GENEVE header.', otel: 'geneve.vni', ecs: 'geneve.vni', influx: 'vni' },
  {
    ...label,
    name: 'network_type',
    doc: 'IP version of the innermost packet.',
    otel: 'network.type',
    ecs: 'network.type',
    influx: 'network_type',
  },
  {
    ...label,
    name: 'transport',
    doc: 'IANA keyword of the innermost protocol, lower case.',
    otel: 'network.transport',
    ecs: 'network.transport',
    influx: 'transport',
  },
  {
    ...label,
    name: 'vendor',
    doc: 'Who the option class belongs to, by the IANA registry.',
    otel: 'geneve.option.vendor',
    ecs: 'geneve.option.vendor',
    influx: 'vendor',
  },
  {
    ...label,
    name: 'option_class',
    doc: 'GENEVE option class.',
    otel: 'geneve.option.class',
    ecs: 'geneve.option.class',
    influx: 'option_class',
  },
  {
    ...label,
    name: 'option_type',
    doc: 'GENEVE option type, all 8 bits.',
    otel: 'geneve.option.type',
    ecs: 'geneve.option.type',
    influx: 'option_type',
  },
  {
    ...label,
    name: 'outcome',
    doc: 'geneve, damaged, or why a frame is not GENEVE.',
    otel: 'geneve.decoder.outcome',
    ecs: 'geneve.decoder.outcome',
    influx: 'outcome',
  },
  { ...label, name: 'issue_kind', doc: 'What was wrong with the bytes.', otel: 'error.type', ecs: 'error.type', influx: 'issue_kind' },
  {
    ...label,
    name: 'issue_layer',
    doc: 'The layer in which it was found.',
    otel: 'geneve.decoder.layer',
    ecs: 'geneve.decoder.layer',
    influx: 'issue_layer',
  },
]

/** The figures of the metric records, by measurement. */
export const MEASURES: Readonly<Record<string, readonly Name[]>> = {
  traffic: [
    {
      ...sum,
      name: 'packets',
      unit: '{packet}',
      doc: 'Packets that came through GENEVE tunnels.',
      otel: 'geneve.traffic.packets',
      ecs: 'geneve.traffic.packets',
      influx: 'packets',
    },
    {
      ...sum,
      name: 'bytes',
      unit: 'By',
      doc: 'Bytes of the innermost IP packets, their headers included.',
      otel: 'geneve.traffic.io',
      ecs: 'geneve.traffic.bytes',
      influx: 'bytes',
    },
    {
      ...sum,
      name: 'tunnel_bytes',
      unit: 'By',
      doc: 'Bytes of the outer frames on the wire.',
      otel: 'geneve.tunnel.io',
      ecs: 'geneve.tunnel.bytes',
      influx: 'tunnel_bytes',
    },
    {
      ...sum,
      name: 'flows',
      unit: '{flow}',
      doc: 'Inner flows that began.',
      otel: 'geneve.traffic.flows',
      ecs: 'geneve.traffic.flows',
      influx: 'flows',
    },
    {
      ...sum,
      name: 'resets',
      unit: '{packet}',
      doc: 'Packets whose innermost TCP header has RST set.',
      otel: 'geneve.traffic.resets',
      ecs: 'geneve.traffic.resets',
      influx: 'resets',
    },
  ],
  option: [
    {
      ...sum,
      name: 'options',
      unit: '{option}',
      doc: 'GENEVE options seen.',
      otel: 'geneve.options',
      ecs: 'geneve.option.count',
      influx: 'options',
    },
  ],
  decoder: [
    {
      ...sum,
      name: 'frames',
      unit: '{frame}',
      doc: 'Frames read, by what the decoder made of them.',
      otel: 'geneve.decoder.frames',
      ecs: 'geneve.decoder.frames',
      influx: 'frames',
    },
  ],
}
