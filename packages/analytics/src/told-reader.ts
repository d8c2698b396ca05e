import { flowId, Memo, type Subject } from '@geneve-telemetry/core'
import type { DecodedRecord, KnownRecord, RecordProfile } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { Told } from './told.ts'
import { ToldPart } from './told-part.ts'
import type { RecordIssueSeries } from './told-series.ts'

/** |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5 */
const HEADER_LENGTH = 4
const WORD = 4
/** All options of a packet. */
const MOST_WORDS = 63
const SLOTS = 8192
const FLOW_SLOTS = 8192
const CLASSES = 65_536
const NO_BYTES: DataView = new DataView(new ArrayBuffer(0))
/** Any name of a flow. */
const SOME_FLOW = 'flow'

/** Reads the telemetry records of packets. What was read once is known by its bytes. */
export class ToldReader {
  readonly #origin: string
  readonly #records: readonly KnownRecord[]
  readonly #issues: RecordIssueSeries
  readonly #isRecord = new Uint8Array(CLASSES)
  /** By profile: names of fields that are identities or states. */
  readonly #states: readonly ReadonlySet<string>[]
  /** By the options' bytes. */
  readonly #parts = new Memo<readonly ToldPart[]>(SLOTS, MOST_WORDS)
  /** By the part and the flow. */
  readonly #ofFlows = new Memo<ToldPart>(FLOW_SLOTS, 0)
  #lastNumber = 0

  constructor(origin: string, records: readonly KnownRecord[], issues: RecordIssueSeries) {
    this.#origin = origin
    this.#records = records
    this.#issues = issues
    this.#states = records.map(({ profile }) => statesOf(profile))
    for (const { profile } of records) this.#isRecord[profile.optionClass] = 1
  }

  /** The records of a packet that has one. */
  partsOf({ view, record, optionsEnd }: PacketView): readonly ToldPart[] {
    const words = (this.#endOf(view, record, optionsEnd) - record) >> 2
    return this.#parts.get(view, record, words) ?? this.#parts.set(view, record, words, this.#read(view, record, record + words * WORD))
  }

  /** The same said of a flow, which its first frame names. */
  ofFlow(part: ToldPart, frame: number): ToldPart {
    const known = this.#ofFlows.get(NO_BYTES, 0, 0, part.number, frame | 0)
    return known ?? this.#ofFlows.set(NO_BYTES, 0, 0, this.#bind(part, flowId(this.#origin, frame)), part.number, frame | 0)
  }

  /** Where the last option ends that is a record's: what the others behind it say makes no difference. */
  #endOf(view: DataView, start: number, optionsEnd: number): number {
    const isRecord = this.#isRecord
    let end = start
    for (let at = start; at < optionsEnd; ) {
      const word = view.getInt32(at)
      at += HEADER_LENGTH + (word & 0x1f) * WORD
      if (isRecord[word >>> 16] === 1) end = at
    }
    return end
  }

  #read(view: DataView, start: number, end: number): readonly ToldPart[] {
    const parts: ToldPart[] = []
    this.#records.forEach(({ profile }, row) => {
      const decoded = profile.decode(view, start, end)
      if (decoded !== undefined) parts.push(this.#partOf(row, decoded))
    })
    return parts
  }

  #partOf(row: number, { values, entries }: DecodedRecord): ToldPart {
    const record = this.#records[row]!
    const { profile } = record
    const issues = this.#issues.rowsOf(row, entries)
    const told: Told = { record, row, options: entries.length, issues, values, states: this.#states[row]! }
    const subject = profile.subjectOf(values, undefined)
    const isOfFlow = !isSame(subject, profile.subjectOf(values, SOME_FLOW))
    return new ToldPart(told, subject, isOfFlow, ++this.#lastNumber | 0)
  }

  #bind({ told, number }: ToldPart, flow: string): ToldPart {
    return new ToldPart(told, told.record.profile.subjectOf(told.values, flow), true, number)
  }
}

function statesOf({ fields }: RecordProfile): ReadonlySet<string> {
  return new Set(fields.filter(({ instrument }) => instrument === 'identity' || instrument === 'state').map(({ name }) => name))
}

function isSame(one: Subject | undefined, other: Subject | undefined): boolean {
  return one?.type === other?.type && one?.id === other?.id
}
