import type { PacketView } from '@geneve-telemetry/core/wire'
import type { FlowKey } from './flow-key.ts'
import { ORIGIN, ROW, ROW_FLOATS, UPPER } from './flow-layout.ts'
import type { Slab } from './slab.ts'

const { ROW_SHIFT, ADDRESS, PORTS, VLANS, SCOPE_OPTION, SCOPE_HIGH, SCOPE_LOW, VNI, EPOCH, LAST_NANOS, FIRST_NANOS, HASH } = ROW
const { FLOAT_SHIFT, LAST_SECONDS, FIRST_SECONDS, COUNTERS, COUNTERS_OF_SIDE } = ROW_FLOATS
const { ORIGIN_SHIFT, ORIGIN_FLOAT_SHIFT, FRAME, VERSIONS, ENCAPSULATIONS, VLAN_COUNT, ICMP_CODE, COOKIE_OPTION, COOKIE } = ORIGIN
const { OUTER, FIRST_INNER, OUTER_VERSION_SHIFT, FIRST_INNER_VERSION_SHIFT } = ORIGIN
const { UPPERS_OF_ROW, UPPER_WORDS, UPPER_OUTER, UPPER_FIRST_INNER, UPPER_SIDES } = UPPER

const NO_EPOCH = -1

/**
 * All that is known of the open flows, in flat arrays by row, from 1 up: a flow allocates nothing, and rows that were never used never become memory.
 * The layout is in flow-layout.ts.
 */
export class FlowStore {
  readonly words: Int32Array
  /** Over the same bytes. */
  readonly floats: Float64Array
  readonly origins: Int32Array
  readonly originFloats: Float64Array
  readonly uppers: Int32Array

  constructor(rows: number, slab: Slab) {
    this.words = slab.ints((rows + 1) << ROW_SHIFT)
    this.floats = floatsOver(this.words)
    this.origins = slab.ints((rows + 1) << ORIGIN_SHIFT)
    this.originFloats = floatsOver(this.origins)
    this.uppers = slab.ints((rows + 1) * UPPERS_OF_ROW)
  }

  /** Makes the row the flow that this packet begins. The packet itself is not counted yet. */
  open(row: number, key: FlowKey, packet: PacketView): void {
    const { words, floats } = this
    const at = row << ROW_SHIFT
    words[at + ADDRESS] = key.source
    words[at + ADDRESS + 1] = key.destination
    words[at + PORTS] = key.ports
    words[at + ROW.TRAITS] = key.traits
    words[at + VLANS] = key.vlans
    words[at + VLANS + 1] = packet.vlansHigh
    words[at + SCOPE_OPTION] = key.scopeOption
    words[at + SCOPE_HIGH] = key.scopeHigh
    words[at + SCOPE_LOW] = key.scopeLow
    words[at + VNI] = packet.vni
    words[at + VNI + 1] = packet.vni
    words[at + ROW.STATE] = 0
    words[at + EPOCH] = NO_EPOCH
    words[at + HASH] = key.hash
    words[at + FIRST_NANOS] = packet.nanos
    words[at + LAST_NANOS] = packet.nanos
    const atFloat = row << FLOAT_SHIFT
    floats[atFloat + FIRST_SECONDS] = packet.seconds
    floats[atFloat + LAST_SECONDS] = packet.seconds
    for (let counter = 0; counter < 2 * COUNTERS_OF_SIDE; counter++) floats[atFloat + COUNTERS + counter] = 0
    this.#openOrigin(row, packet)
  }

  #openOrigin(row: number, packet: PacketView): void {
    const { origins } = this
    const { outerVersion, innerVersion, depth } = packet
    const firstVersion = depth > 0 ? packet.firstVersion : 0
    const at = row << ORIGIN_SHIFT
    this.originFloats[(row << ORIGIN_FLOAT_SHIFT) + FRAME] = packet.frame
    origins[at + VERSIONS] = innerVersion | (outerVersion << OUTER_VERSION_SHIFT) | (firstVersion << FIRST_INNER_VERSION_SHIFT)
    origins[at + ENCAPSULATIONS] = packet.encapsulations | (depth << 28)
    origins[at + VLAN_COUNT] = packet.vlanCount
    origins[at + ICMP_CODE] = packet.icmpCode
    origins[at + COOKIE_OPTION] = packet.cookieOption
    origins[at + COOKIE] = packet.cookie < 0 ? 0 : packet.view.getInt32(packet.cookie)
    if (outerVersion !== 0) this.#keepPair(row, at + OUTER, UPPER_OUTER, packet, packet.outerSource, packet.outerDestination, outerVersion)
    if (firstVersion !== 0)
      this.#keepPair(row, at + FIRST_INNER, UPPER_FIRST_INNER, packet, packet.firstSource, packet.firstDestination, firstVersion)
    if (innerVersion === 6) {
      this.#keepUpper(row * UPPERS_OF_ROW + UPPER_SIDES, packet.view, packet.innerSource)
      this.#keepUpper(row * UPPERS_OF_ROW + UPPER_SIDES + UPPER_WORDS, packet.view, packet.innerDestination)
    }
  }

  #keepPair(row: number, at: number, upper: number, packet: PacketView, source: number, destination: number, version: number): void {
    const last = version === 6 ? 12 : 0
    this.origins[at] = packet.view.getInt32(source + last)
    this.origins[at + 1] = packet.view.getInt32(destination + last)
    if (version !== 6) return
    this.#keepUpper(row * UPPERS_OF_ROW + upper, packet.view, source)
    this.#keepUpper(row * UPPERS_OF_ROW + upper + UPPER_WORDS, packet.view, destination)
  }

  #keepUpper(at: number, view: DataView, offset: number): void {
    for (let word = 0; word < UPPER_WORDS; word++) this.uppers[at + word] = view.getInt32(offset + word * 4)
  }

  /** Whether the packet's IPv6 addresses are, as to their first 96 bits, those of a flow that this side sends in. */
  isUpperOf(row: number, side: number, packet: PacketView): boolean {
    const at = row * UPPERS_OF_ROW + UPPER_SIDES
    return this.#isUpperPair(at, side === 0, packet.view, packet.innerSource, packet.innerDestination)
  }

  /** Whether the packet came from where the flow's first packet went, and goes to where that came from. */
  isOuterReverse(row: number, packet: PacketView): boolean {
    const { outerVersion, outerSource, outerDestination, view } = packet
    const at = row << ORIGIN_SHIFT
    if (((this.origins[at + VERSIONS]! >> OUTER_VERSION_SHIFT) & 15) !== outerVersion) return false
    if (outerVersion === 0) return true
    const last = outerVersion === 6 ? 12 : 0
    if (this.origins[at + OUTER] !== view.getInt32(outerDestination + last)) return false
    if (this.origins[at + OUTER + 1] !== view.getInt32(outerSource + last)) return false
    return outerVersion === 4 || this.#isUpperPair(row * UPPERS_OF_ROW + UPPER_OUTER, false, view, outerSource, outerDestination)
  }

  #isUpperPair(at: number, isSameWay: boolean, view: DataView, source: number, destination: number): boolean {
    const { uppers } = this
    const first = isSameWay ? source : destination
    const second = isSameWay ? destination : source
    for (let word = 0; word < UPPER_WORDS; word++) {
      if (uppers[at + word] !== view.getInt32(first + word * 4)) return false
      if (uppers[at + UPPER_WORDS + word] !== view.getInt32(second + word * 4)) return false
    }
    return true
  }
}

function floatsOver({ buffer, byteOffset, byteLength }: Int32Array): Float64Array {
  return new Float64Array(buffer, byteOffset, byteLength / 8)
}
