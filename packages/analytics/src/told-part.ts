import type { Subject, ToldValues } from '@geneve-telemetry/core'
import type { KnownRecord } from '@geneve-telemetry/core/vendors'
import type { ToldSubject } from './told-subject.ts'

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

/** The same said of one subject: what a packet is looked up as, so that it need not be read again. */
export class ToldPart {
  readonly told: Told
  readonly subject: Subject | undefined
  /** Whether another flow would be another subject. */
  readonly isOfFlow: boolean
  /** Tells it from others in a memo. */
  readonly number: number
  /** Whose fields it was taken into last; as long as `version` is the subject's, it says nothing that is not there. */
  holder: ToldSubject | undefined
  version = -1
  /** The second in which that was. */
  second = -1

  constructor(told: Told, subject: Subject | undefined, isOfFlow: boolean, number: number) {
    this.told = told
    this.subject = subject
    this.isOfFlow = isOfFlow
    this.number = number
  }
}
