import type { DecodedPacket, Telemetry } from './packet.ts'
import type { Quantity } from './quantity.ts'
import type { Subject, ToldValues } from './told.ts'

/** A point in time: whole seconds since 1970-01-01T00:00:00Z and the nanoseconds beyond them (0 to 999,999,999). */
export interface Instant {
  readonly seconds: number
  readonly nanos: number
}

interface Common {
  /** Deterministic: the same capture gives the same ids. */
  readonly id: string
  /** Who saw it: a host or tap, as the operator calls it. */
  readonly observer: string
}

/** One frame of a capture. */
export interface PacketRecord extends Common {
  readonly kind: 'packet'
  readonly time: Instant
  /** Number of the frame in its source, from 1. */
  readonly frame: number
  /** Bytes on the wire and bytes captured. */
  readonly length: number
  readonly capturedLength: number
  readonly packet: DecodedPacket
}

/**
 * What senders said of one subject in the telemetry records of their packets: the last value of each field. It goes out when the subject is new, when an
 * identity or state has changed, and once an interval while there are packets that carry it, however many those are.
 */
export interface ToldRecord extends Common {
  readonly kind: 'telemetry'
  /** Of the last packet that carried something of it. */
  readonly time: Instant
  /** Whose fields these are, as in `Telemetry`. */
  readonly vendor: string
  readonly subject: Subject
  readonly reason: 'new' | 'change' | 'interval' | 'end'
  /** How many packets carried it since the last record of this subject; the first after a restart counts from 1. */
  readonly packets: number
  readonly values: ToldValues
}

/** What went one way through a flow. */
export interface FlowSide {
  readonly packets: number
  /** Bytes of the innermost IP packets, their headers included, as the headers say. */
  readonly bytes: number
  /** Bytes of the outer frames on the wire. */
  readonly tunnelBytes: number
  /** All TCP flags seen, ORed: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128; 0 for other protocols. */
  readonly tcpFlags: number
  /** Packets that an appliance sent back to where they had come from, and their bytes; they are not in `packets`. Absent where none were. */
  readonly returnedPackets?: number
  readonly returnedBytes?: number
  /** The VNI of its packets, absent while none was seen. */
  readonly vni?: number
}

/** Why a flow's record was written; `reused`: a SYN with another sequence number began a new connection of the same ends. The numbers are IPFIX's flowEndReason (136). */
export const FLOW_ENDS = { fin: 3, rst: 3, reused: 3, idle: 1, 'active-timeout': 2, evicted: 5, 'end-of-input': 4 } as const
export type FlowEnd = keyof typeof FLOW_ENDS

/**
 * How far a TCP connection had come when the record was written: `syn-sent`, nothing came back; `syn-received`, a SYN/ACK did; `refused`, an RST did;
 * `established`, also where the beginning was not seen; `closing`, one side has sent a FIN; `closed`, both have; `reset`, one has sent an RST.
 */
export type FlowState = 'syn-sent' | 'syn-received' | 'refused' | 'established' | 'closing' | 'closed' | 'reset'

/** Has the figures of a sample. */
export interface Weighted {
  /**
   * Of a sample that one in so many flows is in; absent where all are. A flow's own figures are exact, and it stands for so many flows; the packets, bytes and
   * flows of a traffic metric are multiplied by it already, so that they are estimates.
   */
  readonly weight?: number
}

/** A bidirectional flow of inner packets, or a part of one. `source` is the initiator. */
export interface FlowRecord extends Common, Weighted {
  readonly kind: 'flow'
  /** Names the flow; all its parts share it. */
  readonly flow: string
  /** 0, 1, 2 ...: parts of a long flow add up to the whole. */
  readonly part: number
  readonly final: boolean
  readonly reason: FlowEnd
  /** Of TCP only. */
  readonly state?: FlowState
  /** Community ID, version 1, of the innermost packets, seed 0. */
  readonly communityId?: string
  readonly start: Instant
  readonly end: Instant
  /** Number of the first packet's frame in its source. */
  readonly frame: number
  readonly version: 4 | 6
  /** IANA protocol number. */
  readonly protocol: number
  readonly source: string
  readonly destination: string
  /** Absent for protocols without ports and for what has none on the wire. */
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly icmpType?: number
  readonly icmpCode?: number
  /** Its directions went through two scopes: the responder's SYN/ACK, which acknowledges the initiator's SYN, came through another one. Absent where none did. */
  readonly asymmetric?: true
  /** How the initiator is known: by a SYN without ACK, else the sender of the first packet seen is taken for it. */
  readonly initiator: 'syn' | 'first-packet'
  readonly vlan: readonly number[]
  /** Tunnels inside the tunnel, with the first inner addresses (forward direction) where they are not the flow's. */
  readonly encapsulation: readonly string[]
  readonly firstSource?: string
  readonly firstDestination?: string
  /** Outer addresses of the first packet, in its direction. */
  readonly outerSource?: string
  readonly outerDestination?: string
  readonly forward: FlowSide
  readonly reverse: FlowSide
  /** What the options of the flow's first packet said in the fields with a role (scope, cookie). */
  readonly telemetry?: Telemetry
}

/** A sum counts what happened within [start, end) of its record; a gauge is a level at `end`. */
export type Point = { readonly type: 'sum'; readonly value: Quantity } | { readonly type: 'gauge'; readonly value: number }

/** Figures of one series over one interval. */
export interface MetricRecord extends Common, Weighted {
  readonly kind: 'metric'
  /** The group of figures this is one row of: `traffic`, `option`, `decoder`. */
  readonly measurement: string
  /** By `Name.name`. */
  readonly attributes: Readonly<Record<string, string | number>>
  readonly start: Instant
  readonly end: Instant
  /** By `Name.name`. */
  readonly points: Readonly<Record<string, Point>>
}

export type TelemetryRecord = PacketRecord | ToldRecord | FlowRecord | MetricRecord
export type Emit = (record: TelemetryRecord) => void
