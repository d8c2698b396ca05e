import type { INSPECTION, Rule } from './firewall.ts'
import type { Told } from './told/reporter.ts'

/** A time as records have it: seconds since 1970 and ns of the second. */
export interface Moment {
  readonly seconds: number
  readonly nanos: number
}

/** What one side of a flow sent, as far as the capture has it. */
export interface SideTruth {
  readonly address: string
  /** 0 where the protocol has none. */
  readonly port: number
  /** Packets that came to the tap on their way into the appliance, and bytes of their inner IP packets. */
  readonly packets: number
  readonly bytes: number
  /** The same of those that the appliance gave back: the capture has these packets a second time. */
  readonly returned_packets: number
  readonly returned_bytes: number
  /** Of TCP, all flags seen. */
  readonly tcp_flags: number
  /** Payload bytes of packets into the appliance, those sent twice counted twice. */
  readonly payload_bytes: number
  /** Segments that the sender sent again and the tap saw, and how many of all that arrived the receiver had already. */
  readonly retransmissions: number
  readonly spurious: number
  /** Lost before the tap (not in the capture) and behind it, overtaken and doubled before it. */
  readonly lost_before_tap: number
  readonly lost_after_tap: number
  readonly reordered: number
  readonly duplicated: number
  /** Segments that close the window, that ask whether it is open, and that ask whether somebody is there. */
  readonly zero_windows: number
  readonly window_probes: number
  readonly keepalives: number
}

export interface FlowTruth {
  readonly kind: 'flow'
  /** From 1, in the order in which they begin. */
  readonly id: number
  /** The load balancer's endpoint, as AWS writes it. */
  readonly scope: string
  readonly vpc_id: string
  readonly cookie: string
  readonly version: 4 | 6
  /** IANA's number. */
  readonly protocol: number
  /** Of echoes. */
  readonly icmp_id?: number
  readonly initiator: SideTruth
  readonly responder: SideTruth
  readonly start: Moment
  readonly end: Moment
  /** Counted from 1 in the capture. */
  readonly first_frame: number
  /** `finished`: both said so and know it of each other, or an answer came; `open`: under way when the capture ends. */
  readonly ending: 'open' | 'finished' | 'reset' | 'denied' | 'unanswered'
  readonly verdict: 'allow' | 'deny'
  /** The rule that decided. */
  readonly rule: number
  /** Time in the appliance of the packets that it gave back or is going to. Absent if there is none. */
  readonly inspection?: { readonly packets: number; readonly sum_ns: number; readonly min_ns: number; readonly max_ns: number }
  /** As drawn, without the appliance and without what the far end thinks: from the tap to the side and back. Jitter adds up to 4 % to either way. */
  readonly round_trip: { readonly initiator_ns: number; readonly responder_ns: number }
  /** As it happened at the tap, from packets into the appliance: SYN to SYN-ACK, and SYN-ACK to what answers it. Absent unless all three were seen. */
  readonly handshake?: { readonly responder_ns: number; readonly initiator_ns: number }
  /** The flow whose addresses and ports this one uses again; whoever tells flows by those alone sees one flow. */
  readonly reuse_of?: number
  readonly incident?: IncidentKind
  /** The telemetry record that each of its packets carries beside the load balancer's options, both times. */
  readonly told?: Told
}

export type IncidentKind = 'syn_flood' | 'port_scan' | 'noisy_neighbour'

/** Something that an operator would want to see, and what of it is in the capture. */
export interface IncidentTruth {
  readonly kind: 'incident'
  readonly incident: IncidentKind
  readonly scope: string
  /** One source, or the network that the many sources are of. */
  readonly source: string
  readonly destination: string
  readonly start: Moment
  readonly end: Moment
  readonly flows: number
  /** Into the appliance, both sides. */
  readonly packets: number
  readonly bytes: number
  /** Different destination ports. */
  readonly ports: number
}

/** A telemetry record that stands alone in its packet, by the names of its fields. */
export interface ToldTruth {
  readonly kind: 'told'
  readonly frame: number
  readonly time: Moment
  /** Outer addresses. */
  readonly source: string
  readonly destination: string
  readonly values: Told
}

/** First line: what the capture shows. */
export interface ScenarioTruth {
  readonly kind: 'scenario'
  readonly seed: number
  readonly start: Moment
  readonly vpcs: readonly {
    readonly scope: string
    readonly account_id: string
    readonly region: string
    readonly availability_zone: string
    readonly vpc_id: string
    readonly cidr: string
    /** Outer addresses: the load balancer's node and the appliance. */
    readonly node: string
    readonly appliance: string
  }[]
  /** In the order in which they are asked. */
  readonly rules: readonly (Omit<Rule, 'source'> & { readonly source?: string })[]
  readonly inspection: typeof INSPECTION
}

/** Last line. */
export interface TotalsTruth {
  readonly kind: 'totals'
  readonly packets: number
  /** Of whole frames, without the file's own headers. */
  readonly bytes: number
  readonly flows: number
  readonly flows_denied: number
  /** Into the appliance, out of it, and records that stand alone. */
  readonly packets_inward: number
  readonly packets_returned: number
  readonly packets_told: number
  /** Packets of flows that carry a record, both times. */
  readonly packets_with_record: number
  /** Of inner packets, both ways together. */
  readonly inner_bytes: number
  /** How often each option stands in the capture, by `0xCLASS/TYPE`. */
  readonly options: Readonly<Record<string, number>>
  readonly retransmissions: number
  readonly lost_before_tap: number
  readonly lost_after_tap: number
}

export type TruthLine = ScenarioTruth | FlowTruth | ToldTruth | IncidentTruth | TotalsTruth
