import {
  type FlowCounts,
  FlowTable,
  type FlowTableOptions,
  ToldRecords,
  type ToldTotals,
  Traffic,
  type TrafficOf,
} from '@geneve-telemetry/analytics'
import { type FlowRecord, instantText, type Telemetry } from '@geneve-telemetry/core'
import type { OptionTable } from '@geneve-telemetry/core/vendors'
import { protocolName } from '@geneve-telemetry/core/wire'
import type { PacketAccount, StageContext } from '@geneve-telemetry/pipeline'
import { type SubjectSummary, ToldSubjects } from './told-subjects.ts'
import { TopFlows } from './top-flows.ts'

/** What went through the tunnels for one endpoint, VNI or protocol. */
export interface Share {
  readonly value: string | number
  readonly packets: number
  /** Of the innermost IP packets. */
  readonly bytes: number
  /** Of the outer frames. */
  readonly tunnelBytes: number
  /** Flows that began. */
  readonly flows: number
}

export interface OptionCount {
  /** Whose it is; absent where its class is not assigned. */
  readonly vendor?: string
  readonly class?: string
  readonly type?: number
  /** What a vendor's table calls it, absent for an option that nobody decodes. */
  readonly name?: string
  readonly options: number
}

export interface FlowSummary {
  readonly start: string | undefined
  readonly end: string | undefined
  readonly protocol: string
  readonly source: string
  readonly sourcePort?: number
  readonly destination: string
  readonly destinationPort?: number
  /** From the source, and back to it. */
  readonly forward: { readonly packets: number; readonly bytes: number }
  readonly reverse: { readonly packets: number; readonly bytes: number }
  readonly telemetry?: Telemetry
}

/** What telemetry records said, and what was wrong with them. */
export interface TelemetrySummary extends ToldTotals {
  readonly subjects: readonly SubjectSummary[]
  /** Packets that told of subjects beyond those listed. */
  readonly packetsOfOthers: number
}

/** The public shape of `summary --format json`. */
export interface Summary {
  /** Times of the first packet and of the latest one; absent where there was none. */
  readonly start?: string
  readonly end?: string
  readonly packets: PacketAccount
  /** `field` names the vendor's field that is the scope. */
  readonly endpoints: readonly (Share & { readonly field: string })[]
  readonly vnis: readonly Share[]
  /** `not IP` for what has no protocol. */
  readonly protocols: readonly Share[]
  readonly options: readonly OptionCount[]
  readonly flows: FlowCounts & { readonly top: readonly FlowSummary[] }
  readonly telemetry: TelemetrySummary
  /** What was wrong with packets, GENEVE or damaged. */
  readonly issues: readonly { readonly kind: string; readonly layer: string; readonly packets: number }[]
}

export interface OverviewOptions {
  readonly table: OptionTable
  readonly flows: Pick<FlowTableOptions, 'maxFlows' | 'duplicates' | 'timeouts'>
  /** Of the metric records that go to outlets; without outlets it does not matter. */
  readonly intervalSeconds?: number
}

const TOP_FLOWS = 10
const MOST_SUBJECTS = 10_000
/** The type of options that begin with their field's number. */
const NUMBERED_TYPE = 127
const HOUR_SECONDS = 3600

/** Sums up a capture while its records go where they are to go. `stage` is what the pipeline runs. */
export class Overview {
  readonly stage: FlowTable
  readonly #traffic: Traffic
  readonly #table: OptionTable
  readonly #told: ToldRecords
  readonly #subjects = new ToldSubjects(MOST_SUBJECTS)
  readonly #top = new TopFlows(TOP_FLOWS)

  constructor({ emit, ...where }: StageContext, { table, flows, intervalSeconds = HOUR_SECONDS }: OverviewOptions) {
    this.#table = table
    this.#traffic = new Traffic({ ...where, optionTable: table, intervalSeconds })
    this.#told = new ToldRecords({ ...where, optionTable: table, intervalSeconds })
    this.stage = new FlowTable({
      ...where,
      ...flows,
      optionTable: table,
      analyzers: [this.#traffic, this.#told],
      emit: (record) => {
        if (record.kind === 'flow') this.#top.add(record)
        if (record.kind === 'telemetry') this.#subjects.add(record)
        emit(record)
      },
    })
  }

  /** The flows with the most bytes. */
  get topFlows(): readonly FlowRecord[] {
    return this.#top.list()
  }

  summary(packets: PacketAccount): Summary {
    const { scopes, vnis, transports, options, issues } = this.#traffic.totals()
    const [any] = this.#traffic.collect()
    const [start, end] = [any && instantText(any.start), any && instantText(any.end)]
    return {
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      packets,
      endpoints: scopes.map((share) => ({ field: share.attribute, ...shareOf(share) })),
      vnis: vnis.map(shareOf),
      protocols: withRest(transports.map(shareOf), vnis.map(shareOf)),
      options: options.map((option) => ({ ...option, ...this.#nameOf(option) })),
      flows: { ...this.stage.counts, top: this.topFlows.map(flowSummary) },
      telemetry: { ...this.#told.totals(), subjects: this.#subjects.list(), packetsOfOthers: this.#subjects.others },
      issues: issues.map(({ kind, layer, frames }) => ({ kind, layer, packets: frames })),
    }
  }

  /** A vendor's table knows better than the registry whose an option is. */
  #nameOf(option: OptionCount): { readonly vendor?: string; readonly name?: string } {
    for (const vendor of this.#table.vendors) {
      for (const { optionClass, type, name, fields } of vendor.options) {
        if (type !== option.type || optionClass !== Number(option.class)) continue
        return { vendor: vendor.name, name: fields.length === 1 ? fields[0]!.name : (name ?? '') }
      }
    }
    const record = this.#table.records.get(Number(option.class))
    const field = record?.profile.fields.find(({ number }) => number === option.type)
    if (record === undefined || (field === undefined && option.type !== NUMBERED_TYPE)) return {}
    return { vendor: record.vendor, name: field?.name ?? 'fields from 128 up' }
  }
}

function shareOf({ value, packets, bytes, tunnelBytes, flows }: TrafficOf): Share {
  return { value, packets, bytes, tunnelBytes, flows }
}

/** Every GENEVE packet has a VNI, but not every one carries IP. */
function withRest(protocols: readonly Share[], vnis: readonly Share[]): readonly Share[] {
  const rest = (figure: 'packets' | 'bytes' | 'tunnelBytes' | 'flows'): number => sum(vnis, figure) - sum(protocols, figure)
  const packets = rest('packets')
  if (packets === 0) return protocols
  return [...protocols, { value: 'not IP', packets, bytes: rest('bytes'), tunnelBytes: rest('tunnelBytes'), flows: rest('flows') }]
}

function sum(shares: readonly Share[], figure: 'packets' | 'bytes' | 'tunnelBytes' | 'flows'): number {
  return shares.reduce((all, share) => all + share[figure], 0)
}

function flowSummary(record: FlowRecord): FlowSummary {
  const { source, sourcePort, destination, destinationPort, forward, reverse, telemetry } = record
  return {
    start: instantText(record.start),
    end: instantText(record.end),
    protocol: protocolName(record.protocol),
    source,
    ...(sourcePort !== undefined && { sourcePort }),
    destination,
    ...(destinationPort !== undefined && { destinationPort }),
    forward: { packets: forward.packets, bytes: forward.bytes },
    reverse: { packets: reverse.packets, bytes: reverse.bytes },
    ...(telemetry !== undefined && { telemetry }),
  }
}
