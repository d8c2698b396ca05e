import type { FlowSide, Instant } from '@geneve-telemetry/core'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { FlowKey } from './flow-key.ts'
import type { FlowOrigins } from './flow-origins.ts'

// A row is 32 words of 32 bits, two cache lines. Times and counters are 64-bit floats over the same bytes.
const ROW_SHIFT = 5
const ROW_WORDS = 32
const ADDRESS_A = 0
const ADDRESS_B = 1
const PORTS = 2
const TRAITS = 3
const VLANS_LOW = 4
const VLANS_HIGH = 5
const SCOPE_OPTION = 6
const SCOPE_HIGH = 7
const SCOPE_LOW = 8
/** Of side A, then of side B. */
const VNI = 9
/** TCP flags from A in the lowest byte, from B in the next, and the bits below. */
const STATE = 11
const EPOCH = 12
const LAST_NANOS = 13
const KEY_HASH = 30
const FIRST_NANOS = 31
// The row's floats.
const FLOAT_SHIFT = 4
const LAST_SECONDS = 7
const FIRST_SECONDS = 8
/** Packets, inner bytes, tunnel bytes from A, then from B. */
const COUNTERS = 9
const COUNTERS_OF_SIDE = 3

const SEEN_A = 0x1_0000
const SEEN_B = 0x2_0000
const INITIATOR_B = 0x4_0000
const BY_SYN = 0x8_0000

const SYN = 0x02
const ACK = 0x10
const NO_EPOCH = -1

/**
 * What changes with each packet of the flows, in one flat array: a flow allocates nothing, and rows that were never used never become memory.
 * A flow has two sides: A (0), which sent its first packet, and B (1). Which of them began it may turn out later.
 */
export class FlowRows {
  readonly #origins: FlowOrigins
  readonly #words: Int32Array
  readonly #floats: Float64Array

  constructor(count: number, origins: FlowOrigins) {
    this.#origins = origins
    this.#words = new Int32Array(count * ROW_WORDS)
    this.#floats = new Float64Array(this.#words.buffer)
  }

  /** Which side of this flow sent the packet, by all of its key but the VNI; -1 if none did. */
  sideOf(row: number, key: FlowKey, packet: PacketView): number {
    const words = this.#words
    const at = row << ROW_SHIFT
    if (
      words[at + TRAITS] !== key.traits ||
      words[at + SCOPE_LOW] !== key.scopeLow ||
      words[at + SCOPE_HIGH] !== key.scopeHigh ||
      words[at + SCOPE_OPTION] !== key.scopeOption ||
      words[at + VLANS_LOW] !== key.vlansLow ||
      words[at + VLANS_HIGH] !== key.vlansHigh
    )
      return -1
    const { source, destination } = key
    const ports = words[at + PORTS]
    const addressA = words[at + ADDRESS_A]
    const addressB = words[at + ADDRESS_B]
    if (ports === key.ports && addressA === source && addressB === destination && this.#origins.isFrom(row, 0, packet)) return 0
    if (ports === key.portsBack && addressA === destination && addressB === source && this.#origins.isFrom(row, 1, packet)) return 1
    return -1
  }

  /** Makes the row the flow that this packet begins. The packet itself is not counted yet. */
  open(row: number, key: FlowKey, packet: PacketView): void {
    const words = this.#words
    const floats = this.#floats
    const at = row << ROW_SHIFT
    const atFloat = row << FLOAT_SHIFT
    words[at + ADDRESS_A] = key.source
    words[at + ADDRESS_B] = key.destination
    words[at + PORTS] = key.ports
    words[at + TRAITS] = key.traits
    words[at + VLANS_LOW] = key.vlansLow
    words[at + VLANS_HIGH] = key.vlansHigh
    words[at + SCOPE_OPTION] = key.scopeOption
    words[at + SCOPE_HIGH] = key.scopeHigh
    words[at + SCOPE_LOW] = key.scopeLow
    words[at + VNI] = key.vni
    words[at + VNI + 1] = key.vni
    words[at + STATE] = 0
    words[at + EPOCH] = NO_EPOCH
    words[at + KEY_HASH] = key.hash
    words[at + FIRST_NANOS] = packet.nanos
    words[at + LAST_NANOS] = packet.nanos
    floats[atFloat + FIRST_SECONDS] = packet.seconds
    floats[atFloat + LAST_SECONDS] = packet.seconds
    floats.fill(0, atFloat + COUNTERS, atFloat + COUNTERS + 2 * COUNTERS_OF_SIDE)
    this.#origins.open(row, packet)
  }

  /** Adds a packet from this side. Whether it was the first one from there. */
  count(row: number, side: number, packet: PacketView): boolean {
    const words = this.#words
    const floats = this.#floats
    const at = row << ROW_SHIFT
    const before = words[at + STATE]!
    let state = before | (SEEN_A << side)
    const flags = packet.tcpFlags
    if (flags > 0) {
      state |= flags << (side << 3)
      if ((flags & SYN) !== 0 && (state & BY_SYN) === 0) {
        // A SYN's sender began the flow, a SYN/ACK's receiver did.
        state &= ~INITIATOR_B
        state |= BY_SYN | (((flags & ACK) === 0) === (side === 1) ? INITIATOR_B : 0)
      }
    }
    words[at + STATE] = state

    const atFloat = row << FLOAT_SHIFT
    const counters = atFloat + COUNTERS + side * COUNTERS_OF_SIDE
    floats[counters] = floats[counters]! + 1
    floats[counters + 1] = floats[counters + 1]! + packet.innerLength
    floats[counters + 2] = floats[counters + 2]! + packet.wireLength

    const { seconds, nanos } = packet
    const last = floats[atFloat + LAST_SECONDS]!
    if (seconds > last || (seconds === last && nanos >= words[at + LAST_NANOS]!)) {
      floats[atFloat + LAST_SECONDS] = seconds
      words[at + LAST_NANOS] = nanos
    } else {
      const first = floats[atFloat + FIRST_SECONDS]!
      if (seconds < first || (seconds === first && nanos < words[at + FIRST_NANOS]!)) {
        floats[atFloat + FIRST_SECONDS] = seconds
        words[at + FIRST_NANOS] = nanos
      }
    }
    if ((before & (SEEN_A << side)) !== 0) return false
    // Of a flow that has a scope, both sides' VNIs are what their first packets say. Else a packet would not be of this flow with another one.
    words[at + VNI + side] = packet.vni
    return true
  }

  /** 0 = packets from this side go from the initiator to the responder, 1 = back. */
  directionOf(row: number, side: number): 0 | 1 {
    const isInitiator = this.initiatorOf(row) === side
    return isInitiator ? 0 : 1
  }

  initiatorOf(row: number): 0 | 1 {
    return (this.#words[(row << ROW_SHIFT) + STATE]! & INITIATOR_B) === 0 ? 0 : 1
  }

  isInitiatorBySyn(row: number): boolean {
    return (this.#words[(row << ROW_SHIFT) + STATE]! & BY_SYN) !== 0
  }

  /** Whether packets have come from one side only; that is A then. */
  isOneSided(row: number): boolean {
    return (this.#words[(row << ROW_SHIFT) + STATE]! & SEEN_B) === 0
  }

  isScoped(row: number): boolean {
    return this.#words[(row << ROW_SHIFT) + SCOPE_OPTION]! >= 0
  }

  /** The VNI of packets from this side; where it is the scope, also before there were any. -1 = none is known. */
  vniOf(row: number, side: number): number {
    return this.#words[(row << ROW_SHIFT) + VNI + side]!
  }

  setVni(row: number, side: number, vni: number): void {
    this.#words[(row << ROW_SHIFT) + VNI + side] = vni
  }

  epochOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + EPOCH]!
  }

  setEpoch(row: number, epoch: number): void {
    this.#words[(row << ROW_SHIFT) + EPOCH] = epoch
  }

  keyHashOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + KEY_HASH]!
  }

  /** IANA protocol number. */
  protocolOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + TRAITS]! & 0xff
  }

  /** A's port in the upper 16 bits and B's in the lower; for ICMP the type, and its counterpart or the code. */
  portsOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + PORTS]!
  }

  /** The last 32 bits of the address. */
  addressWordOf(row: number, side: number): number {
    return this.#words[(row << ROW_SHIFT) + ADDRESS_A + side]!
  }

  /** The ids of 802.1Q tags as PacketView packs them. */
  vlansOf(row: number): { vlansLow: number; vlansHigh: number } {
    const at = row << ROW_SHIFT
    return { vlansLow: this.#words[at + VLANS_LOW]! & 0xff_ffff, vlansHigh: this.#words[at + VLANS_HIGH]! }
  }

  /** The scope's option as optionClass * 256 + type, and its 8 bytes; an option of -1 where the VNI is the scope. */
  scopeOf(row: number): { option: number; high: number; low: number } {
    const at = row << ROW_SHIFT
    return { option: this.#words[at + SCOPE_OPTION]!, high: this.#words[at + SCOPE_HIGH]!, low: this.#words[at + SCOPE_LOW]! }
  }

  firstOf(row: number): Instant {
    return { seconds: this.#floats[(row << FLOAT_SHIFT) + FIRST_SECONDS]!, nanos: this.#words[(row << ROW_SHIFT) + FIRST_NANOS]! }
  }

  lastOf(row: number): Instant {
    return { seconds: this.#floats[(row << FLOAT_SHIFT) + LAST_SECONDS]!, nanos: this.#words[(row << ROW_SHIFT) + LAST_NANOS]! }
  }

  packetsOf(row: number): number {
    const counters = (row << FLOAT_SHIFT) + COUNTERS
    return this.#floats[counters]! + this.#floats[counters + COUNTERS_OF_SIDE]!
  }

  /** What came from this side. */
  trafficOf(row: number, side: number): FlowSide {
    const counters = (row << FLOAT_SHIFT) + COUNTERS + side * COUNTERS_OF_SIDE
    const state = this.#words[(row << ROW_SHIFT) + STATE]!
    const traffic = {
      packets: this.#floats[counters]!,
      bytes: this.#floats[counters + 1]!,
      tunnelBytes: this.#floats[counters + 2]!,
      tcpFlags: (state >> (side << 3)) & 0xff,
    }
    return (state & (SEEN_A << side)) === 0 ? traffic : { ...traffic, vni: this.vniOf(row, side) }
  }
}
