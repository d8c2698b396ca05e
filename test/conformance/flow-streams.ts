import { FlowTable } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { FlowRecord } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { command } from '../command.ts'

const PORTS = [6081, 6082]
const FIELDS = ['frame.number', 'geneve.vni', 'frame.protocols', 'tcp.stream', 'udp.stream', 'ip.len', 'ipv6.plen', 'communityid']

/** What tshark says of one GENEVE packet that is TCP or UDP inside. */
export interface StreamPacket {
  /** `tcp 3`, `udp 5`. */
  readonly stream: string
  /** Of the innermost IP packet with its header. */
  readonly bytes: number
  readonly communityId: string
}

/** By frame number; runs tshark with no profile of a user's. */
export async function tsharkStreams(path: string): Promise<ReadonlyMap<number, StreamPacket>> {
  const ports = PORTS.flatMap((port) => ['-d', `udp.port==${port},geneve`])
  const options = ['-n', ...ports, '--enable-protocol', 'communityid', '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=,']
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const { stdout } = await command('env', ['HOME=/nonexistent', 'tshark', '-r', path, ...options, ...fields])
  const packets = new Map<number, StreamPacket>()
  for (const line of stdout.split('\n')) {
    const [frame, vni, protocols = '', tcp = '', udp = '', ipv4 = '', ipv6 = '', communityId = ''] = line.split('\t')
    if (vni === undefined || vni === '') continue
    const udpStreams = udp.split(',')
    const isTcp = tcp !== ''
    // The first one of UDP is the tunnel itself.
    if (!isTcp && udpStreams.length < 2) continue
    const layers = protocols.split(':')
    const isIpv6 = layers.lastIndexOf('ipv6') > layers.lastIndexOf('ip')
    packets.set(Number(frame), {
      stream: isTcp ? `tcp ${tcp.split(',').at(-1)}` : `udp ${udpStreams.at(-1)}`,
      bytes: isIpv6 ? 40 + Number(ipv6.split(',').at(-1)) : Number(ipv4.split(',').at(-1)),
      communityId: communityId.split(',').at(-1) ?? '',
    })
  }
  return packets
}

interface Figures {
  packets: number
  bytes: number
  readonly communityIds: Set<string>
}

export interface StreamDifference {
  readonly stream: string
  readonly tshark: Figures
  readonly ours: Figures
}

const nothing = (): Figures => ({ packets: 0, bytes: 0, communityIds: new Set() })

/** The streams of which our flows have other packets, bytes or Community IDs; all flows and parts of flows that have packets of a stream are summed. */
export async function ownStreams(path: string, packets: ReadonlyMap<number, StreamPacket>): Promise<readonly StreamDifference[]> {
  const { flows, flowOfFrame } = await follow(path)
  const streams = new Map<string, { tshark: Figures; flows: Set<number> }>()
  for (const [frame, { stream, bytes, communityId }] of packets) {
    const known = streams.get(stream) ?? { tshark: nothing(), flows: new Set() }
    streams.set(stream, known)
    known.tshark.packets++
    known.tshark.bytes += bytes
    known.tshark.communityIds.add(communityId)
    const flow = flowOfFrame.get(frame)
    if (flow !== undefined) known.flows.add(flow)
  }
  return [...streams].flatMap(([stream, { tshark, flows: own }]) => {
    const ours = nothing()
    for (const { frame, forward, reverse, communityId } of flows) {
      if (!own.has(frame)) continue
      ours.packets += forward.packets + reverse.packets
      ours.bytes += forward.bytes + reverse.bytes
      ours.communityIds.add(communityId ?? '')
    }
    const isSame = tshark.packets === ours.packets && tshark.bytes === ours.bytes && isSameSet(tshark.communityIds, ours.communityIds)
    return isSame ? [] : [{ stream, tshark, ours }]
  })
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other)
}

/** The records of all flows, and by frame the first frame of its flow. */
async function follow(path: string): Promise<{ flows: readonly FlowRecord[]; flowOfFrame: ReadonlyMap<number, number> }> {
  const optionTable = new OptionTable(builtInVendors)
  const flows: FlowRecord[] = []
  const flowOfFrame = new Map<number, number>()
  const flowInRow = new Map<number, number>()
  const table = new FlowTable({
    origin: 'test',
    observer: 'tap',
    optionTable,
    duplicates: 'count',
    emit: (record) => record.kind === 'flow' && flows.push(record),
    analyzers: [
      {
        name: 'frames',
        packet({ frame }, flow): void {
          if (flow === undefined) return
          if (flow.isNew) flowInRow.set(flow.row, frame)
          flowOfFrame.set(frame, flowInRow.get(flow.row)!)
        },
        advance(): void {},
        finish(): void {},
      },
    ],
  })
  const packet = new PacketView(new DecodeRules(PORTS, optionTable.roles))
  for await (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      table.packet(packet)
    }
  }
  table.finish()
  return { flows, flowOfFrame }
}
