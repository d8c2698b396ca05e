import type { Name } from '@geneve-telemetry/core'
import { type Column, type LensPanel, lensAttributes, lensReferences } from './lens.ts'
import * as names from './names.ts'

const FLOWS = 'geneve-flow'
const METRICS = 'geneve-metrics'

/** What the program's data streams are called. */
const VIEWS: readonly { readonly id: string; readonly pattern: string; readonly name: string }[] = [
  { id: FLOWS, pattern: 'logs-geneve.flow-*', name: 'GENEVE flows' },
  { id: METRICS, pattern: 'metrics-geneve.*', name: 'GENEVE metrics' },
]

const TIME: Column = { by: 'time', label: 'Time' }
const top = ({ ecs }: Name, label: string): Column => ({ by: 'terms', field: ecs, label, size: 10 })
const address = (field: string, label: string): Column => ({ by: 'terms', field, label, size: 10, type: 'ip' })
const sum = (field: string, label: string): Column => ({ of: 'sum', field, label })
const RESET = 'geneve.source.tcp.flags:*R* OR geneve.destination.tcp.flags:*R*'

const metrics = { view: METRICS, width: 24, height: 12 } as const
const flows = { view: FLOWS, width: 24, height: 12 } as const
const figure = { as: 'metric', width: 12, height: 6 } as const

const PANELS: readonly LensPanel[] = [
  {
    ...figure,
    view: METRICS,
    title: 'Frames',
    description: 'All that the tap handed over in the time shown, GENEVE or not. 0: nothing comes in.',
    columns: [sum(names.FRAMES.ecs, 'Frames')],
  },
  {
    ...figure,
    view: METRICS,
    title: 'Frames with an issue',
    description: 'Frames in which something was wrong. Should be 0.',
    only: `_exists_:${names.ISSUE_KIND.ecs}`,
    columns: [sum(names.FRAMES.ecs, 'Frames')],
  },
  {
    ...figure,
    view: METRICS,
    title: 'Newest figures',
    description: 'When the newest interval began. More than a few intervals ago: the program or Elasticsearch is stuck.',
    columns: [{ of: 'max', field: '@timestamp', type: 'date', label: 'Began' }],
  },
  {
    ...figure,
    view: FLOWS,
    title: 'Flows',
    description: 'Flow records that were written in the time shown.',
    columns: [{ of: 'count', label: 'Flow records' }],
  },
  {
    ...metrics,
    as: 'area',
    title: 'Traffic per endpoint',
    description: names.BYTES.doc,
    columns: [TIME, top(names.SCOPE, 'Endpoint'), sum(names.BYTES.ecs, 'Bytes')],
  },
  {
    ...metrics,
    as: 'bars',
    title: 'New connections per endpoint',
    description: names.FLOWS.doc,
    columns: [TIME, top(names.SCOPE, 'Endpoint'), sum(names.FLOWS.ecs, 'Flows')],
  },
  {
    ...flows,
    as: 'table',
    title: 'Top talkers',
    description: 'The pairs of hosts that moved most bytes, both ways together.',
    columns: [address('source.ip', 'From'), address('destination.ip', 'To'), sum('network.bytes', 'Bytes')],
  },
  {
    ...flows,
    as: 'bars',
    title: 'Flows with a reset',
    description: 'TCP flows in which either end sent RST, by the server that was asked.',
    only: RESET,
    columns: [TIME, address('destination.ip', 'Server'), { of: 'count', label: 'Flow records' }],
  },
  {
    ...metrics,
    as: 'area',
    title: 'Protocols',
    description: 'Packets by what the innermost IP packet carries.',
    columns: [TIME, top(names.TRANSPORT, 'Protocol'), sum(names.PACKETS.ecs, 'Packets')],
  },
  {
    ...metrics,
    as: 'area',
    title: 'Frames by outcome',
    description: 'What the decoder made of them: geneve, damaged, or why a frame is not GENEVE.',
    columns: [TIME, top(names.OUTCOME, 'Outcome'), sum(names.FRAMES.ecs, 'Frames')],
  },
  {
    ...metrics,
    as: 'table',
    title: 'Decode issues',
    description: 'What was wrong, and in which layer. Should be empty.',
    columns: [top(names.ISSUE_KIND, 'Issue'), top(names.ISSUE_LAYER, 'Layer'), sum(names.FRAMES.ecs, 'Frames')],
  },
  {
    ...metrics,
    as: 'bars',
    title: 'Options',
    description: 'GENEVE options by class.',
    columns: [TIME, top(names.OPTION_CLASS, 'Class'), sum(names.OPTIONS.ecs, 'Options')],
  },
]

/** Data views and dashboard as saved objects, one in a line: what `POST /api/saved_objects/_import` takes. */
export function kibanaObjects(): string {
  const views = VIEWS.map(({ id, pattern, name }) => ({
    type: 'index-pattern',
    id,
    attributes: { title: pattern, name, timeFieldName: '@timestamp' },
    references: [],
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: '8.0.0',
  }))
  return [...views, dashboard()].map((object) => `${JSON.stringify(object)}\n`).join('')
}

const ROW_WIDTH = 48

function dashboard(): object {
  const placed = places(PANELS)
  const panels = PANELS.map((panel, index) => ({
    type: 'lens',
    title: panel.title,
    panelIndex: panelId(index),
    gridData: { ...placed[index], i: panelId(index) },
    embeddableConfig: { attributes: lensAttributes(panel), enhancements: {} },
  }))
  const references = PANELS.flatMap((panel, index) =>
    lensReferences(panel).map((reference) => ({ ...reference, name: `${panelId(index)}:${reference.name}` })),
  )
  return {
    type: 'dashboard',
    id: 'geneve-traffic',
    attributes: {
      title: 'GENEVE traffic',
      description: 'Flows and metrics of geneve-telemetry.',
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
      timeRestore: true,
      timeFrom: 'now-15m',
      timeTo: 'now',
      refreshInterval: { pause: false, value: 10_000 },
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ query: { query: '', language: 'lucene' }, filter: [] }) },
    },
    references,
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: '8.9.0',
  }
}

function panelId(index: number): string {
  return `panel${index}`
}

/** From left to right, a new line where the next one has no room. */
function places(panels: readonly LensPanel[]): readonly { x: number; y: number; w: number; h: number }[] {
  let [x, y, lineHeight] = [0, 0, 0]
  return panels.map(({ width, height }) => {
    if (x + width > ROW_WIDTH) [x, y, lineHeight] = [0, y + lineHeight, 0]
    const place = { x, y, w: width, h: height }
    x += width
    lineHeight = Math.max(lineHeight, height)
    return place
  })
}
