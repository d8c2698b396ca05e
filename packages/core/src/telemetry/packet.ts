import type { DecodeIssue } from '../wire/issue.ts'
import type { Quantity } from './quantity.ts'
import type { FieldIssue } from './told.ts'

/** A GENEVE option as it stood in the packet, and what is known about it. */
export interface PacketOption {
  /** `0x0108` */
  readonly class: string
  /** All 8 bits: a critical option has 128 or more. */
  readonly type: number
  readonly critical: boolean
  /** Bytes of data, 0 to 124. */
  readonly length: number
  /** The data in lower-case hex. */
  readonly data: string
  /** Who the class belongs to (IANA), absent where it is not assigned. */
  readonly vendor?: string
  /** The decoded field or, with several in one option, the option's name. */
  readonly name?: string
  readonly value?: FieldValue
  /** What is wrong with a telemetry record's field; the value may stand all the same. */
  readonly issue?: FieldIssue
}

export type FieldValue = string | Quantity | boolean | readonly string[] | Readonly<Record<string, string | Quantity | boolean>>

/** Decoded values by vendor, then by field name. */
export type Telemetry = Readonly<Record<string, Readonly<Record<string, FieldValue>>>>

/** The innermost packet of the tunnel. */
export interface InnerPacket {
  readonly source?: string
  readonly destination?: string
  /** IANA keyword in lower case (`tcp`, `udp`, `icmp`, `ipv6-icmp`), `arp`, or the protocol's number as text. */
  readonly protocol?: string
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** Set flags in the order FSRPAUEC; '' when none is. */
  readonly tcpFlags?: string
  readonly ttl?: number
  /** 802.1Q ids inside the tunnel, outermost first. */
  readonly vlan?: readonly number[]
  readonly icmpType?: number
  readonly icmpCode?: number
  /** Tunnels passed on the way to this packet, outermost first. */
  readonly encapsulation?: readonly string[]
  /** Addresses of the first IP packet in the tunnel, where it is not this one. */
  readonly firstSource?: string
  readonly firstDestination?: string
}

/** One packet, decoded: the public shape of `decode --format ndjson`, of packet records and of `GeneveParser`. What is not there is absent. */
export interface DecodedPacket {
  readonly outer?: {
    readonly source?: string
    readonly destination?: string
    readonly sourcePort?: number
    readonly destinationPort?: number
    readonly ttl?: number
  }
  readonly geneve?: {
    readonly version: number
    readonly control: boolean
    readonly critical: boolean
    /** `0x6558` */
    readonly protocolType: string
    readonly vni: number
    readonly options: readonly PacketOption[]
  }
  readonly inner?: InnerPacket
  readonly telemetry?: Telemetry
  readonly issue?: DecodeIssue
}
