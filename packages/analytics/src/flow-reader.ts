import { encapsulationNames, type FlowSide, type FlowState, type Instant, vlanIds } from '@geneve-telemetry/core'
import { addressText } from '@geneve-telemetry/core/wire'
import { ADDRESSES, LIFE, ORIGIN, RETURNED, ROW, ROW_FLOATS, TRAITS } from './flow-layout.ts'
import { connectionState, STATE_BITS } from './flow-state.ts'
import type { FlowStore } from './flow-store.ts'

const { ROW_SHIFT, ADDRESS, PORTS, VLANS, SCOPE_OPTION, SCOPE_HIGH, SCOPE_LOW, VNI, STATE, LAST_NANOS, FIRST_NANOS } = ROW
const { FLOAT_SHIFT, LAST_SECONDS, FIRST_SECONDS, COUNTERS, COUNTERS_OF_SIDE } = ROW_FLOATS
const { ORIGIN_SHIFT, ORIGIN_FLOAT_SHIFT, FRAME, FORMS, OUTER_VERSION_SHIFT, FIRST_INNER_VERSION_SHIFT, ICMP_CODE_SHIFT } = ORIGIN
const { ENCAPSULATIONS, COOKIE_OPTION, COOKIE, OUTER } = ORIGIN
const { ADDRESSES_OF_ROW, UPPER_WORDS, OUTER_UPPER, SIDES_UPPER, FIRST_INNER, WHOLE_WORDS } = ADDRESSES
const { SEEN, INITIATOR_B, BY_SYN } = STATE_BITS

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

  /** The rows in the order of their flows' first frames, the last one first. */
  latestFirst(rows: readonly number[]): number[] {
    const frames = Float64Array.from(rows, (row) => this.frameOf(row))
    const order = Uint32Array.from(rows, (_, index) => index).sort((one, other) => frames[other]! - frames[one]!)
    return Array.from(order, (index) => rows[index]!)
  }

  /** 0, 1, 2 ...: the part of the flow that is in the row. */
  partOf(row: number): number {
    return this.#store.lives[(row << LIFE.LIFE_SHIFT) + LIFE.PART]!
  }

  /** Of a TCP connection. */
  connectionStateOf(row: number): FlowState {
    return connectionState(this.#stateOf(row))
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

  /** Of the first packet, if it was an ICMP message. */
  icmpCodeOf(row: number): number {
    return (this.#store.origins[(row << ORIGIN_SHIFT) + FORMS]! >> ICMP_CODE_SHIFT) & 0xff
  }

  initiatorOf(row: number): 0 | 1 {
    return (this.#stateOf(row) & INITIATOR_B) === 0 ? 0 : 1
  }

  isInitiatorBySyn(row: number): boolean {
    return (this.#stateOf(row) & BY_SYN) !== 0
  }

  /** Whether packets have come from one side only; that is A then. */
  isOneSided(row: number): boolean {
    return (this.#stateOf(row) & (SEEN << 1)) === 0
  }

  /** The row with the key of the flow's second scope; 0 if it has one scope only. */
  partnerOf(row: number): number {
    return Math.max(0, this.#store.lives[(row << LIFE.LIFE_SHIFT) + LIFE.PARTNER]!)
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
    return { ...traffic, ...((state & (SEEN << side)) !== 0 && { vni: this.vniOf(row, side) }), ...this.#returnedOf(row, side) }
  }

  #returnedOf(row: number, side: number): Pick<FlowSide, 'returnedPackets' | 'returnedBytes'> {
    const { returned } = this.#store
    const at = (row << RETURNED.RETURNED_FLOAT_SHIFT) + side * 2
    if (returned === undefined || returned[at] === 0) return {}
    return { returnedPackets: returned[at]!, returnedBytes: returned[at + 1]! }
  }

  /** The ids of the first four 802.1Q tags. */
  vlansOf(row: number): number[] {
    const at = (row << ROW_SHIFT) + VLANS
    const low = this.#store.words[at]!
    return vlanIds({ vlanCount: low >>> 24, vlansLow: low & 0xff_ffff, vlansHigh: this.#store.words[at + 1]! })
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
    const last = this.#store.words[(row << ROW_SHIFT) + ADDRESS + side]!
    return this.#splitText(row, this.versionOf(row), SIDES_UPPER + side * UPPER_WORDS, last)
  }

  /** The same as its 4 or 16 bytes. */
  addressBytesOf(row: number, side: number): Uint8Array {
    const version = this.versionOf(row)
    this.#fill(row, version, SIDES_UPPER + side * UPPER_WORDS, this.#store.words[(row << ROW_SHIFT) + ADDRESS + side]!)
    return new Uint8Array(this.#text.buffer.slice(0, version === 6 ? 16 : 4))
  }

  /** The outer addresses of the first packet, in its direction; `undefined` where the capture has none. */
  outerOf(row: number): AddressPair | undefined {
    const version = this.#versionOf(row, OUTER_VERSION_SHIFT)
    const at = (row << ORIGIN_SHIFT) + OUTER
    const { origins } = this.#store
    if (version === 0) return undefined
    return {
      source: this.#splitText(row, version, OUTER_UPPER, origins[at]!),
      destination: this.#splitText(row, version, OUTER_UPPER + UPPER_WORDS, origins[at + 1]!),
    }
  }

  /** The addresses of the first IP packet in the tunnel, where it is not the innermost; in the first packet's direction. */
  firstInnerOf(row: number): AddressPair | undefined {
    const version = this.#versionOf(row, FIRST_INNER_VERSION_SHIFT)
    const words = version === 6 ? WHOLE_WORDS : 1
    if (version === 0) return undefined
    return {
      source: this.#wholeText(row, version, FIRST_INNER, words),
      destination: this.#wholeText(row, version, FIRST_INNER + words, words),
    }
  }

  #splitText(row: number, version: number, upper: number, last: number): string {
    this.#fill(row, version, upper, last)
    return addressText(this.#text, 0, version)
  }

  #fill(row: number, version: number, upper: number, last: number): void {
    if (version === 6) this.#copy(row, upper, UPPER_WORDS)
    this.#text.setInt32(version === 6 ? 12 : 0, last)
  }

  #wholeText(row: number, version: number, word: number, words: number): string {
    this.#copy(row, word, words)
    return addressText(this.#text, 0, version)
  }

  #copy(row: number, word: number, words: number): void {
    const at = row * ADDRESSES_OF_ROW + word
    for (let index = 0; index < words; index++) this.#text.setInt32(index * 4, this.#store.addresses[at + index]!)
  }

  #versionOf(row: number, shift: number): number {
    return (this.#store.origins[(row << ORIGIN_SHIFT) + FORMS]! >> shift) & 15
  }

  #stateOf(row: number): number {
    return this.#store.words[(row << ROW_SHIFT) + STATE]!
  }
}
