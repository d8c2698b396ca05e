import type { Analyzer, Emit, FlowView, Instant, MetricRecord, MetricSource } from '@geneve-telemetry/core'
import { optionClassOwner } from '@geneve-telemetry/core/vendors'
import {
  hexText,
  IS_DAMAGED,
  IS_GENEVE,
  issueKind,
  issueLayer,
  NOT_GENEVE_REASONS,
  type PacketView,
  protocolName,
} from '@geneve-telemetry/core/wire'
import type { FlowDescriber } from './flow-record.ts'
import { Intervals } from './intervals.ts'
import { type Attributes, intervalRecords, type Measurement, totalRecords } from './measurement.ts'
import { SeriesTable } from './series-table.ts'
import { type TrafficTotals, trafficTotals } from './traffic-totals.ts'

const DEFAULT_INTERVAL_SECONDS = 60
const DEFAULT_MAX_SERIES = 10_000

const TRAFFIC_FIGURES = 4
/** -1 in 16 bits. */
const NO_PROTOCOL = 0xffff

export interface TrafficOptions {
  /** What ids begin with: the source's name. */
  readonly origin: string
  readonly observer: string
  /** Length of an interval in whole seconds; 60 if not given. */
  readonly intervalSeconds?: number
  /** Series of each measurement, 1 to 1,000,000; 10,000 if not given. What is beyond them is summed in one more. */
  readonly maxSeries?: number
  /** Says what the scope's option means. */
  readonly optionTable?: FlowDescriber
}

/**
 * Counts what came: traffic by scope, VNI, IP version and protocol; options by class and type; frames by what the decoder made of them. As one metric record
 * a series and interval of the packets' time, and as totals.
 */
export class Traffic implements Analyzer, MetricSource {
  readonly name: string = 'traffic'
  readonly #options: TrafficOptions
  readonly #intervals: Intervals
  readonly #traffic: SeriesTable
  readonly #option: SeriesTable
  readonly #decoder: SeriesTable
  readonly #measurements: readonly Measurement[]
  /** Of intervals that have ended, until the watermark is there. */
  #due: MetricRecord[] = []

  constructor(options: TrafficOptions) {
    const { intervalSeconds = DEFAULT_INTERVAL_SECONDS, maxSeries = DEFAULT_MAX_SERIES } = options
    if (!Number.isInteger(intervalSeconds) || intervalSeconds < 1)
      throw new RangeError(`intervalSeconds: ${intervalSeconds} is not a whole number of seconds from 1`)
    if (!Number.isInteger(maxSeries) || maxSeries < 1 || maxSeries > 1_000_000)
      throw new RangeError(`maxSeries: ${maxSeries} is not a number of series from 1 to 1000000`)
    this.#options = options
    this.#intervals = new Intervals(intervalSeconds)
    this.#traffic = new SeriesTable(maxSeries, TRAFFIC_FIGURES)
    this.#option = new SeriesTable(maxSeries, 1)
    this.#decoder = new SeriesTable(maxSeries, 1)
    this.#measurements = [
      {
        name: 'traffic',
        table: this.#traffic,
        figures: ['packets', 'bytes', 'tunnel_bytes', 'flows'],
        attributesOf: (key) => trafficAttributes(key, options.optionTable),
        others: { network_type: 'other', transport: 'other' },
      },
      { name: 'option', table: this.#option, figures: ['options'], attributesOf: optionAttributes, others: { vendor: 'other' } },
      { name: 'decoder', table: this.#decoder, figures: ['frames'], attributesOf: decoderAttributes, others: { outcome: 'other' } },
    ]
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    const { seconds, nanos } = packet
    const intervals = this.#intervals
    if (!intervals.isOpen || seconds >= intervals.endSeconds) this.#roll(seconds, nanos)
    if (seconds > intervals.latestSeconds || (seconds === intervals.latestSeconds && nanos > intervals.latestNanos)) {
      intervals.latestSeconds = seconds
      intervals.latestNanos = nanos
    }
    const { outcome } = packet
    add(this.#decoder.interval, this.#decoder.rowOf(outcome, packet.issue, 0, 0, 0), 1)
    if (outcome !== IS_GENEVE) return

    this.#countOptions(packet)
    const sums = this.#traffic.interval
    const at = this.#rowOf(packet) * TRAFFIC_FIGURES
    add(sums, at, 1)
    if (packet.innerLength > 0) add(sums, at + 1, packet.innerLength)
    add(sums, at + 2, packet.wireLength)
    if (flow?.isNew) add(sums, at + 3, 1)
  }

  advance(watermark: Instant, emit: Emit): void {
    const { isOpen, endSeconds } = this.#intervals
    if (isOpen && watermark.seconds >= endSeconds) this.#end(this.#intervals.end)
    const due = this.#due
    this.#due = []
    for (const record of due) {
      if (record.end.seconds <= watermark.seconds) emit(record)
      else this.#due.push(record)
    }
  }

  finish(emit: Emit): void {
    if (this.#intervals.isOpen) this.#end(this.#intervals.latest)
    for (const record of this.#due) emit(record)
    this.#due = []
  }

  /** The sums since the first packet. */
  collect(): readonly MetricRecord[] {
    const { first, latest } = this.#intervals
    if (first === undefined) return []
    return this.#measurements.flatMap((measurement) => totalRecords(measurement, this.#options, first, latest))
  }

  /** The same for people. */
  totals(): TrafficTotals {
    return trafficTotals(this.#measurements)
  }

  #rowOf(packet: PacketView): number {
    const { scope, vni } = packet
    const protocol = (packet.innerVersion << 16) | (packet.protocol & 0xffff)
    if (scope < 0) return this.#traffic.rowOf(-1, 0, 0, vni, protocol)
    const { view } = packet
    return this.#traffic.rowOf(packet.scopeOption, view.getInt32(scope), view.getInt32(scope + 4), vni, protocol)
  }

  /** |          Option Class         |      Type     |R|R|R| Length  |  RFC 8926, 3.5; there are only whole ones */
  #countOptions(packet: PacketView): void {
    const { view, optionsEnd } = packet
    for (let at = packet.optionsStart; at < optionsEnd; ) {
      const word = view.getInt32(at)
      add(this.#option.interval, this.#option.rowOf(word >>> 8, 0, 0, 0, 0), 1)
      at += 4 + (word & 0x1f) * 4
    }
  }

  #roll(seconds: number, nanos: number): void {
    if (this.#intervals.isOpen) this.#end(this.#intervals.end)
    this.#intervals.open(seconds, nanos)
  }

  #end(end: Instant): void {
    const { start } = this.#intervals
    for (const measurement of this.#measurements) {
      this.#due.push(...intervalRecords(measurement, this.#options, start, end))
      measurement.table.endInterval()
    }
    this.#intervals.isOpen = false
  }
}

function add(sums: Float64Array, at: number, amount: number): void {
  sums[at] = sums[at]! + amount
}

function trafficAttributes([option, high, low, vni, protocol]: Int32Array, optionTable: FlowDescriber | undefined): Attributes {
  const version = protocol! >> 16
  const number = protocol! & 0xffff
  return {
    ...scopeAttributes(option!, high!, low!, optionTable),
    vni: vni!,
    ...(version !== 0 && { network_type: `ipv${version}` }),
    ...(version !== 0 && number !== NO_PROTOCOL && { transport: protocolName(number) }),
  }
}

/** The scope under its field's name; one that nobody names, as the option's class, type and data. */
function scopeAttributes(option: number, high: number, low: number, optionTable: FlowDescriber | undefined): Attributes {
  if (option < 0) return {}
  const data = new DataView(new ArrayBuffer(12))
  data.setInt32(0, high)
  data.setInt32(4, low)
  const fields = Object.values(optionTable?.describeFlow(option, -1, data) ?? {}).flatMap((values) => Object.entries(values))
  if (fields.length === 0) return { scope: `${option.toString(16).padStart(6, '0')}:${hexText(data, 0, 8)}` }
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))
}

function optionAttributes([id]: Int32Array): Attributes {
  const optionClass = id! >>> 8
  const owner = optionClassOwner(optionClass)
  return {
    ...(owner !== undefined && { vendor: owner.name }),
    option_class: `0x${optionClass.toString(16).padStart(4, '0')}`,
    option_type: id! & 0xff,
  }
}

function decoderAttributes([outcome, issue]: Int32Array): Attributes {
  const name = outcome === IS_GENEVE ? 'geneve' : outcome === IS_DAMAGED ? 'damaged' : NOT_GENEVE_REASONS[outcome!]!
  return { outcome: name, ...(issue !== 0 && { issue_kind: issueKind(issue!), issue_layer: issueLayer(issue!) }) }
}
