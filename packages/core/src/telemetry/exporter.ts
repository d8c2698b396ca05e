import type { TelemetryRecord } from './record.ts'

/** A record in its backend's own form. It is batched, written, kept and sent again in this form, so nothing needs a second serialization. */
export interface Encoded {
  readonly id: string
  readonly kind: TelemetryRecord['kind']
  readonly bytes: Uint8Array
}

/** Why a record cannot be said in the backend's form. Counted by reason. */
export interface Rejected {
  readonly rejected: string
}

/** How a backend wants its records, without the way there. Pure: no clock, no I/O, nothing kept between calls. */
export interface Format<R extends TelemetryRecord = TelemetryRecord> {
  readonly name: string
  readonly accepts: readonly R['kind'][]
  /** The most one request may carry. */
  readonly limits: { readonly records: number; readonly bytes: number; readonly recordBytes: number }
  /** The name and suffix of a file of requests. */
  readonly fileName: string
  encode(record: R): Encoded | Rejected
  /** The request body of a batch; bodies written one after the other are a file that the backend's tools read. */
  body(batch: readonly Encoded[]): Uint8Array
  /** The same body in pieces, for a way that can write one behind the other: nothing is copied. Only where a format has it for nothing. */
  pieces?(batch: readonly Encoded[]): readonly Uint8Array[]
}

/**
 * What a backend said about a batch, by index. What is in neither list was delivered.
 */
export interface Outcome {
  /** May succeed later. */
  readonly retry: readonly number[]
  /** Never will. */
  readonly rejected: readonly { readonly index: number; readonly reason: string }[]
  /** Why those in `retry` did not arrive, for who gives them up in the end: `503 Service Unavailable`, `connection refused`. */
  readonly retryReason?: string
  readonly retryAfterMs?: number
  /** The request was too large (413): send it in halves. */
  readonly halve?: true
}

export const DELIVERED: Outcome = { retry: [], rejected: [] }

/**
 * A way to a backend. Keeps nothing between calls: no buffer, no timer, no retry; delivery has them, once for all.
 *
 * - `start` is called once, before the first `send`; it rejects if the backend can be known not to work, with a message for the operator.
 * - `send` resolves with what happened to each record; it rejects only if nothing is known of any (outcome uncertain).
 * - `signal` ends the call soon; what it then does to the batch counts as uncertain.
 * - `close` may come without `start`.
 */
export interface Exporter<R extends TelemetryRecord = TelemetryRecord> extends Format<R> {
  /** What sending a record a second time does. */
  readonly repeat: 'harmless' | 'duplicates' | 'counts-twice'
  start?(signal: AbortSignal): Promise<void>
  /** Puts into the backend what the records need there, as `start` does too where the operator lets it; twice is as once. Resolves with what there is now, a line each. */
  setup?(signal: AbortSignal): Promise<readonly string[]>
  send(batch: readonly Encoded[], signal: AbortSignal): Promise<Outcome>
  close?(): Promise<void>
}

/** Whether an encoder took the record. */
export function isRejected(encoded: Encoded | Rejected): encoded is Rejected {
  return 'rejected' in encoded
}

/** A request body for forms that need nothing between records: their bytes, one behind the other. */
export function joinedBytes(batch: readonly Encoded[]): Uint8Array {
  const body = new Uint8Array(batch.reduce((length, { bytes }) => length + bytes.byteLength, 0))
  let at = 0
  for (const piece of joinedPieces(batch)) {
    body.set(piece, at)
    at += piece.byteLength
  }
  return body
}

/** As `joinedBytes`, in pieces: one for all records that stand one behind the other already, as an encoder that cuts them from a larger array leaves them. */
export function joinedPieces(batch: readonly Encoded[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let index = 0; index < batch.length; ) {
    const { buffer, byteOffset } = batch[index]!.bytes
    let end = byteOffset
    for (; index < batch.length; index++) {
      const { bytes } = batch[index]!
      if (bytes.buffer !== buffer || bytes.byteOffset !== end) break
      end += bytes.byteLength
    }
    pieces.push(new Uint8Array(buffer, byteOffset, end - byteOffset))
  }
  return pieces
}
