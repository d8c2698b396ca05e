import { type Format, joinedBytes, joinedPieces, type Rejected, type TelemetryRecord, type Vendor } from '@geneve-telemetry/core'
import { EcsNames } from './ecs-names.ts'
import { flowDocument } from './flow-document.ts'
import { flat, quote } from './json.ts'
import { DATASETS, metricDocument, type Rollup } from './metric-document.ts'
import { packetDocument } from './packet-document.ts'
import { PacketLines } from './packet-lines.ts'
import { Slab } from './slab.ts'
import { TELEMETRY_DATASET, telemetryDocument } from './telemetry-document.ts'
import { slabEncoder } from './utf8.ts'

export interface ElasticsearchOptions {
  /** The last part of the data streams' names. Default `default`. */
  readonly namespace?: string
  /**
   * Where metric records go. `history` (default): `metrics-geneve.history-*`, documents of whatever time with an id. `time-series`:
   * `metrics-geneve.rollup-*`, a time series data stream, which takes no id and only the present.
   */
  readonly rollup?: Rollup
  /** Whose fields have their ECS names in the documents. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
}

const NAMESPACE = /^[a-z0-9][a-z0-9._]{0,99}$/
/** A server takes 100 MB in one request; it is fastest with a few, and an answer for 10,000 items is long. */
const LIMITS = { records: 10_000, bytes: 5_000_000, recordBytes: 1_000_000 }
/** Elasticsearch's limit for `_id`. */
const MOST_ID_BYTES = 512

/**
 * Records as ECS documents in the lines that `_bulk` takes. Packets go to `logs-geneve.packet-*`, flows to `logs-geneve.flow-*`, telemetry records to
 * `logs-geneve.telemetry-*`, metrics see `ElasticsearchOptions.rollup`. Data streams take only `create`; with the record's id, the same record twice is one document.
 *
 * @throws TypeError for an option that cannot be
 */
export function elasticsearch(options: ElasticsearchOptions = {}): Format {
  const { namespace = 'default', rollup = 'history', vendors = [] } = options
  if (!NAMESPACE.test(namespace)) {
    throw new TypeError(`namespace: "${namespace}" is not 1 to 100 characters of a-z, 0-9, "." and "_" that begin with a letter or digit`)
  }
  if (!Object.hasOwn(DATASETS, rollup)) throw new TypeError(`rollup: "${rollup}" is not one of ${Object.keys(DATASETS).join(', ')}`)
  const names = new EcsNames(vendors)
  const slab = new Slab()
  const utf8 = slabEncoder(slab)
  const create = {
    packet: flat(`{"create":{"_index":"logs-geneve.packet-${namespace}","_id":`),
    flow: `{"create":{"_index":"logs-geneve.flow-${namespace}","_id":`,
    telemetry: `{"create":{"_index":"logs-${TELEMETRY_DATASET}-${namespace}","_id":`,
    metric: `{"create":{"_index":"metrics-${DATASETS[rollup]}-${namespace}"`,
  }
  const packetLines = new PacketLines(create.packet, names, slab)

  /** The action's line but for its end. A time series makes its own ids, of labels and time, and refuses any other. */
  function action({ kind, id }: TelemetryRecord): string {
    if (kind !== 'metric') return create[kind] + quote(id)
    return rollup === 'history' ? `${create.metric},"_id":${quote(id)}` : create.metric
  }

  function document(record: TelemetryRecord): string | Rejected {
    switch (record.kind) {
      case 'packet':
        return packetDocument(record, names)
      case 'flow':
        return flowDocument(record, names)
      case 'telemetry':
        return telemetryDocument(record, names)
      case 'metric':
        return metricDocument(record, names, rollup)
    }
  }

  return {
    name: 'elasticsearch',
    accepts: ['packet', 'telemetry', 'flow', 'metric'],
    limits: LIMITS,
    fileName: 'bulk.ndjson',
    encode(record) {
      if (!isId(record.id)) return { rejected: `the id is not 1 to ${MOST_ID_BYTES} bytes` }
      const plain = record.kind === 'packet' ? packetLines.write(record) : undefined
      if (plain !== undefined) return { id: record.id, kind: record.kind, bytes: plain }
      const text = document(record)
      if (typeof text !== 'string') return text
      const bytes = utf8(`${action(record)}}}\n${text}\n`)
      if (bytes.byteLength > LIMITS.recordBytes) return { rejected: `larger than ${LIMITS.recordBytes} bytes` }
      return { id: record.id, kind: record.kind, bytes }
    },
    body: joinedBytes,
    pieces: joinedPieces,
  }
}

function isId(id: string): boolean {
  if (id.length * 3 <= MOST_ID_BYTES) return id !== ''
  return id.length <= MOST_ID_BYTES && new TextEncoder().encode(id).byteLength <= MOST_ID_BYTES
}
