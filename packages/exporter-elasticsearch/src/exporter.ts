import type { Exporter } from '@geneve-telemetry/core'
import { joinedBytes, joinedPieces } from '@geneve-telemetry/core'
import { ANSWER_FIELDS, outcomeOf } from './bulk-answer.ts'
import { type ElasticsearchOptions, elasticsearch } from './elasticsearch.ts'
import { type ServerName, startFailure } from './server.ts'
import { installTemplates } from './setup.ts'
import type { BulkTransport } from './transport.ts'

export interface ElasticsearchExporterOptions extends ElasticsearchOptions {
  /** The way there: `elasticTransport`, `openSearchTransport`, `fetchTransport`, or another. */
  readonly transport: BulkTransport
  /** Whose server it is. Default `elasticsearch`. OpenSearch has other templates, and no time series data streams. */
  readonly server?: ServerName
  /** Whether `start` installs the templates. Default `install`; with `off` somebody else has, for example `setup`. */
  readonly setup?: 'install' | 'off'
  /** How long data are kept, as Elasticsearch writes it (`7d`). Default `30d`; OpenSearch keeps them until something else deletes them. */
  readonly retention?: string
  /** What stands before the server's own messages to the operator, for example its address. Default: the server's name. */
  readonly place?: string
}

const RETENTION = /^[1-9]\d{0,5}(?:d|h|m|s)$/
const SETUPS = ['install', 'off']
const BULK = `/_bulk?filter_path=${ANSWER_FIELDS}`

/**
 * Sends records to Elasticsearch or OpenSearch, as `elasticsearch` says them. Sending a record a second time is harmless: its id, or in a time series its labels
 * and time, are there already, which the server answers with 409. Closing the exporter closes the transport.
 *
 * @throws TypeError for an option that cannot be
 */
export function elasticsearchExporter(options: ElasticsearchExporterOptions): Exporter {
  const { transport, server = 'elasticsearch', setup = 'install', retention = '30d', place = server } = options
  if (server !== 'elasticsearch' && server !== 'opensearch')
    throw new TypeError(`server: "${server}" is not one of elasticsearch, opensearch`)
  if (!SETUPS.includes(setup)) throw new TypeError(`setup: "${setup}" is not one of ${SETUPS.join(', ')}`)
  if (!RETENTION.test(retention)) throw new TypeError(`retention: "${retention}" is not a number of d, h, m or s, such as 7d`)
  if (server === 'opensearch' && options.rollup === 'time-series') {
    throw new TypeError('rollup: OpenSearch has no time series data streams; leave it out')
  }
  const format = elasticsearch(options)
  const install = (signal: AbortSignal): Promise<readonly string[]> =>
    installTemplates(transport, { server, retention, place, vendors: options.vendors ?? [] }, signal)

  return {
    ...format,
    name: server,
    repeat: 'harmless',
    async start(signal) {
      const failure = await startFailure(transport, server, signal)
      if (failure !== undefined) throw new Error(`${place}: ${failure}`)
      if (setup === 'install') await install(signal)
    },
    setup: install,
    async send(batch, signal) {
      const pieces = joinedPieces(batch)
      const body = pieces.length === 1 ? pieces[0]! : joinedBytes(batch)
      const headers = { 'content-type': 'application/x-ndjson' }
      return outcomeOf(await transport.request({ method: 'POST', path: BULK, headers, body }, signal), batch.length, Date.now())
    },
    close: async () => transport.close?.(),
  }
}
