import type { Vendor } from '@geneve-telemetry/core'
import type { Rollup } from './metric-document.ts'
import { DATASETS } from './metric-document.ts'
import { type Fields, logFields, metricFields, properties, type Unsigned } from './properties.ts'
import type { ServerName } from './server.ts'
import { TELEMETRY_DATASET } from './telemetry-document.ts'

export interface TemplateOptions {
  readonly server: ServerName
  /** How long data streams keep their data, as Elasticsearch writes it. OpenSearch has no such thing in its templates. */
  readonly retention: string
  /** Whose fields have a type of their own. */
  readonly vendors: readonly Vendor[]
  /** What unsigned numbers of 64 bits are. Default `unsigned_long`; a server without it has `long`, and refuses numbers above 2^63 - 1. */
  readonly unsigned?: Unsigned
}

/** A template as it is put to the server. */
export interface Template {
  readonly kind: 'component' | 'index'
  readonly name: string
  readonly body: object
  /** The operator's own: put only where there is none. */
  readonly keep?: true
}

/** Above the built-in ones for `logs-*-*` and `metrics-*-*`, which have 100. */
const PRIORITY = 200
const MAPPINGS = 'geneve-mappings@package'
const METRICS = 'geneve-metrics@package'
const SETTINGS = 'geneve-settings@package'
/** Never written by us where the server can do without it; what stands there wins over ours. */
const CUSTOM = 'geneve@custom'
/**
 * Documents are kept as they came: made anew from the indexed fields, they would have lost the nanoseconds of their times. And what cannot be indexed is refused:
 * logsdb would take the document, say that all is well, and not find it by that field.
 */
const LOGS = { mode: 'logsdb', mapping: { source: { mode: 'stored' }, ignore_malformed: false } }
/** What vendors tell that are in no table: texts are to be found as they are, not word by word, and fractions are doubles, as they are here. */
const UNLISTED = [
  { texts: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } },
  { fractions: { match_mapping_type: 'double', mapping: { type: 'double' } } },
]

/** All templates in the order in which they can be put. */
export function templates({ server, retention, vendors, unsigned }: TemplateOptions): readonly Template[] {
  const isElasticsearch = server === 'elasticsearch'
  const component = (name: string, template: object): Template => ({ kind: 'component', name, body: { template, _meta: META } })
  const mapped = (name: string, fields: Fields): Template =>
    component(name, { mappings: { dynamic_templates: UNLISTED, properties: properties(fields) } })
  const streams = [
    stream('logs', 'geneve.flow', MAPPINGS, LOGS),
    stream('logs', 'geneve.packet', MAPPINGS, LOGS),
    stream('logs', TELEMETRY_DATASET, MAPPINGS, LOGS),
    stream('metrics', datasetOf('history'), METRICS, {}),
    ...(isElasticsearch ? [stream('metrics', datasetOf('time-series'), METRICS, { mode: 'time_series' })] : []),
  ]
  return [
    mapped(MAPPINGS, logFields(vendors, unsigned)),
    mapped(METRICS, metricFields(vendors, isElasticsearch)),
    component(SETTINGS, {
      settings: { index: { mapping: { total_fields: { limit: 2000 } } } },
      ...(isElasticsearch ? { lifecycle: { data_retention: retention } } : {}),
    }),
    ...(isElasticsearch ? [] : [{ ...component(CUSTOM, {}), keep: true } as const]),
    ...streams,
  ]

  function stream(type: 'logs' | 'metrics', dataset: string, mappings: string, index: object): Template {
    const own = `${type}-${dataset}@custom`
    const body = {
      index_patterns: [`${type}-${dataset}-*`],
      priority: PRIORITY,
      data_stream: {},
      composed_of: isElasticsearch ? [mappings, SETTINGS, CUSTOM, own] : [mappings, SETTINGS, CUSTOM],
      ...(isElasticsearch ? { ignore_missing_component_templates: [CUSTOM, own] } : {}),
      template: {
        ...(isElasticsearch ? { settings: { index } } : {}),
        mappings: {
          properties: properties(
            new Map([
              ['data_stream.type', { type: 'constant_keyword', value: type }],
              ['data_stream.dataset', { type: 'constant_keyword', value: dataset }],
            ]),
          ),
        },
      },
      _meta: META,
    }
    return { kind: 'index', name: `${type}-${dataset}`, body }
  }
}

const META = {
  description: 'Installed by geneve-telemetry; write your own settings into the component template geneve@custom.',
  managed_by: 'geneve-telemetry',
}

function datasetOf(rollup: Rollup): string {
  return DATASETS[rollup]
}
