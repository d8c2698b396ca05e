import type { Name, Rejected, ToldRecord, ToldValue, Vendor } from '@geneve-telemetry/core'
import { instantNanos, originOf, unlistedName } from '@geneve-telemetry/core'
import { attributeNames, OBSERVER, ORIGIN, SUBJECT_ID, SUBJECT_TYPE, sayable, TOLD_PACKETS, TOLD_REASON } from './attributes.ts'
import { timeOf } from './figure.ts'
import { type FlowEvent, INFO, isSayable } from './flow-events.ts'
import { VENDOR } from './told-labels.ts'

export interface ToldEventOptions {
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
  /** Default: `geneve.telemetry`. */
  readonly eventName?: string
}

/** What was told of a subject as a log record of OpenTelemetry, at the time of the last packet that carried some of it. */
export type ToldEvent = FlowEvent

/** Says telemetry records as log events, with all that was told: what metrics cannot say, texts and whole numbers above 2^53 - 1, stands here. */
export class ToldEvents {
  readonly #names: ReadonlyMap<string, Name>
  readonly #eventName: string

  /** @throws TypeError for an option that cannot be */
  constructor(options: ToldEventOptions = {}) {
    const { eventName = 'geneve.telemetry' } = options
    if (eventName === '') throw new TypeError('eventName: an event has a name')
    this.#eventName = eventName
    this.#names = attributeNames(options.vendors)
  }

  /** The event of a telemetry record; or why there is none. */
  event(record: ToldRecord): ToldEvent | Rejected {
    const { id, observer, time, vendor, subject, reason, packets, values } = record
    if (instantNanos(time) === undefined) return { rejected: 'the time is not within the years 1970 to 2262' }
    const attributes: ToldEvent['attributes'] = {
      [OBSERVER]: observer,
      [ORIGIN]: originOf(id),
      [VENDOR]: vendor,
      [SUBJECT_TYPE]: subject.type,
      [SUBJECT_ID]: subject.id,
      [TOLD_REASON]: reason,
      [TOLD_PACKETS]: packets,
    }
    for (const [field, value] of Object.entries(values)) {
      const { otel } = this.#names.get(field) ?? unlistedName(field)
      if (Object.hasOwn(attributes, otel)) return { rejected: `two attributes are called ${otel}` }
      attributes[otel] = attributeOf(value)
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === 'number' && !isSayable(value)) return { rejected: `${name} is ${value}` }
    }
    return { eventName: this.#eventName, timestamp: timeOf(time), severityNumber: INFO, attributes }
  }
}

/** A whole number above 2^53 - 1 is its digits: the SDK has doubles, and writes the whole ones as integers of 64 bits. */
function attributeOf(value: ToldValue): ToldEvent['attributes'][string] {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'object') return [...value]
  return typeof value === 'boolean' ? value : sayable(value)
}
