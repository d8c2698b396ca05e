import type { Exporter, Format, Wire, Wiring } from '@geneve-telemetry/core'
import { addressOf, basicAuth, caOf, setupOf } from './address.ts'
import { type OpenSearchClient, openSearchTransport } from './client-transport.ts'
import { elasticsearch } from './elasticsearch.ts'
import { elasticsearchExporter } from './exporter.ts'
import { installed } from './installed.ts'

const PARAMETERS = ['namespace', 'setup', 'ca']

/**
 * OpenSearch for a program: `http(s)://[USER:PASSWORD@]HOST[:9200][/PATH][?namespace=…&setup=off&ca=FILE]`. User and password are also read from
 * OPENSEARCH_USERNAME and _PASSWORD, the CA from OPENSEARCH_CA_FILE. Without URL it is the format for files.
 */
export const openSearchWire: Wire = (wiring: Wiring): Format | Promise<Exporter> => {
  const { url, vendors } = wiring
  return url === undefined ? { ...elasticsearch({ vendors }), name: 'opensearch' } : connected(wiring, url)
}

async function connected(wiring: Wiring, url: URL): Promise<Exporter> {
  const address = addressOf(url, PARAMETERS)
  const setup = setupOf(address)
  const auth = basicAuth(address, wiring.environment, 'OPENSEARCH')
  const ca = await caOf(address, wiring, 'OPENSEARCH_CA_FILE')
  const { Client } = await installed(() => import('@opensearch-project/opensearch'), '@opensearch-project/opensearch')
  const client: OpenSearchClient = new Client({
    node: address.node,
    ...(auth === undefined ? {} : { auth }),
    ...(ca === undefined ? {} : { ssl: { ca } }),
  })
  const namespace = address.query.get('namespace')
  return elasticsearchExporter({
    transport: openSearchTransport(client),
    server: 'opensearch',
    vendors: wiring.vendors,
    setup,
    place: address.node,
    ...(namespace === undefined ? {} : { namespace }),
  })
}
