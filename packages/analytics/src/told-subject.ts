import type { Instant, Subject, ToldRecord, ToldValue, ToldValues } from '@geneve-telemetry/core'
import type { KnownRecord } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { MetricOrigin } from './measurement.ts'
import type { Told } from './told.ts'

interface Kept {
  value: ToldValue
  /** When it was last said. */
  seconds: number
}

/** What is known of one subject: the last value of each field. */
export class ToldSubject {
  readonly key: string
  readonly record: KnownRecord
  readonly subject: Subject
  /** Grows with each value that is new; no two subjects ever have the same one. */
  version = 0
  /** Of packets since its last record. */
  packets = 0
  /** Number and time of the last packet; of the time, the latest. */
  frame = 0
  seconds: number = Number.NEGATIVE_INFINITY
  nanos = 0
  /** What there is to say of it once the second is over. */
  pending: 'new' | 'change' | undefined = 'new'
  isOpen = true
  readonly #kept = new Map<string, Kept>()
  readonly #keepSeconds: number

  constructor(key: string, record: KnownRecord, subject: Subject, keepSeconds: number) {
    this.key = key
    this.record = record
    this.subject = subject
    this.#keepSeconds = keepSeconds
  }

  /** Counts a packet that carried something of it. */
  count({ frame, seconds, nanos }: PacketView): void {
    this.packets++
    this.frame = frame
    if (seconds < this.seconds || (seconds === this.seconds && nanos <= this.nanos)) return
    this.seconds = seconds
    this.nanos = nanos
  }

  /** Takes in what a packet of this second says. Sets `version` to `next` if it is anything new; returns whether an identity or a state is. */
  take({ values, states }: Told, seconds: number, next: number): boolean {
    let isNews = false
    for (const name in values) {
      const value = values[name]!
      const kept = this.#kept.get(name)
      const isKnown = kept !== undefined && !this.#isOver(kept, seconds) && isEqual(kept.value, value)
      if (!isKnown) {
        this.version = next
        isNews ||= states.has(name)
      }
      if (kept === undefined) this.#kept.set(name, { value, seconds })
      else {
        kept.value = value
        if (seconds > kept.seconds) kept.seconds = seconds
      }
    }
    return isNews
  }

  /** Its record now; the next one counts packets from here on. */
  recordOf(reason: ToldRecord['reason'], { origin, observer }: MetricOrigin): ToldRecord {
    const { record, subject, packets, frame } = this
    const { vendor, profile } = record
    const time: Instant = { seconds: this.seconds, nanos: this.nanos }
    this.packets = 0
    return {
      kind: 'telemetry',
      // A packet has one record of a class, and so one subject.
      id: `${origin}-t${frame}-${profile.optionClass}-${reason}`,
      observer,
      time,
      vendor,
      subject,
      reason,
      packets,
      values: this.#values(),
    }
  }

  #values(): ToldValues {
    const values: Record<string, ToldValue> = {}
    for (const [name, kept] of this.#kept) {
      if (this.#isOver(kept, this.seconds)) this.#kept.delete(name)
      else values[name] = kept.value
    }
    return values
  }

  #isOver({ seconds }: Kept, now: number): boolean {
    return now - seconds >= this.#keepSeconds
  }
}

function isEqual(one: ToldValue, other: ToldValue): boolean {
  if (one === other) return true
  if (!Array.isArray(one) || !Array.isArray(other)) return false
  return one.length === other.length && one.every((text, index) => text === other[index])
}
