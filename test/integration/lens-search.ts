import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../command.ts'

interface Column {
  readonly operationType: 'date_histogram' | 'terms' | 'sum' | 'max' | 'count'
  readonly sourceField: string
  readonly params: { readonly size?: number; readonly orderBy?: { readonly columnId: string } }
}
interface Panel {
  readonly title: string
  readonly panelIndex: string
  readonly embeddableConfig: {
    readonly attributes: {
      readonly state: {
        readonly query: { readonly query: string; readonly language: string }
        readonly datasourceStates: {
          readonly formBased: {
            readonly layers: Readonly<
              Record<string, { readonly columns: Readonly<Record<string, Column>>; readonly columnOrder: readonly string[] }>
            >
          }
        }
      }
    }
  }
}
interface SavedObject {
  readonly type: string
  readonly id: string
  readonly attributes: { readonly title: string; readonly panelsJSON?: string }
  readonly references: readonly { readonly id: string; readonly name: string }[]
}

/** What a panel of Kibana's dashboard asks Elasticsearch. */
export interface LensSearch {
  readonly panel: string
  /** The data view's index pattern. */
  readonly pattern: string
  /** The fields that it names, and what each must be good for. */
  readonly fields: readonly { readonly field: string; readonly use: Column['operationType'] }[]
  readonly body: object
  /** The columns that group, outermost first; the aggregations of the body have their names. */
  readonly buckets: readonly string[]
  /** The column of the figure. A count is the buckets' own. */
  readonly figure: { readonly name: string; readonly isCount: boolean }
}

/** All searches behind docker/kibana/geneve.ndjson: the aggregations that Lens makes of its columns, each column within the one before. */
export function lensSearches(): readonly LensSearch[] {
  const lines = readFileSync(join(ROOT, 'docker/kibana/geneve.ndjson'), 'utf8').trimEnd().split('\n')
  const objects = lines.map((line) => JSON.parse(line) as SavedObject)
  const dashboard = objects.find(({ type }) => type === 'dashboard')
  const panels = JSON.parse(dashboard?.attributes.panelsJSON ?? '[]') as Panel[]
  return panels.flatMap((panel) => {
    const { query, datasourceStates } = panel.embeddableConfig.attributes.state
    return Object.entries(datasourceStates.formBased.layers).map(([layer, { columns, columnOrder }]) => {
      const name = `${panel.panelIndex}:indexpattern-datasource-layer-${layer}`
      const view = dashboard?.references.find((reference) => reference.name === name)?.id
      const ordered = columnOrder.map((id) => [id, columns[id]!] as const)
      const [figureId, figure] = ordered.at(-1)!
      return {
        panel: panel.title,
        pattern: objects.find(({ type, id }) => type === 'index-pattern' && id === view)?.attributes.title ?? '',
        fields: ordered
          .filter(([, { operationType }]) => operationType !== 'count')
          .map(([, { sourceField, operationType }]) => ({ field: sourceField, use: operationType })),
        body: {
          size: 0,
          query: query.query === '' ? { match_all: {} } : { query_string: { query: query.query } },
          aggs: aggregations(ordered),
        },
        buckets: columnOrder.slice(0, -1),
        figure: { name: figureId, isCount: figure.operationType === 'count' },
      }
    })
  })
}

function aggregations([first, ...inner]: readonly (readonly [id: string, column: Column])[]): object {
  if (first === undefined) return {}
  const [id, { operationType, sourceField: field, params }] = first
  if (operationType === 'count') return {}
  if (operationType === 'sum' || operationType === 'max') return { [id]: { [operationType]: { field } } }
  const aggs = aggregations(inner)
  if (operationType === 'date_histogram') return { [id]: { date_histogram: { field, fixed_interval: '10s' }, aggs } }
  // By a figure of its own: within the terms it may stand deeper, and then Lens repeats it here.
  const [figureId, figure] = inner.at(-1)!
  const order = figure.operationType === 'count' ? { _count: 'desc' } : { [figureId]: 'desc' }
  return { [id]: { terms: { field, size: params.size, order }, aggs: { ...aggregations([inner.at(-1)!]), ...aggs } } }
}
