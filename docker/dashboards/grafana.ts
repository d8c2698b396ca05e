import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { type DataSourceRef, ReduceDataOptionsBuilder, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common'
import { type Dashboard, DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { INTERVAL, type Panel, type Query, type Row } from './panel.ts'

export interface DashboardOptions {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly datasource: DataSourceRef
  readonly rows: readonly Row[]
  /** A query in the data source's own form. */
  readonly target: (query: Query, panel: Panel, refId: string) => Builder<Dataquery>
  /** What a panel's series are called, where the query does not say it. */
  readonly displayName?: (panel: Panel) => string | undefined
}

const HEIGHT = 8
const FIGURE_HEIGHT = 4
const REF_IDS = 'ABCDEFGH'

/** A dashboard as Grafana's provisioning reads it. */
export function dashboard(options: DashboardOptions): Dashboard {
  const { uid, title, description, datasource, rows, target, displayName } = options
  let id = 0
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['geneve-telemetry'])
    .time({ from: 'now-15m', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title).id(++id))
    for (const panel of row.panels) {
      const targets = panel.queries.map((query, index) => target(query, panel, REF_IDS[index] ?? ''))
      const built = panelBuilder(panel, targets, datasource).id(++id)
      const series = displayName?.(panel)
      builder.withPanel(series === undefined ? built : built.displayName(series))
    }
  }
  return builder.build()
}

type AnyPanelBuilder = StatBuilder | TableBuilder | TimeseriesBuilder

function panelBuilder(panel: Panel, targets: Builder<Dataquery>[], datasource: DataSourceRef): AnyPanelBuilder {
  return BUILDERS[panel.as]()
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .unit(panel.unit)
    .span(panel.columns)
    .height(panel.as === 'figure' ? FIGURE_HEIGHT : HEIGHT)
    .interval(INTERVAL)
    .targets(targets)
}

const newest = (): ReduceDataOptionsBuilder => new ReduceDataOptionsBuilder().calcs(['lastNotNull'])
const lines = (): TimeseriesBuilder => new TimeseriesBuilder().min(0)

const BUILDERS = {
  figure: () => new StatBuilder().reduceOptions(newest()),
  lines,
  areas: () => lines().fillOpacity(30).stacking(new StackingConfigBuilder().mode(StackingMode.Normal)),
  rows: () => new TableBuilder(),
} satisfies Record<Panel['as'], () => AnyPanelBuilder>
