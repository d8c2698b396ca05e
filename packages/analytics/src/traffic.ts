import type { Analyzer, Emit, FlowView, Instant, MetricRecord, MetricSource } from '@geneve-telemetry/core'
import { IS_GENEVE, type PacketView } from '@geneve-telemetry/core/wire'
import type { FlowDescriber } from './flow-record.ts'
import { Intervals } from './intervals.ts'
import { intervalRecords, type Measurement, totalRecords } from './measurement.ts'
import { OptionSeries } from './option-series.ts'
import { OutcomeSeries } from './outcome-series.ts'
import { TrafficSeries } from './traffic-series.ts'
import { type TrafficTotals, trafficTotals } from './traffic-totals.ts'

const DEFAULT_INTERVAL_SECONDS = 60
const DEFAULT_MAX_SERIES = 10_000

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
  readonly #traffic: TrafficSeries
  readonly #option: OptionSeries
  readonly #outcome = new OutcomeSeries()
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
    this.#traffic = new TrafficSeries(maxSeries, options.optionTable)
    this.#option = new OptionSeries(maxSeries)
    this.#measurements = [this.#traffic, this.#option, this.#outcome]
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    const { seconds, nanos } = packet
    const intervals = this.#intervals
    if (!intervals.isOpen || seconds >= intervals.endSeconds) this.#roll(seconds, nanos)
    if (seconds > intervals.latestSeconds || (seconds === intervals.latestSeconds && nanos > intervals.latestNanos)) {
      intervals.latestSeconds = seconds
      intervals.latestNanos = nanos
    }
    this.#outcome.count(packet)
    if (packet.outcome !== IS_GENEVE) return
    this.#option.count(packet)
    this.#traffic.count(packet, flow)
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
    return trafficTotals(this.#traffic, this.#option, this.#outcome)
  }

  #roll(seconds: number, nanos: number): void {
    if (this.#intervals.isOpen) this.#end(this.#intervals.end)
    this.#intervals.open(seconds, nanos)
  }

  #end(end: Instant): void {
    const { start } = this.#intervals
    for (const measurement of this.#measurements) {
      this.#due.push(...intervalRecords(measurement, this.#options, start, end))
      measurement.sums.endInterval(measurement.rows)
    }
    this.#intervals.isOpen = false
  }
}
