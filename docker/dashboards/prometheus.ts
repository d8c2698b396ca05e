import type { Name } from '@geneve-telemetry/core'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { dashboard } from './grafana.ts'
import * as names from './names.ts'
import type { Panel, Query, Row } from './panel.ts'

const UNIT_WORDS: Readonly<Record<string, string>> = { By: 'bytes', s: 'seconds', '1': 'ratio' }

/** A counter's name as Prometheus' OTLP receiver writes it: dots to underscores, the unit's word if it has one, `_total`. */
function counter({ otel, unit }: Name): string {
  const word = UNIT_WORDS[unit]
  return `${label(otel)}${word === undefined ? '' : `_${word}`}_total`
}

function label(otel: string): string {
  return otel.replaceAll('.', '_')
}

const by = (...attributes: readonly Name[]): string => `by (${attributes.map(({ otel }) => label(otel)).join(', ')})`
const legend = (...attributes: readonly Name[]): string => attributes.map(({ otel }) => `{{${label(otel)}}}`).join(' ')
const rate = (name: Name, selector = ''): string => `rate(${counter(name)}${selector}[$__rate_interval])`

/** What a second brings, summed by these attributes. */
function perSecond(name: Name, ...attributes: readonly Name[]): Query {
  return { text: `sum ${by(...attributes)} (${rate(name)})`, legend: legend(...attributes) }
}

const isGeneve = `{${label(names.OUTCOME.otel)}="geneve"}`
const hasIssue = `{${label(names.ISSUE_KIND.otel)}!=""}`
const SERIES = [names.SCOPE, names.VNI, names.NETWORK_TYPE, names.TRANSPORT]

const HEALTH: readonly Panel[] = [
  {
    title: 'Frames a second',
    description: 'All that the tap handed over, GENEVE or not. 0: nothing comes in.',
    as: 'figure',
    unit: 'pps',
    columns: 6,
    queries: [{ text: `sum(${rate(names.FRAMES)})` }],
  },
  {
    title: 'Decoded',
    description: 'The part of all frames that is GENEVE and whole.',
    as: 'figure',
    unit: 'percentunit',
    columns: 6,
    queries: [{ text: `sum(${rate(names.FRAMES, isGeneve)}) / sum(${rate(names.FRAMES)})` }],
  },
  {
    title: 'Age of the newest figures',
    description: 'How long ago the last export arrived here. More than a few intervals: program, collector or Prometheus is stuck.',
    as: 'figure',
    unit: 's',
    columns: 6,
    queries: [{ text: `time() - max(timestamp(${counter(names.FRAMES)}))` }],
  },
  {
    title: 'Collector answers',
    description: '1 while Prometheus can read what the collector says about itself.',
    as: 'figure',
    unit: 'short',
    columns: 6,
    queries: [{ text: 'min(up{job="otel-collector"})' }],
  },
  {
    title: 'Through the collector',
    description: 'Data points that it took, passed on and refused. The first two lie upon each other and the third is 0 while all is well.',
    as: 'lines',
    unit: 'cps',
    columns: 12,
    queries: [
      { text: 'sum(rate(otelcol_receiver_accepted_metric_points[$__rate_interval]))', legend: 'taken' },
      { text: 'sum(rate(otelcol_exporter_sent_metric_points[$__rate_interval]))', legend: 'passed on' },
      { text: 'sum(rate(otelcol_receiver_refused_metric_points[$__rate_interval]))', legend: 'refused' },
    ],
  },
  {
    title: 'Frames by outcome',
    description: 'What the decoder made of them: geneve, damaged, or why a frame is not GENEVE.',
    as: 'areas',
    unit: 'pps',
    columns: 12,
    queries: [perSecond(names.FRAMES, names.OUTCOME)],
  },
]

const TRAFFIC: readonly Panel[] = [
  {
    title: 'Traffic per endpoint',
    description: 'Bits of the inner IP packets.',
    as: 'areas',
    unit: 'bps',
    columns: 12,
    queries: [{ text: `8 * sum ${by(names.SCOPE)} (${rate(names.BYTES)})`, legend: legend(names.SCOPE) }],
  },
  {
    title: 'Packets per endpoint',
    description: names.PACKETS.doc,
    as: 'areas',
    unit: 'pps',
    columns: 12,
    queries: [perSecond(names.PACKETS, names.SCOPE)],
  },
  {
    title: 'Top series',
    description:
      'The ten that moved most bytes in the time shown. Addresses are no labels of metrics: hosts are in Elasticsearch and InfluxDB.',
    as: 'rows',
    unit: 'bytes',
    columns: 12,
    queries: [{ text: `topk(10, sum ${by(...SERIES)} (increase(${counter(names.BYTES)}[$__range])))` }],
  },
  {
    title: 'What tunnels cost',
    description: 'Bytes on the wire beyond the inner packets, as part of these.',
    as: 'lines',
    unit: 'percentunit',
    columns: 12,
    queries: [
      {
        text: `sum ${by(names.SCOPE)} (${rate(names.TUNNEL_BYTES)}) / sum ${by(names.SCOPE)} (${rate(names.BYTES)}) - 1`,
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
    queries: [perSecond(names.FLOWS, names.SCOPE)],
  },
  {
    title: 'Resets per endpoint',
    description: names.RESETS.doc,
    as: 'lines',
    unit: 'pps',
    columns: 8,
    queries: [perSecond(names.RESETS, names.SCOPE)],
  },
  {
    title: 'Protocols',
    description: 'Packets by what the innermost IP packet carries.',
    as: 'areas',
    unit: 'pps',
    columns: 8,
    queries: [perSecond(names.PACKETS, names.NETWORK_TYPE, names.TRANSPORT)],
  },
]

const DECODER: readonly Panel[] = [
  {
    title: 'Decode issues',
    description: 'Frames in which something was wrong, by what and where. Should be empty.',
    as: 'lines',
    unit: 'pps',
    columns: 12,
    queries: [
      {
        text: `sum ${by(names.ISSUE_KIND, names.ISSUE_LAYER)} (${rate(names.FRAMES, hasIssue)})`,
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
    queries: [perSecond(names.OPTIONS, names.OPTION_CLASS, names.OPTION_TYPE)],
  },
]

const ROWS: readonly Row[] = [
  { title: 'Is the pipeline healthy?', panels: HEALTH },
  { title: 'Traffic', panels: TRAFFIC },
  { title: 'Connections', panels: CONNECTIONS },
  { title: 'Decoder', panels: DECODER },
]

/** The dashboard of what the collector hands to Prometheus. */
export function prometheusDashboard(): Dashboard {
  return dashboard({
    uid: 'geneve-prometheus',
    title: 'GENEVE traffic (Prometheus)',
    description: 'Metrics that came by OpenTelemetry.',
    datasource: { type: 'prometheus', uid: 'geneve-prometheus' },
    rows: ROWS,
    target: ({ text, legend }, { as }, refId) => {
      const query = new DataqueryBuilder()
        .refId(refId)
        .expr(text)
        .legendFormat(legend ?? '__auto')
      return as === 'rows' ? query.instant().format(PromQueryFormat.Table) : query.range()
    },
  })
}
