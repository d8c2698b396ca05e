import type { Rejected } from './exporter.ts'
import type { TelemetryRecord } from './record.ts'

/** What became of records that a sink had taken. Those of which nothing is said go on waiting: the next push carries them again. */
export interface Receipt {
  readonly kind: TelemetryRecord['kind']
  readonly records: number
  readonly fate: 'delivered' | 'rejected' | 'dropped'
  /** Why they were not delivered. */
  readonly reason?: string
}

/**
 * A way to a backend through a client that makes its own requests of what it is given and repeats them itself, as the exporters of the OpenTelemetry SDK do.
 * Delivery must not do that a second time: it only says when, and counts. Where the client leaves that to its caller, an `Exporter` is the right thing.
 *
 * - `start` is called once, before the first `take`; it rejects if the backend can be known not to work, with a message for the operator.
 * - `push` resolves when the client has said what became of it; it never rejects.
 * - `signal` ends the call soon.
 * - After the last push what still waits is lost, and counted by who calls. `close` may come without `start`.
 */
export interface Sink<R extends TelemetryRecord = TelemetryRecord> {
  readonly name: string
  readonly accepts: readonly R['kind'][]
  /** What pushing a record a second time does. */
  readonly repeat: 'harmless' | 'duplicates' | 'counts-twice'
  start?(signal: AbortSignal): Promise<void>
  /** Takes a record for the next push, or says why not. Never waits. */
  take(record: R): Rejected | undefined
  /** Hands all that waits to the client. */
  push(signal: AbortSignal): Promise<readonly Receipt[]>
  close?(): Promise<void>
}
