import type { Encoded, Format, Rejected, TelemetryRecord } from '@geneve-telemetry/core'

/** A collector takes 4 MiB by gRPC and 20 MiB by HTTP. */
const LIMITS = { records: 1_000, bytes: 4_000_000, recordBytes: 1_000_000 }
const COMMA = 0x2c

/** How records of some kinds are said by the official serializer. */
export interface LinesOptions<R extends TelemetryRecord> {
  readonly name: string
  readonly fileName: string
  readonly kinds: readonly R['kind'][]
  /** What a request of this signal is a list of. */
  readonly list: 'resourceMetrics' | 'resourceLogs'
  /** A whole request with one record in it. */
  readonly serialize: (record: R) => Uint8Array | Rejected
}

/**
 * Records as OTLP/JSON, a request in a line. A record is one entry of the request's list, with its resource; so a batch is these entries one behind the other.
 */
export function lines<R extends TelemetryRecord>({ name, fileName, kinds, list, serialize }: LinesOptions<R>): Format<R> {
  const head = new TextEncoder().encode(`{"${list}":[`)
  const tail = new TextEncoder().encode(']}\n')
  return {
    name,
    fileName,
    accepts: kinds,
    limits: LIMITS,
    encode(record) {
      const request = serialize(record)
      if (!(request instanceof Uint8Array)) return request
      const bytes = request.slice(head.length, request.length - tail.length + 1)
      if (bytes.byteLength > LIMITS.recordBytes) return { rejected: `larger than ${LIMITS.recordBytes} bytes` }
      return { id: record.id, kind: record.kind, bytes }
    },
    body(batch: readonly Encoded[]) {
      const commas = Math.max(batch.length - 1, 0)
      const body = new Uint8Array(batch.reduce((length, { bytes }) => length + bytes.byteLength, head.length + commas + tail.length))
      body.set(head)
      let at = head.length
      for (const { bytes } of batch) {
        if (at > head.length) body[at++] = COMMA
        body.set(bytes, at)
        at += bytes.byteLength
      }
      body.set(tail, at)
      return body
    },
  }
}
