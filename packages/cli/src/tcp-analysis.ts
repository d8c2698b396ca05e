import { FlowTable, TcpVerdicts, tcpVerdictNames } from '@geneve-telemetry/analytics'
import { type Analyzer, type FlowView, flowId } from '@geneve-telemetry/core'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { StageContext } from '@geneve-telemetry/pipeline'

const MAX_FLOWS = 262_144
/** tshark's connections never end; these do when a day has passed without a packet, or when more than MAX_FLOWS are open. */
const DAY_SECONDS = 86_400

/** What tshark says of a TCP packet, under its names: times in seconds, the rest in bytes; absent where it says nothing. */
export interface TcpAnalysis {
  /** The id of the flow. */
  readonly flow: string
  readonly verdicts: readonly string[]
  readonly ack_rtt?: number
  readonly initial_rtt?: number
  readonly bytes_in_flight?: number
}

/** Follows the flows of packets for what their order tells of each. Every copy of a packet is one, as it is for tshark. */
export class TcpAnalyses {
  readonly #verdicts = new TcpVerdicts({ maxFlows: MAX_FLOWS })
  readonly #table: FlowTable
  /** By row of the table, the frames that flows began with. */
  readonly #frames = new Float64Array(MAX_FLOWS + 1)
  #row = 0
  readonly #origin: string

  constructor({ origin, observer }: Pick<StageContext, 'origin' | 'observer'>) {
    this.#origin = origin
    const rows: Analyzer = {
      name: 'rows',
      packet: (packet, flow) => this.#note(packet, flow),
      advance() {},
      finish() {},
    }
    this.#table = new FlowTable({
      origin,
      observer,
      maxFlows: MAX_FLOWS,
      duplicates: 'count',
      timeouts: { activeSeconds: DAY_SECONDS, tcpIdleSeconds: DAY_SECONDS, idleSeconds: DAY_SECONDS, closedSeconds: DAY_SECONDS },
      analyzers: [this.#verdicts, rows],
      records: false,
      emit() {},
    })
  }

  /** What there is to say of the next packet; `undefined` if it is not a whole TCP segment in a flow. */
  of(packet: PacketView): TcpAnalysis | undefined {
    this.#table.packet(packet)
    const { isJudged, verdicts, ackRttNanos, initialRttNanos, bytesInFlight } = this.#verdicts
    if (!isJudged) return undefined
    return {
      flow: flowId(this.#origin, this.#frames[this.#row]!),
      verdicts: tcpVerdictNames(verdicts),
      ...(ackRttNanos !== 0 && { ack_rtt: ackRttNanos / 1e9 }),
      ...(initialRttNanos !== 0 && { initial_rtt: initialRttNanos / 1e9 }),
      ...(bytesInFlight !== 0 && { bytes_in_flight: bytesInFlight }),
    }
  }

  #note(packet: PacketView, flow: FlowView | undefined): void {
    if (flow === undefined) return
    this.#row = flow.row
    if (flow.isNew) this.#frames[flow.row] = packet.frame
  }
}

/** `duplicate_ack  ack 0.000123 s  in flight 1460 B`. */
export function analysisText({ verdicts, ack_rtt: ackRtt, bytes_in_flight: bytes }: TcpAnalysis): string[] {
  return [...verdicts, ...(ackRtt === undefined ? [] : [`ack ${ackRtt} s`]), ...(bytes === undefined ? [] : [`in flight ${bytes} B`])]
}
