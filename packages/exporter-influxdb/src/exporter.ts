import type { Exporter } from '@geneve-telemetry/core'
import { outcomeOf } from './answer.ts'
import { writePath } from './dialect.ts'
import { type InfluxdbOptions, type InfluxdbRecord, influxdb } from './influxdb.ts'
import { ensureReady } from './readiness.ts'
import { clientTransport, type InfluxdbClient, type InfluxdbTransport } from './transport.ts'

export interface InfluxdbExporterOptions extends InfluxdbOptions {
  /** An `InfluxDB` of `@influxdata/influxdb-client`, with the server's URL, token and all. Either this or `transport`. */
  readonly client?: InfluxdbClient
  /** Another way to the server, for example `fetchTransport(url, headers)`. */
  readonly transport?: InfluxdbTransport
  /** Organization and bucket, names or ids: needed by dialect v2. */
  readonly org?: string | undefined
  readonly bucket?: string | undefined
  /** Needed by the dialects v1 and v3. For VictoriaMetrics, the label `db` of all series. */
  readonly database?: string | undefined
  /** Whether requests go compressed; default true. */
  readonly gzip?: boolean
}

/**
 * Writes records as points. A point that is written twice is there once.
 *
 * @throws TypeError for an option that cannot be
 */
export function influxdbExporter(options: InfluxdbExporterOptions): Exporter<InfluxdbRecord> {
  const { client, transport, org, bucket, database, gzip = true, ...formatOptions } = options
  if ((client === undefined) === (transport === undefined))
    throw new TypeError('client, transport: one of them says how to reach the server')
  if (typeof gzip !== 'boolean') throw new TypeError(`gzip: ${String(gzip)} is neither true nor false`)
  const { dialect = 'v2' } = formatOptions
  const format = influxdb(formatOptions)
  const path = writePath({ dialect, org, bucket, database })
  const post = transport ?? clientTransport(client!)

  return {
    ...format,
    repeat: 'harmless',
    start: (signal) => ensureReady(post, dialect, path, signal),
    async send(batch, signal) {
      signal.throwIfAborted()
      const answer = await post({ path, body: format.body(batch), gzip }, signal)
      return outcomeOf(answer, batch.length, Date.now())
    },
  }
}
