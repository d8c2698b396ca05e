import type { Analyzer, Emit, FlowView, Instant, MetricRecord, MetricSource, ToldRecord } from '@geneve-telemetry/core'
import type { KnownRecord } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'
import { FlowFrames } from './flow-frames.ts'
import { IntervalSums } from './interval-sums.ts'
import type { ToldPart } from './told-part.ts'
import { ToldReader } from './told-reader.ts'
import { RecordIssueSeries, RecordSeries } from './told-series.ts'
import { ToldSubject } from './told-subject.ts'
import { type ToldCounts, type ToldTotals, toldTotals } from './told-totals.ts'

const DEFAULT_INTERVAL_SECONDS = 60
const DEFAULT_KEEP_SECONDS = 600
const DEFAULT_MAX_SUBJECTS = 10_000
const DEFAULT_MAX_SERIES = 10_000

export interface ToldRecordsOptions {
  /** What ids begin with: the source's name. */
  readonly origin: string
  readonly observer: string
  /** Whose records there are, and what their fields mean: core's `OptionTable`. */
  readonly optionTable: { readonly records: ReadonlyMap<number, KnownRecord> }
  /** How often a subject is told of while packets carry it, in whole seconds; 60 if not given. */
  readonly intervalSeconds?: number
  /** How long a field is kept that is not repeated, and a subject, in whole seconds; 600 if not given. */
  readonly keepSeconds?: number
  /** Subjects at a time, 1 to 1,000,000; 10,000 if not given. The one told of least recently, to the second, ends to make room. */
  readonly maxSubjects?: number
  /** Series of issues, by field and kind, 1 to 1,000,000; 10,000 if not given. What is beyond them is summed in one more. */
  readonly maxSeries?: number
}

/**
 * Follows what the telemetry records of packets say: the last value of each field, subject by subject. A record goes out when a subject is new or one of its
 * identities or states has changed, both once the second is over, so that what is told many times a second, or in several packets, is said once; at each
 * interval's end for those that packets have carried since; and at the end of each. Beside these are metric records: how many records there were, and what
 * was wrong with their fields.
 */
export class ToldRecords implements Analyzer, MetricSource {
  readonly name: string = 'told'
  readonly #options: ToldRecordsOptions
  readonly #keepSeconds: number
  readonly #intervalSeconds: number
  readonly #maxSubjects: number
  readonly #series: RecordSeries
  readonly #issues: RecordIssueSeries
  readonly #sums: IntervalSums
  readonly #reader: ToldReader
  readonly #flows = new FlowFrames()
  /** The one told of least recently comes first. */
  readonly #subjects = new Map<string, ToldSubject>()
  #pending: ToldSubject[] = []
  /** Until the watermark is there. */
  #due: ToldRecord[] = []
  /** The latest second so far, and the one in which the interval ends. */
  #now = Number.NEGATIVE_INFINITY
  #intervalEnd = Number.POSITIVE_INFINITY
  #versions = 0
  #opened = 0
  #evicted = 0

  /** Throws RangeError on an option that cannot be. */
  constructor(options: ToldRecordsOptions) {
    const { intervalSeconds = DEFAULT_INTERVAL_SECONDS, keepSeconds = DEFAULT_KEEP_SECONDS } = options
    const { maxSubjects = DEFAULT_MAX_SUBJECTS, maxSeries = DEFAULT_MAX_SERIES } = options
    if (!Number.isInteger(keepSeconds) || keepSeconds < 1)
      throw new RangeError(`keepSeconds: ${keepSeconds} is not a whole number of seconds from 1`)
    checkMany('maxSubjects', maxSubjects, 'subjects')
    checkMany('maxSeries', maxSeries, 'series')
    const records = [...options.optionTable.records.values()]
    this.#options = options
    this.#keepSeconds = keepSeconds
    this.#intervalSeconds = intervalSeconds
    this.#maxSubjects = maxSubjects
    this.#series = new RecordSeries(records)
    this.#issues = new RecordIssueSeries(records, maxSeries)
    this.#sums = new IntervalSums([this.#series, this.#issues], options, intervalSeconds)
    this.#reader = new ToldReader(options.origin, records, this.#issues)
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    const { seconds } = packet
    this.#sums.goOnTo(seconds, packet.nanos)
    if (seconds > this.#now) this.#goOnTo(seconds)
    if (flow?.isNew) this.#flows.begin(flow.row, packet.frame)
    if (packet.record < 0) return
    const parts = this.#reader.partsOf(packet)
    for (let index = 0; index < parts.length; index++) this.#take(parts[index]!, packet, flow)
  }

  advance(watermark: Instant, emit: Emit): void {
    this.#sums.advance(watermark, emit)
    if (watermark.seconds > this.#now && this.#now !== Number.NEGATIVE_INFINITY) this.#goOnTo(watermark.seconds)
    const due = this.#due
    this.#due = []
    for (const record of due) {
      if (isAfter(record.time, watermark)) this.#due.push(record)
      else emit(record)
    }
  }

  finish(emit: Emit): void {
    this.#tellPending()
    for (const subject of this.#subjects.values()) this.#end(subject)
    for (const record of this.#due) emit(record)
    this.#due = []
    this.#sums.finish(emit)
  }

  /** The sums since the first packet. */
  collect(): readonly MetricRecord[] {
    return this.#sums.collect()
  }

  /** The same for people. */
  totals(): ToldTotals {
    return toldTotals(this.#series, this.#issues)
  }

  get counts(): ToldCounts {
    return { opened: this.#opened, open: this.#subjects.size, evicted: this.#evicted }
  }

  #take(found: ToldPart, packet: PacketView, flow: FlowView | undefined): void {
    const frame = found.isOfFlow && flow !== undefined ? this.#flows.frameOf(flow.row) : 0
    const part = frame === 0 ? found : this.#reader.ofFlow(found, frame)
    const { told, holder } = part
    this.#series.count(told.row, told.options, part.subject !== undefined)
    this.#issues.count(told.issues)
    if (holder?.isOpen && part.version === holder.version && part.second === packet.seconds) holder.count(packet)
    else this.#tell(part, packet)
  }

  /** The part is not known to say nothing new, or has not been heard in this second. */
  #tell(part: ToldPart, packet: PacketView): void {
    if (part.subject === undefined) return
    const subject = this.#hold(part)
    subject.count(packet)
    const isNews = subject.take(part.told, packet.seconds, ++this.#versions)
    if (isNews && subject.pending === undefined) {
      subject.pending = 'change'
      this.#pending.push(subject)
    }
    part.version = subject.version
    part.second = packet.seconds
  }

  /** The subject that the part tells of, as the latest. */
  #hold(part: ToldPart): ToldSubject {
    const { record } = part.told
    const { type, id } = part.subject!
    const key = part.holder?.key ?? `${record.profile.optionClass} ${type} ${id}`
    let subject = this.#subjects.get(key)
    if (subject === undefined) {
      if (this.#subjects.size === this.#maxSubjects) this.#evict()
      subject = new ToldSubject(key, record, part.subject!, this.#keepSeconds)
      this.#opened++
      this.#pending.push(subject)
    } else this.#subjects.delete(key)
    this.#subjects.set(key, subject)
    part.holder = subject
    return subject
  }

  #evict(): void {
    for (const oldest of this.#subjects.values()) {
      this.#end(oldest)
      this.#evicted++
      return
    }
  }

  /** It is this second now: the one before is over, perhaps the interval, and perhaps the time of some. */
  #goOnTo(now: number): void {
    this.#tellPending()
    if (now >= this.#intervalEnd) {
      for (const subject of this.#subjects.values()) if (subject.packets > 0) this.#say(subject, 'interval')
    }
    for (const subject of this.#subjects.values()) {
      if (now - subject.seconds < this.#keepSeconds) break
      this.#end(subject)
    }
    this.#now = now
    this.#intervalEnd = (Math.floor(now / this.#intervalSeconds) + 1) * this.#intervalSeconds
  }

  #tellPending(): void {
    for (const subject of this.#pending) this.#sayPending(subject)
    this.#pending = []
  }

  #sayPending(subject: ToldSubject): void {
    if (subject.pending !== undefined) this.#say(subject, subject.pending)
    subject.pending = undefined
  }

  #end(subject: ToldSubject): void {
    this.#sayPending(subject)
    this.#say(subject, 'end')
    subject.isOpen = false
    this.#subjects.delete(subject.key)
  }

  #say(subject: ToldSubject, reason: ToldRecord['reason']): void {
    this.#due.push(subject.recordOf(reason, this.#options))
  }
}

function checkMany(option: string, value: number, unit: string): void {
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new RangeError(`${option}: ${value} is not a number of ${unit} from 1 to 1000000`)
}

function isAfter(one: Instant, other: Instant): boolean {
  return one.seconds > other.seconds || (one.seconds === other.seconds && one.nanos > other.nanos)
}
