import {
  IS_DAMAGED,
  IS_GENEVE,
  ISSUE_KINDS,
  type IssueKind,
  NOT_GENEVE_REASONS,
  type NotGeneveReason,
  type PacketView,
} from '@geneve-telemetry/core/wire'

/** How many of something there were for each reason; a reason that did not occur is absent. */
export type ByReason<R extends string = string> = Readonly<Partial<Record<R, number>>>

/** Where every packet of a source went. All figures are packets (frames of the capture). */
export interface PacketAccount {
  readonly unit: 'packets'
  /** = geneve + notGeneve + damaged */
  readonly read: number
  /** = analyzed + filtered + sampledOut + duplicate */
  readonly geneve: number
  readonly notGeneve: ByReason<NotGeneveReason>
  /** Too broken to say, or with a broken GENEVE header, by the kind of the issue. */
  readonly damaged: ByReason<IssueKind>
  /** Kept out by the filter, by the key that said no; `account` and `account-unknown` by the account filter. */
  readonly filtered: ByReason
  /** Seen before, by what they are copies for: they are in no flow. */
  readonly duplicate: ByReason
  /** Not in the sample; absent where there is none. */
  readonly sampledOut?: number
  /** = inEndedFlows + inLiveFlows + unattributed */
  readonly analyzed: number
  readonly inEndedFlows: number
  readonly inLiveFlows: number
  /** Of no flow, by why. */
  readonly unattributed: ByReason
  /** Of the analyzed those that an account filter kept though nobody knows whose they are; absent where there were none. */
  readonly ofUnknownAccount?: number
  /** Of those in ended flows the ones that a flow record tells of: all, or none where nobody wants flow records. */
  readonly inFlowRecords: number
}

/** What a flow table says of the GENEVE packets it was given: their number is `closed + live`, `sampledOut`, and all of `unattributed` and `copies`. */
export interface FlowLedger {
  /** Packets of flows that have ended. */
  readonly closed: number
  /** Packets of flows that are open. */
  readonly live: number
  /** Packets of no flow, by why. */
  readonly unattributed: ByReason
  /** Packets that were seen before, by what they are copies for. */
  readonly copies?: ByReason
  /** Packets that are not in the sample. */
  readonly sampledOut?: number
}

/** Counts packets on the way; nothing is allocated for one. */
export class PacketLedger {
  readonly #keys: readonly string[]
  readonly #outcomes = new Float64Array(NOT_GENEVE_REASONS.length)
  readonly #damaged = new Float64Array(ISSUE_KINDS.length)
  readonly #filtered: Float64Array
  #read = 0
  #analyzed = 0
  #ofUnknownAccount = 0
  #inFlowRecords = 0

  /** `filterKeys`: what `countFiltered` gives the number of. */
  constructor(filterKeys: readonly string[] = []) {
    this.#keys = filterKeys
    this.#filtered = new Float64Array(filterKeys.length)
  }

  get read(): number {
    return this.#read
  }

  /** A packet was decoded. */
  countRead({ outcome, issue }: PacketView): void {
    this.#read++
    if (outcome === IS_DAMAGED) this.#damaged[issue >> 8]!++
    else this.#outcomes[outcome]!++
  }

  /** The filter's key number `key` kept a GENEVE packet out. */
  countFiltered(key: number): void {
    this.#filtered[key]!++
  }

  /** A GENEVE packet went to the analyzers. */
  countAnalyzed(): void {
    this.#analyzed++
  }

  /** Nobody knows whose a packet is that goes to the analyzers, and an account filter asked. */
  countUnknownAccount(): void {
    this.#ofUnknownAccount++
  }

  /** A flow record with so many packets was written. */
  countRecorded(packets: number): void {
    this.#inFlowRecords += packets
  }

  /** The account so far. Without a flow table all analyzed packets are unattributed. */
  account(flows?: FlowLedger): PacketAccount {
    return {
      unit: 'packets',
      read: this.#read,
      geneve: this.#outcomes[IS_GENEVE]!,
      notGeneve: byReason(NOT_GENEVE_REASONS.slice(1) as NotGeneveReason[], this.#outcomes.subarray(1)),
      damaged: byReason(ISSUE_KINDS.slice(1) as IssueKind[], this.#damaged.subarray(1)),
      filtered: byReason(this.#keys, this.#filtered),
      duplicate: flows?.copies ?? {},
      ...(flows?.sampledOut !== undefined && { sampledOut: flows.sampledOut }),
      analyzed: this.#analyzed - total(flows?.copies ?? {}) - (flows?.sampledOut ?? 0),
      inEndedFlows: flows?.closed ?? 0,
      inLiveFlows: flows?.live ?? 0,
      unattributed: flows?.unattributed ?? byReason(['no-flow-table'], [this.#analyzed]),
      ...(this.#ofUnknownAccount > 0 && { ofUnknownAccount: this.#ofUnknownAccount }),
      inFlowRecords: this.#inFlowRecords,
    }
  }
}

/** What does not add up in an account, one sentence each; none if all does. */
export function imbalances(account: PacketAccount): readonly string[] {
  const { read, geneve, notGeneve, damaged, analyzed, filtered, sampledOut = 0, duplicate } = account
  const { inEndedFlows, inLiveFlows, unattributed, inFlowRecords } = account
  const laws = [
    { whole: 'read', is: read, parts: 'geneve + notGeneve + damaged', sum: geneve + total(notGeneve) + total(damaged) },
    {
      whole: 'geneve',
      is: geneve,
      parts: 'analyzed + filtered + sampledOut + duplicate',
      sum: analyzed + total(filtered) + sampledOut + total(duplicate),
    },
    {
      whole: 'analyzed',
      is: analyzed,
      parts: 'inEndedFlows + inLiveFlows + unattributed',
      sum: inEndedFlows + inLiveFlows + total(unattributed),
    },
    { whole: 'inEndedFlows', is: inEndedFlows, parts: 'inFlowRecords', sum: inFlowRecords === 0 ? inEndedFlows : inFlowRecords },
  ]
  return laws.flatMap(({ whole, is, parts, sum }) => (is === sum ? [] : [`${whole} is ${is} packets, but ${parts} are ${sum}`]))
}

/** The sum over all reasons. */
export function total(counts: ByReason): number {
  let sum = 0
  for (const count of Object.values(counts)) sum += count ?? 0
  return sum
}

function byReason<R extends string>(reasons: readonly R[], counts: ArrayLike<number>): ByReason<R> {
  const found: Partial<Record<R, number>> = {}
  reasons.forEach((reason, index) => {
    if (counts[index]! > 0) found[reason] = counts[index]!
  })
  return found
}
