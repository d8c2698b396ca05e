import type { Subject } from '@geneve-telemetry/core'
import type { Told } from './told.ts'
import type { ToldSubject } from './told-subject.ts'

/** What packets say of one subject: what a packet is looked up as, so that it need not be read again. */
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
