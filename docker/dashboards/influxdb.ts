import type { Name } from '@geneve-telemetry/core'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard } from './grafana.ts'
import * as names from './names.ts'
import type { Panel, Query, Row } from './panel.ts'

/** The points of a measurement's field within the time shown. Further steps are one to a line. */
function field(measurement: string, { influx }: Name, ...steps: readonly string[]): string {
  return flux(`filter(fn: (r) => r._measurement == "geneve_${measurement}" and r._field == "${influx}")`, ...steps)
}

function flux(...steps: readonly string[]): string {
  const range = 'range(start: v.timeRangeStart, stop: v.timeRangeStop)'
  return ['from(bucket: v.defaultBucket)', ...[range, ...steps].map((step) => `  |> ${step}`)].join('\n')
}

const group = (...tags: readonly Name[]): string => `group(columns: [${tags.map(({ influx }) => `"${influx}"`).join(', ')}])`
const WINDOW = 'aggregateWindow(every: v.windowPeriod, fn: sum, createEmpty: false)'
const EACH_SECOND = 'map(fn: (r) => ({r with _value: float(v: r._value) / float(v: int(v: v.windowPeriod)) * 1000000000.0}))'
const IN_BITS = 'map(fn: (r) => ({r with _value: r._value * 8.0}))'
const legend = (...tags: readonly Name[]): string => tags.map(({ influx }) => `\${__field.labels.${influx}}`).join(' ')

/** What a second brings, summed by these tags. Points are sums over their interval, so it is a sum over the window by the window's length. */
function perSecond(measurement: string, name: Name, ...tags: readonly Name[]): Query {
  return { text: field(measurement, name, group(...tags), WINDOW, EACH_SECOND), legend: legend(...tags) }
}

/** Flows with some of their fields in one row each. */
function flows(fields: readonly string[], ...steps: readonly string[]): string {
  const wanted = fields.map((key) => `r._field == "${key}"`).join(' or ')
  return flux(
    `filter(fn: (r) => r._measurement == "geneve_flow" and (${wanted}))`,
    'pivot(rowKey: ["_time", "flow", "part"], columnKey: ["_field"], valueColumn: "_value")',
    ...steps,
  )
}

const TALKERS = ['group(columns: ["source", "destination"])', 'sum(column: "bytes")', 'group()', 'sort(columns: ["bytes"], desc: true)']

const HEALTH: readonly Panel[] = [
  {
    title: 'Frames a second',
    description: 'All that the tap handed over, GENEVE or not. 0: nothing comes in.',
    as: 'figure',
    unit: 'pps',
    columns: 8,
    queries: [perSecond('decoder', names.FRAMES)],
  },
  {
    title: 'Decoded',
    description: 'The part of all frames that is GENEVE and whole.',
    as: 'figure',
    unit: 'percentunit',
    columns: 8,
    queries: [
      {
        text: field(
          'decoder',
          names.FRAMES,
          `map(fn: (r) => ({r with whole: if r.${names.OUTCOME.influx} == "geneve" then r._value else 0}))`,
          'group()',
          'reduce(identity: {whole: 0, all: 0}, fn: (r, accumulator) => ({whole: accumulator.whole + r.whole, all: accumulator.all + r._value}))',
          'map(fn: (r) => ({_value: float(v: r.whole) / float(v: r.all)}))',
        ),
      },
    ],
  },
  {
    title: 'Age of the newest figures',
    description: 'How long ago the newest interval began. More than a few intervals: the program or InfluxDB is stuck.',
    as: 'figure',
    unit: 's',
    columns: 8,
    queries: [
      {
        text: field(
          'decoder',
          names.FRAMES,
          'group()',
          'last()',
          'map(fn: (r) => ({_value: float(v: uint(v: now()) - uint(v: r._time)) / 1000000000.0}))',
        ),
      },
    ],
  },
  {
    title: 'Frames by outcome',
    description: 'What the decoder made of them: geneve, damaged, or why a frame is not GENEVE.',
    as: 'areas',
    unit: 'pps',
    columns: 24,
    queries: [perSecond('decoder', names.FRAMES, names.OUTCOME)],
  },
]

const TRAFFIC: readonly Panel[] = [
  {
    title: 'Traffic per endpoint',
    description: 'Bits of the inner IP packets.',
    as: 'areas',
    unit: 'bps',
    columns: 12,
    queries: [{ text: field('traffic', names.BYTES, group(names.SCOPE), WINDOW, EACH_SECOND, IN_BITS), legend: legend(names.SCOPE) }],
  },
  {
    title: 'Packets per endpoint',
    description: names.PACKETS.doc,
    as: 'areas',
    unit: 'pps',
    columns: 12,
    queries: [perSecond('traffic', names.PACKETS, names.SCOPE)],
  },
  {
    title: 'Top talkers',
    description: 'The ten pairs of hosts that moved most bytes, from the flows that ended in the time shown.',
    as: 'rows',
    unit: 'bytes',
    columns: 12,
    queries: [{ text: flows(['source', 'destination', 'bytes'], ...TALKERS, 'limit(n: 10)') }],
  },
  {
    title: 'What tunnels cost',
    description: 'Bytes on the wire beyond the inner packets, as part of these.',
    as: 'lines',
    unit: 'percentunit',
    columns: 12,
    queries: [
      {
        text: flux(
          `filter(fn: (r) => r._measurement == "geneve_traffic" and (r._field == "${names.BYTES.influx}" or r._field == "${names.TUNNEL_BYTES.influx}"))`,
          `group(columns: ["${names.SCOPE.influx}", "_field"])`,
          WINDOW,
          `pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`,
          `filter(fn: (r) => r.${names.BYTES.influx} > 0)`,
          `map(fn: (r) => ({_time: r._time, ${names.SCOPE.influx}: r.${names.SCOPE.influx}, _value: float(v: r.${names.TUNNEL_BYTES.influx}) / float(v: r.${names.BYTES.influx}) - 1.0}))`,
          group(names.SCOPE),
        ),
        legend: legend(names.SCOPE),
      },
    ],
  },
]

const CONNECTIONS: readonly Panel[] = [
  {
    title: 'New connections per endpoint',
    description: names.FLOWS.doc,
    as: 'lines',
    unit: 'cps',
    columns: 8,
    queries: [perSecond('traffic', names.FLOWS, names.SCOPE)],
  },
  {
    title: 'Flows with a reset',
    description: 'Flows in which either end sent a TCP segment with RST, by endpoint, when they began.',
    as: 'lines',
    unit: 'short',
    columns: 8,
    queries: [
      {
        text: flows(
          ['source_tcp_flags', 'destination_tcp_flags'],
          'filter(fn: (r) => r.source_tcp_flags =~ /R/ or r.destination_tcp_flags =~ /R/)',
          group(names.SCOPE),
          'aggregateWindow(every: v.windowPeriod, fn: count, column: "flow", createEmpty: false)',
        ),
        legend: legend(names.SCOPE),
      },
    ],
  },
  {
    title: 'Protocols',
    description: 'Packets by what the innermost IP packet carries.',
    as: 'areas',
    unit: 'pps',
    columns: 8,
    queries: [perSecond('traffic', names.PACKETS, names.NETWORK_TYPE, names.TRANSPORT)],
  },
]

const DECODER: readonly Panel[] = [
  {
    title: 'Decode issues',
    description: 'Frames in which something was wrong, by what and where. Should be empty.',
    as: 'lines',
    unit: 'short',
    columns: 12,
    queries: [
      {
        text: field(
          'decoder',
          names.FRAMES,
          `filter(fn: (r) => exists r.${names.ISSUE_KIND.influx})`,
          group(names.ISSUE_KIND, names.ISSUE_LAYER),
          WINDOW,
        ),
        legend: legend(names.ISSUE_KIND, names.ISSUE_LAYER),
      },
    ],
  },
  {
    title: 'Options',
    description: 'GENEVE options by class and type.',
    as: 'lines',
    unit: 'cps',
    columns: 12,
    queries: [perSecond('option', names.OPTIONS, names.OPTION_CLASS, names.OPTION_TYPE)],
  },
]

const ROWS: readonly Row[] = [
  { title: 'Is the pipeline healthy?', panels: HEALTH },
  { title: 'Traffic', panels: TRAFFIC },
  { title: 'Connections', panels: CONNECTIONS },
  { title: 'Decoder', panels: DECODER },
]

/** A target of Grafana's InfluxDB data source in Flux; the SDK has no builder for it. */
class FluxQuery implements Builder<Dataquery> {
  readonly #target: object

  constructor(refId: string, query: string) {
    this.#target = { refId, query, datasource: DATASOURCE }
  }

  build(): Dataquery {
    return Object.assign(Object.create({ _implementsDataqueryVariant() {} }), this.#target) as Dataquery
  }
}

const DATASOURCE = { type: 'influxdb', uid: 'geneve-influxdb' }

/** The dashboard of what the program writes to InfluxDB, flows among it. */
export function influxdbDashboard(): Dashboard {
  return dashboard({
    uid: 'geneve-influxdb',
    title: 'GENEVE traffic (InfluxDB)',
    description: 'Metrics and flows as points. Flows are there with the option --flows.',
    datasource: DATASOURCE,
    rows: ROWS,
    target: ({ text }, _, refId) => new FluxQuery(refId, text),
    displayName: ({ queries }) => queries[0]?.legend,
  })
}
