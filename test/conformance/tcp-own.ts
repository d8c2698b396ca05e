import { FlowTable, TcpVerdicts, tcpVerdictNames } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import type { TcpFinding } from './tcp-tshark.ts'

const DAY_SECONDS = 86_400
const TCP = 6
const { roles } = new OptionTable(builtInVendors)

/** What `TcpVerdicts` says of a capture's GENEVE packets that are TCP inside, by frame number. Flows last as long as tshark's streams, or nearly so. */
export async function ownFindings(path: string, port: number): Promise<ReadonlyMap<number, TcpFinding>> {
  const findings = new Map<number, TcpFinding>()
  const verdicts = new TcpVerdicts({ maxFlows: 4096 })
  const timeouts = { activeSeconds: DAY_SECONDS, tcpIdleSeconds: DAY_SECONDS, closedSeconds: DAY_SECONDS }
  const options = {
    origin: 'test',
    observer: 'tap',
    maxFlows: 4096,
    records: false,
    timeouts,
    duplicates: 'count',
    emit: () => {},
  } as const
  const table = new FlowTable({ ...options, analyzers: [verdicts] })
  const packet = new PacketView(new DecodeRules([port], roles))
  for await (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      table.packet(packet)
      if (packet.outcome !== IS_GENEVE || packet.protocol !== TCP) continue
      const { ackRttNanos, initialRttNanos, bytesInFlight } = verdicts
      findings.set(packet.frame, { verdicts: tcpVerdictNames(verdicts.verdicts), ackRttNanos, initialRttNanos, bytesInFlight })
    }
  }
  return findings
}
