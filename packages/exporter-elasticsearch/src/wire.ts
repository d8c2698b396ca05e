import type { Exporter, Format, Wire, Wiring } from '@geneve-telemetry/core'
import { addressOf, basicAuth, caOf, nonEmpty, setupOf } from './address.ts'
import { type ElasticClient, elasticTransport } from './client-transport.ts'
import { elasticsearch } from './elasticsearch.ts'
import { elasticsearchExporter } from './exporter.ts'
import { installed } from './installed.ts'

const PARAMETERS = ['namespace', 'setup', 'ca', 'cloud_id', 'retention']

/**
 * Elasticsearch for a program: `http(s)://[USER:PASSWORD@]HOST[:9200][/PATH][?namespace=…&setup=off&ca=FILE&cloud_id=…&retention=30d]`. Credentials are also read
 * from ELASTICSEARCH_USERNAME and _PASSWORD, or _API_KEY, which goes before them; ELASTICSEARCH_CLOUD_ID and ELASTICSEARCH_CA_FILE are taken where the URL says
 * nothing of them. A cloud id goes before the host of the URL. Without URL it is the format for files.
 */
export const wire: Wire = (wiring: Wiring): Format | Promise<Exporter> => {
  const { url, vendors, live } = wiring
  const rollup = live ? 'time-series' : 'history'
  return url === undefined ? elasticsearch({ vendors, rollup }) : connected(wiring, url, rollup)
}

async function connected(wiring: Wiring, url: URL, rollup: 'time-series' | 'history'): Promise<Exporter> {
  const { environment, vendors } = wiring
  const address = addressOf(url, PARAMETERS)
  const setup = setupOf(address)
  const basic = basicAuth(address, environment, 'ELASTICSEARCH')
  // What the URL says is meant for this server; a key in the environment goes before user and password there.
  const apiKey = address.username === undefined ? nonEmpty(environment['ELASTICSEARCH_API_KEY']) : undefined
  const ca = await caOf(address, wiring, 'ELASTICSEARCH_CA_FILE')
  const cloudId = address.query.get('cloud_id') ?? nonEmpty(environment['ELASTICSEARCH_CLOUD_ID'])
  const auth = apiKey === undefined ? basic : { apiKey }
  const { Client } = await installed(() => import('@elastic/elasticsearch'), '@elastic/elasticsearch')
  const client: ElasticClient = new Client({
    ...(cloudId === undefined ? { node: address.node } : { cloud: { id: cloudId } }),
    ...(auth === undefined ? {} : { auth }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  })
  const namespace = address.query.get('namespace')
  const retention = address.query.get('retention')
  return elasticsearchExporter({
    transport: elasticTransport(client),
    vendors,
    rollup,
    setup,
    place: cloudId === undefined ? address.node : 'the cloud id',
    ...(namespace === undefined ? {} : { namespace }),
    ...(retention === undefined ? {} : { retention }),
  })
}
