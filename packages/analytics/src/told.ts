import type { ToldValues } from '@geneve-telemetry/core'
import type { KnownRecord } from '@geneve-telemetry/core/vendors'

/** What all packets with the same record in the same words say. */
export interface Told {
  readonly record: KnownRecord
  /** The record's number among those of the option table. */
  readonly row: number
  /** How many options it is made of. */
  readonly options: number
  /** The rows of `RecordIssueSeries` for what is wrong with it. */
  readonly issues: readonly number[]
  readonly values: ToldValues
  /** Names of fields that are identities or states: another value is news. */
  readonly states: ReadonlySet<string>
}
