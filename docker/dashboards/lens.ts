/** A column of a Lens layer: what the panel groups by, or what it counts. */
export type Column =
  | { readonly by: 'time'; readonly label: string }
  | { readonly by: 'terms'; readonly label: string; readonly field: string; readonly size: number; readonly type?: 'ip' }
  | { readonly of: 'sum' | 'max'; readonly label: string; readonly field: string; readonly type?: 'date' }
  | { readonly of: 'count'; readonly label: string }

/** One answer on the dashboard of Kibana: a Lens panel with one layer, whose last column is its figure. */
export interface LensPanel {
  readonly title: string
  readonly description: string
  /** Id of the data view. */
  readonly view: string
  readonly as: 'metric' | 'area' | 'bars' | 'table'
  /** Which documents, in Lucene's syntax. */
  readonly only?: string
  readonly columns: readonly Column[]
  /** Of 48. */
  readonly width: number
  readonly height: number
}

interface Reference {
  readonly type: string
  readonly id: string
  readonly name: string
}

const LAYER = 'layer'

/** What the panel needs, by the name that its references have within it. */
export function lensReferences({ view }: LensPanel): readonly Reference[] {
  return [{ type: 'index-pattern', id: view, name: `indexpattern-datasource-layer-${LAYER}` }]
}

/** The attributes of the Lens object, which the dashboard holds itself. */
export function lensAttributes(panel: LensPanel): object {
  const ids = panel.columns.map((_, index) => `column${index}`)
  const figure = ids.at(-1)
  const columns = Object.fromEntries(panel.columns.map((column, index) => [ids[index], columnState(column, figure)]))
  return {
    title: panel.title,
    description: panel.description,
    type: 'lens',
    visualizationType: VISUALIZATIONS[panel.as],
    references: lensReferences(panel),
    state: {
      query: { query: panel.only ?? '', language: 'lucene' },
      filters: [],
      datasourceStates: { formBased: { layers: { [LAYER]: { columns, columnOrder: ids, incompleteColumns: {} } } } },
      visualization: visualization(panel, ids),
      internalReferences: [],
      adHocDataViews: {},
    },
  }
}

const VISUALIZATIONS = { metric: 'lnsMetric', area: 'lnsXY', bars: 'lnsXY', table: 'lnsDatatable' } as const

function columnState(column: Column, figure: string | undefined): object {
  const label = { label: column.label, customLabel: true }
  if ('by' in column) {
    if (column.by === 'time') {
      const params = { interval: 'auto', includeEmptyRows: true, dropPartials: false }
      return {
        ...label,
        operationType: 'date_histogram',
        sourceField: '@timestamp',
        dataType: 'date',
        isBucketed: true,
        scale: 'interval',
        params,
      }
    }
    const params = {
      size: column.size,
      orderBy: { type: 'column', columnId: figure },
      orderDirection: 'desc',
      otherBucket: false,
      missingBucket: false,
    }
    return {
      ...label,
      operationType: 'terms',
      sourceField: column.field,
      dataType: column.type ?? 'string',
      isBucketed: true,
      scale: 'ordinal',
      params,
    }
  }
  if (column.of === 'count') {
    return {
      ...label,
      operationType: 'count',
      sourceField: '___records___',
      dataType: 'number',
      isBucketed: false,
      scale: 'ratio',
      params: {},
    }
  }
  const number = { dataType: column.type ?? 'number', isBucketed: false, scale: 'ratio' }
  return { ...label, operationType: column.of, sourceField: column.field, ...number, params: { emptyAsNull: false } }
}

/** Times go along the axis, terms split the series or, without times, are the axis. */
function visualization({ as, columns }: LensPanel, ids: readonly string[]): object {
  const layer = { layerId: LAYER, layerType: 'data' }
  const figure = ids.at(-1)
  if (as === 'metric') return { ...layer, metricAccessor: figure }
  if (as === 'table') return { ...layer, columns: ids.map((columnId) => ({ columnId })) }
  const seriesType = as === 'area' ? 'area_stacked' : 'bar_stacked'
  const [axis, split] = columns.length > 2 ? ids : [ids[0]]
  const series = { ...layer, seriesType, accessors: [figure], xAccessor: axis, ...(split !== undefined && { splitAccessor: split }) }
  return { legend: { isVisible: true, position: 'right' }, valueLabels: 'hide', preferredSeriesType: seriesType, layers: [series] }
}
