import { INSPECTION, RULES } from './firewall.ts'
import { DENIED, FINISHED, type Flows, MOST_FLOWS, OPEN, RESET, UNANSWERED } from './flows.ts'
import type { Told } from './told/reporter.ts'
import { optionNames, type ToldPacket } from './told/telling.ts'
import type {
  FlowTruth,
  IncidentKind,
  IncidentTruth,
  Moment,
  ScenarioTruth,
  SideTruth,
  ToldTruth,
  TotalsTruth,
  TruthLine,
} from './truth.ts'
import { ACCOUNTS, addressText, ipv4Text, type Vpc } from './world.ts'

const NANOS = 1_000_000_000
const TCP = 6
const UDP = 17
const ENDINGS: Readonly<Record<number, FlowTruth['ending']>> = {
  [OPEN]: 'open',
  [FINISHED]: 'finished',
  [RESET]: 'reset',
  [DENIED]: 'denied',
  [UNANSWERED]: 'unanswered',
}
/** By their number in `Flows.incident`. */
export const INCIDENTS: readonly IncidentKind[] = ['syn_flood', 'port_scan', 'noisy_neighbour']

/** The three options of the load balancer; each packet of a flow has them. */
const GWLB_OPTIONS = ['0x0108/1', '0x0108/2', '0x0108/3']

interface Incident {
  readonly scope: string
  readonly source: string
  readonly destination: string
  flows: number
  packets: number
  bytes: number
  start: number
  end: number
  readonly ports: Set<number>
}

/** Makes the truth's lines of what the scenario did. */
export class Ledger {
  readonly #flows: Flows
  readonly #vpcs: readonly Vpc[]
  readonly #startSeconds: number
  readonly #incidents = new Map<number, Incident>()
  readonly #options = new Map<string, number>()
  readonly #records = new Map<number, { readonly options: Uint8Array; readonly values: Told }>()
  #flowCount = 0
  #denied = 0
  #inward = 0
  #returned = 0
  #told = 0
  #withRecord = 0
  #innerBytes = 0
  #retransmissions = 0
  #lostBefore = 0
  #lostAfter = 0

  constructor(flows: Flows, vpcs: readonly Vpc[], startSeconds: number) {
    this.#flows = flows
    this.#vpcs = vpcs
    this.#startSeconds = startSeconds
  }

  scenario(seed: number): ScenarioTruth {
    return {
      kind: 'scenario',
      seed,
      start: this.#moment(0),
      vpcs: this.#vpcs.map((vpc) => ({
        scope: vpc.endpointId,
        account_id: ACCOUNTS[vpc.account]!,
        region: vpc.region,
        availability_zone: vpc.zone,
        vpc_id: vpc.id,
        cidr: `${ipv4Text(vpc.range * 0x1_0000)}/16`,
        node: ipv4Text(vpc.node),
        appliance: ipv4Text(vpc.appliance),
      })),
      rules: RULES.map(({ source, ...rule }) => ({ ...rule, ...(source !== undefined && { source: source.cidr }) })),
      inspection: INSPECTION,
    }
  }

  /** The line of a flow of which the capture has a packet. */
  flow(flow: number): FlowTruth {
    const flows = this.#flows
    const vpc = this.#vpcs[flows.vpc[flow]!]!
    const protocol = flows.protocol[flow]!
    const isDenied = flows.isDenied[flow] === 1
    const handshakeAt = flows.handshakeAt[flow]!
    const synAckAt = flows.synAckAt[flow]!
    this.#sumUp(flow)
    const incident = INCIDENTS[flows.incident[flow]! - 1]
    const record = this.#records.get(flow)
    const line: FlowTruth = {
      kind: 'flow',
      id: flows.number[flow]!,
      scope: vpc.endpointId,
      vpc_id: vpc.id,
      cookie: flows.cookie[flow]!.toString(16).padStart(8, '0'),
      version: flows.version[flow] as 4 | 6,
      protocol,
      ...(protocol !== TCP && protocol !== UDP && { icmp_id: flows.port[flow * 2]! }),
      initiator: this.#side(flow, 0),
      responder: this.#side(flow, 1),
      start: this.#moment(flows.start[flow]!),
      end: this.#moment(flows.end[flow]!),
      first_frame: flows.firstFrame[flow]!,
      ending: isDenied ? 'denied' : ENDINGS[flows.ending[flow]!]!,
      verdict: RULES[flows.rule[flow]!]!.action,
      rule: RULES[flows.rule[flow]!]!.id,
      ...(flows.inspected[flow]! > 0 && {
        inspection: {
          packets: flows.inspected[flow]!,
          sum_ns: flows.inspectionSum[flow]!,
          min_ns: flows.inspectionMin[flow]!,
          max_ns: flows.inspectionMax[flow]!,
        },
      }),
      round_trip: { initiator_ns: flows.oneWay[flow * 2]! * 2, responder_ns: flows.oneWay[flow * 2 + 1]! * 2 },
      ...(handshakeAt >= 0 && {
        handshake: { responder_ns: synAckAt - flows.synAt[flow]!, initiator_ns: handshakeAt - synAckAt },
      }),
      ...(flows.reuseOf[flow]! > 0 && { reuse_of: flows.reuseOf[flow]! }),
      ...(incident !== undefined && { incident }),
      ...(record !== undefined && { told: record.values }),
    }
    if (record !== undefined) this.#count(line, record.options)
    if (incident !== undefined) this.#addTo(flows.incident[flow]!, flow, line)
    return line
  }

  /** What the packets of a flow that begins carry. An earlier flow of the same number that never came to the tap has left its record. */
  carries(flow: number, record: { readonly options: Uint8Array; readonly values: Told } | undefined): void {
    if (record === undefined) this.#records.delete(flow)
    else this.#records.set(flow, record)
  }

  #option(name: string, packets: number): void {
    if (packets > 0) this.#options.set(name, (this.#options.get(name) ?? 0) + packets)
  }

  /** The line of a record that stands alone. */
  told({ source, destination, values, options }: ToldPacket, frame: number, now: number): ToldTruth {
    this.#told++
    for (const name of optionNames(options)) this.#option(name, 1)
    return { kind: 'told', frame, time: this.#moment(now), source, destination, values }
  }

  /** The lines of the flows that are under way, of the incidents, and the totals. */
  *rest(packets: number, bytes: number): Iterable<TruthLine> {
    for (let flow = 0; flow < MOST_FLOWS; flow++) {
      if (this.#flows.isOpen[flow] === 1 && this.#flows.firstFrame[flow]! > 0) yield this.flow(flow)
    }
    for (const [number, incident] of [...this.#incidents].sort(([one], [other]) => one - other)) yield this.#incident(number, incident)
    for (const name of GWLB_OPTIONS) this.#option(name, this.#inward + this.#returned)
    yield this.#totals(packets, bytes)
  }

  #totals(packets: number, bytes: number): TotalsTruth {
    return {
      kind: 'totals',
      packets,
      bytes,
      flows: this.#flowCount,
      flows_denied: this.#denied,
      packets_inward: this.#inward,
      packets_returned: this.#returned,
      packets_told: this.#told,
      packets_with_record: this.#withRecord,
      inner_bytes: this.#innerBytes,
      options: Object.fromEntries([...this.#options].sort(([one], [other]) => (one < other ? -1 : 1))),
      retransmissions: this.#retransmissions,
      lost_before_tap: this.#lostBefore,
      lost_after_tap: this.#lostAfter,
    }
  }

  #sumUp(flow: number): void {
    const { packets, returnedPackets, bytes, returnedBytes, retransmissions, lostBefore, lostAfter, isDenied } = this.#flows
    this.#flowCount++
    if (isDenied[flow] === 1) this.#denied++
    for (const end of [flow * 2, flow * 2 + 1]) {
      this.#inward += packets[end]!
      this.#returned += returnedPackets[end]!
      this.#innerBytes += bytes[end]! + returnedBytes[end]!
      this.#retransmissions += retransmissions[end]!
      this.#lostBefore += lostBefore[end]!
      this.#lostAfter += lostAfter[end]!
    }
  }

  #count({ initiator, responder }: FlowTruth, options: Uint8Array): void {
    const packets = initiator.packets + initiator.returned_packets + responder.packets + responder.returned_packets
    this.#withRecord += packets
    for (const name of optionNames(options)) this.#option(name, packets)
  }

  #side(flow: number, side: 0 | 1): SideTruth {
    const flows = this.#flows
    const end = flow * 2 + side
    const hasPorts = flows.protocol[flow] === TCP || flows.protocol[flow] === UDP
    return {
      address: addressText(flows.version[flow]!, flows.address[end]!),
      port: hasPorts ? flows.port[end]! : 0,
      packets: flows.packets[end]!,
      bytes: flows.bytes[end]!,
      returned_packets: flows.returnedPackets[end]!,
      returned_bytes: flows.returnedBytes[end]!,
      tcp_flags: flows.flags[end]!,
      payload_bytes: flows.payloadBytes[end]!,
      retransmissions: flows.retransmissions[end]!,
      spurious: flows.spurious[end]!,
      lost_before_tap: flows.lostBefore[end]!,
      lost_after_tap: flows.lostAfter[end]!,
      reordered: flows.reordered[end]!,
      duplicated: flows.duplicated[end]!,
      zero_windows: flows.zeroWindows[end]!,
      window_probes: flows.probes[end]!,
      keepalives: flows.keepalives[end]!,
    }
  }

  #addTo(number: number, flow: number, { scope, initiator, responder }: FlowTruth): void {
    const { start, end, port } = this.#flows
    let incident = this.#incidents.get(number)
    if (incident === undefined) {
      const source = INCIDENTS[number - 1] === 'syn_flood' ? '192.0.2.0/24' : initiator.address
      incident = {
        scope,
        source,
        destination: responder.address,
        flows: 0,
        packets: 0,
        bytes: 0,
        start: Infinity,
        end: 0,
        ports: new Set(),
      }
      this.#incidents.set(number, incident)
    }
    incident.flows++
    incident.packets += initiator.packets + responder.packets
    incident.bytes += initiator.bytes + responder.bytes
    incident.start = Math.min(incident.start, start[flow]!)
    incident.end = Math.max(incident.end, end[flow]!)
    incident.ports.add(port[flow * 2 + 1]!)
  }

  #incident(number: number, { start, end, ports, ...rest }: Incident): IncidentTruth {
    return {
      kind: 'incident',
      incident: INCIDENTS[number - 1]!,
      ...rest,
      start: this.#moment(start),
      end: this.#moment(end),
      ports: ports.size,
    }
  }

  #moment(nanos: number): Moment {
    const seconds = Math.floor(nanos / NANOS)
    return { seconds: this.#startSeconds + seconds, nanos: nanos - seconds * NANOS }
  }
}
