import type { Analyzer, Emit, FlowView, Instant, MetricRecord, MetricSource } from '@geneve-telemetry/core'
import { IS_GENEVE, type PacketView } from '@geneve-telemetry/core/wire'
import type { FlowDescriber } from './flow-record.ts'
import { IntervalSums } from './interval-sums.ts'
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
  readonly #intervals: IntervalSums
  readonly #traffic: TrafficSeries
  readonly #option: OptionSeries
  readonly #outcome = new OutcomeSeries()

  constructor(options: TrafficOptions) {
    const { intervalSeconds = DEFAULT_INTERVAL_SECONDS, maxSeries = DEFAULT_MAX_SERIES } = options
    if (!Number.isInteger(maxSeries) || maxSeries < 1 || maxSeries > 1_000_000)
      throw new RangeError(`maxSeries: ${maxSeries} is not a number of series from 1 to 1000000`)
    this.#traffic = new TrafficSeries(maxSeries, options.optionTable)
    this.#option = new OptionSeries(maxSeries)
    this.#intervals = new IntervalSums([this.#traffic, this.#option, this.#outcome], options, intervalSeconds)
  }

  packet(packet: PacketView, flow: FlowView | undefined): void {
    this.#intervals.goOnTo(packet.seconds, packet.nanos)
    this.#outcome.count(packet)
    if (packet.outcome !== IS_GENEVE) return
    this.#option.count(packet)
    this.#traffic.count(packet, flow)
  }

  /** A copy is a frame and has options; what is in it was counted before. */
  copy(packet: PacketView): void {
    this.#intervals.goOnTo(packet.seconds, packet.nanos)
    this.#outcome.count(packet)
    this.#option.count(packet)
  }

  advance(watermark: Instant, emit: Emit): void {
    this.#intervals.advance(watermark, emit)
  }

  finish(emit: Emit): void {
    this.#intervals.finish(emit)
  }

  /** The sums since the first packet. */
  collect(): readonly MetricRecord[] {
    return this.#intervals.collect()
  }

  /** The same for people. */
  totals(): TrafficTotals {
    return trafficTotals(this.#traffic, this.#option, this.#outcome)
  }
}
