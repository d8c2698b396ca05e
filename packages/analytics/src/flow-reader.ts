import { encapsulationNames, type FlowSide, type Instant, vlanIds } from '@geneve-telemetry/core'
import { addressText } from '@geneve-telemetry/core/wire'
import { ORIGIN, ROW, ROW_FLOATS, STATE, TRAITS, UPPER } from './flow-layout.ts'
import type { FlowStore } from './flow-store.ts'

const { ROW_SHIFT, ADDRESS, PORTS, VLANS, SCOPE_OPTION, SCOPE_HIGH, SCOPE_LOW, VNI, LAST_NANOS, FIRST_NANOS } = ROW
const { FLOAT_SHIFT, LAST_SECONDS, FIRST_SECONDS, COUNTERS, COUNTERS_OF_SIDE } = ROW_FLOATS
const { ORIGIN_SHIFT, ORIGIN_FLOAT_SHIFT, FRAME, VERSIONS, OUTER_VERSION_SHIFT, FIRST_INNER_VERSION_SHIFT, ENCAPSULATIONS, VLAN_COUNT } =
  ORIGIN
const { ICMP_CODE, COOKIE_OPTION, COOKIE, OUTER, FIRST_INNER } = ORIGIN
const { UPPERS_OF_ROW, UPPER_WORDS, UPPER_OUTER, UPPER_FIRST_INNER, UPPER_SIDES } = UPPER

/** Where from and where to. */
export interface AddressPair {
  readonly source: string
  readonly destination: string
}

/** What is known of a flow, out of the rows of a store: for whoever looks at one now and then. */
export class FlowReader {
  readonly #store: FlowStore
  readonly #text = new DataView(new ArrayBuffer(16))

  constructor(store: FlowStore) {
    this.#store = store
  }

  frameOf(row: number): number {
    return this.#store.originFloats[(row << ORIGIN_FLOAT_SHIFT) + FRAME]!
  }

  /** IP version of the innermost packets. */
  versionOf(row: number): 4 | 6 {
    return this.#versionOf(row, 0) === 6 ? 6 : 4
  }

  /** IANA protocol number. */
  protocolOf(row: number): number {
    return this.#store.words[(row << ROW_SHIFT) + ROW.TRAITS]! & TRAITS.PROTOCOL_MASK
  }

  portsOf(row: number): number {
    return this.#store.words[(row << ROW_SHIFT) + PORTS]!
  }

  /** Of the first packet; -1 where it was no ICMP message. */
  icmpCodeOf(row: number): number {
    return this.#store.origins[(row << ORIGIN_SHIFT) + ICMP_CODE]!
  }

  initiatorOf(row: number): 0 | 1 {
    return (this.#stateOf(row) & STATE.INITIATOR_B) === 0 ? 0 : 1
  }

  isInitiatorBySyn(row: number): boolean {
    return (this.#stateOf(row) & STATE.BY_SYN) !== 0
  }

  /** Whether packets have come from one side only; that is A then. */
  isOneSided(row: number): boolean {
    return (this.#stateOf(row) & (STATE.SEEN << 1)) === 0
  }

  isScoped(row: number): boolean {
    return this.#store.words[(row << ROW_SHIFT) + SCOPE_OPTION]! >= 0
  }

  vniOf(row: number, side: number): number {
    return this.#store.words[(row << ROW_SHIFT) + VNI + side]!
  }

  packetsOf(row: number): number {
    const counters = (row << FLOAT_SHIFT) + COUNTERS
    return this.#store.floats[counters]! + this.#store.floats[counters + COUNTERS_OF_SIDE]!
  }

  firstOf(row: number): Instant {
    return {
      seconds: this.#store.floats[(row << FLOAT_SHIFT) + FIRST_SECONDS]!,
      nanos: this.#store.words[(row << ROW_SHIFT) + FIRST_NANOS]!,
    }
  }

  lastOf(row: number): Instant {
    return { seconds: this.#store.floats[(row << FLOAT_SHIFT) + LAST_SECONDS]!, nanos: this.#store.words[(row << ROW_SHIFT) + LAST_NANOS]! }
  }

  /** What came from this side. */
  trafficOf(row: number, side: number): FlowSide {
    const counters = (row << FLOAT_SHIFT) + COUNTERS + side * COUNTERS_OF_SIDE
    const state = this.#stateOf(row)
    const traffic = {
      packets: this.#store.floats[counters]!,
      bytes: this.#store.floats[counters + 1]!,
      tunnelBytes: this.#store.floats[counters + 2]!,
      tcpFlags: (state >> (side << 3)) & 0xff,
    }
    return (state & (STATE.SEEN << side)) === 0 ? traffic : { ...traffic, vni: this.vniOf(row, side) }
  }

  /** The ids of the first four 802.1Q tags. */
  vlansOf(row: number): number[] {
    const at = (row << ROW_SHIFT) + VLANS
    const vlanCount = this.#store.origins[(row << ORIGIN_SHIFT) + VLAN_COUNT]!
    return vlanIds({ vlanCount, vlansLow: this.#store.words[at]! & 0xff_ffff, vlansHigh: this.#store.words[at + 1]! })
  }

  encapsulationsOf(row: number): string[] {
    const word = this.#store.origins[(row << ORIGIN_SHIFT) + ENCAPSULATIONS]!
    return encapsulationNames(word & 0xfff_ffff, word >>> 28)
  }

  /** The scope's option as optionClass * 256 + type, the cookie's, and their bytes as core's `OptionTable.describeFlow` takes them. */
  rolesOf(row: number): { scopeOption: number; cookieOption: number; data: DataView } {
    const at = row << ROW_SHIFT
    const atOrigin = row << ORIGIN_SHIFT
    const data = new DataView(new ArrayBuffer(12))
    data.setInt32(0, this.#store.words[at + SCOPE_HIGH]!)
    data.setInt32(4, this.#store.words[at + SCOPE_LOW]!)
    data.setInt32(8, this.#store.origins[atOrigin + COOKIE]!)
    return { scopeOption: this.#store.words[at + SCOPE_OPTION]!, cookieOption: this.#store.origins[atOrigin + COOKIE_OPTION]!, data }
  }

  /** The innermost address of a side. */
  addressOf(row: number, side: number): string {
    const at = (row << ROW_SHIFT) + ADDRESS + side
    return this.#addressText(row, this.versionOf(row), this.#store.words[at]!, UPPER_SIDES + side * UPPER_WORDS)
  }

  /** The outer addresses of the first packet, in its direction; `undefined` where the capture has none. */
  outerOf(row: number): AddressPair | undefined {
    return this.#pairOf(row, OUTER_VERSION_SHIFT, OUTER, UPPER_OUTER)
  }

  /** The addresses of the first IP packet in the tunnel, where it is not the innermost; in the first packet's direction. */
  firstInnerOf(row: number): AddressPair | undefined {
    return this.#pairOf(row, FIRST_INNER_VERSION_SHIFT, FIRST_INNER, UPPER_FIRST_INNER)
  }

  #pairOf(row: number, versionShift: number, word: number, upper: number): AddressPair | undefined {
    const version = this.#versionOf(row, versionShift)
    const at = (row << ORIGIN_SHIFT) + word
    if (version === 0) return undefined
    return {
      source: this.#addressText(row, version, this.#store.origins[at]!, upper),
      destination: this.#addressText(row, version, this.#store.origins[at + 1]!, upper + UPPER_WORDS),
    }
  }

  #addressText(row: number, version: number, last: number, upper: number): string {
    const text = this.#text
    if (version === 4) text.setInt32(0, last)
    else {
      for (let word = 0; word < UPPER_WORDS; word++) text.setInt32(word * 4, this.#store.uppers[row * UPPERS_OF_ROW + upper + word]!)
      text.setInt32(12, last)
    }
    return addressText(text, 0, version)
  }

  #versionOf(row: number, shift: number): number {
    return (this.#store.origins[(row << ORIGIN_SHIFT) + VERSIONS]! >> shift) & 15
  }

  #stateOf(row: number): number {
    return this.#store.words[(row << ROW_SHIFT) + ROW.STATE]!
  }
}
