import type { PacketView } from '@geneve-telemetry/core/wire'
import type { FlowKey } from './flow-key.ts'
import { ADDRESSES, LIFE, ORIGIN, RETURNED, ROW, ROW_FLOATS, TRAITS as TRAIT_BITS } from './flow-layout.ts'
import { STATE_BITS, stateAfter } from './flow-state.ts'
import type { Slab } from './slab.ts'

const { ROW_SHIFT, ADDRESS, PORTS, TRAITS, VLANS, SCOPE_OPTION, SCOPE_HIGH, SCOPE_LOW, VNI, STATE, LAST_NANOS, FIRST_NANOS } = ROW
const { FLOAT_SHIFT, LAST_SECONDS, FIRST_SECONDS, COUNTERS, COUNTERS_OF_SIDE } = ROW_FLOATS
const { ORIGIN_SHIFT, ORIGIN_FLOAT_SHIFT, FRAME, FORMS, OUTER_VERSION_SHIFT, FIRST_INNER_VERSION_SHIFT, ICMP_CODE_SHIFT } = ORIGIN
const { ENCAPSULATIONS, COOKIE_OPTION, COOKIE, OUTER } = ORIGIN
const { ADDRESSES_OF_ROW, UPPER_WORDS, OUTER_UPPER, SIDES_UPPER, FIRST_INNER, WHOLE_WORDS } = ADDRESSES

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
  readonly addresses: Int32Array
  readonly lives: Int32Array
  /** Packets and inner bytes that came back, by side; only where that is counted. */
  readonly returned: Float64Array | undefined

  constructor(rows: number, slab: Slab, countsReturned: boolean) {
    this.words = slab.ints((rows + 1) << ROW_SHIFT)
    this.floats = floatsOver(this.words)
    this.origins = slab.ints((rows + 1) << ORIGIN_SHIFT)
    this.originFloats = floatsOver(this.origins)
    this.addresses = slab.ints((rows + 1) * ADDRESSES_OF_ROW)
    this.lives = slab.ints((rows + 1) << LIFE.LIFE_SHIFT)
    this.returned = countsReturned ? floatsOver(slab.ints((rows + 1) << RETURNED.RETURNED_SHIFT)) : undefined
  }

  /** Makes the row the flow of its first packet, which has this key. */
  open(row: number, key: FlowKey, packet: PacketView): void {
    const { words, floats } = this
    const at = row << ROW_SHIFT
    words[at + ADDRESS] = key.source
    words[at + ADDRESS + 1] = key.destination
    words[at + PORTS] = key.ports
    words[at + TRAITS] = key.traits
    words[at + VLANS] = key.vlans
    words[at + VLANS + 1] = packet.vlansHigh
    words[at + SCOPE_OPTION] = key.scopeOption
    words[at + SCOPE_HIGH] = key.scopeHigh
    words[at + SCOPE_LOW] = key.scopeLow
    words[at + VNI] = packet.vni
    words[at + VNI + 1] = packet.vni
    words[at + STATE] = stateAfter(0, 0, packet.tcpFlags)
    words[at + FIRST_NANOS] = packet.nanos
    words[at + LAST_NANOS] = packet.nanos
    const atFloat = row << FLOAT_SHIFT
    floats[atFloat + FIRST_SECONDS] = packet.seconds
    floats[atFloat + LAST_SECONDS] = packet.seconds
    floats.fill(0, atFloat + COUNTERS, atFloat + COUNTERS + 2 * COUNTERS_OF_SIDE)
    floats[atFloat + COUNTERS] = 1
    floats[atFloat + COUNTERS + 1] = packet.innerLength
    floats[atFloat + COUNTERS + 2] = packet.wireLength
    this.#forgetReturned(row)
    this.#openOrigin(row, packet)
  }

  /** A packet of this side came back. */
  addReturned(row: number, side: number, { innerLength }: PacketView): void {
    if (this.returned === undefined) return
    const at = (row << RETURNED.RETURNED_FLOAT_SHIFT) + side * 2
    this.returned[at] = this.returned[at]! + 1
    this.returned[at + 1] = this.returned[at + 1]! + innerLength
  }

  #forgetReturned(row: number): void {
    const at = row << RETURNED.RETURNED_FLOAT_SHIFT
    this.returned?.fill(0, at, at + 4)
  }

  /** Makes the row that of the flow's next part, of which there is no packet yet but one that came at this time. */
  cut(row: number, { seconds, nanos }: PacketView): void {
    const { words, floats } = this
    const at = row << ROW_SHIFT
    const atFloat = row << FLOAT_SHIFT
    words[at + STATE] = words[at + STATE]! & ~STATE_BITS.FLAGS
    words[at + FIRST_NANOS] = nanos
    floats[atFloat + FIRST_SECONDS] = seconds
    floats.fill(0, atFloat + COUNTERS, atFloat + COUNTERS + 2 * COUNTERS_OF_SIDE)
    this.#forgetReturned(row)
  }

  /** A packet of the flow came at this time: the latest so far, or another. */
  noteTime(row: number, seconds: number, nanos: number): void {
    const { words, floats } = this
    const at = (row << ROW_SHIFT) + LAST_NANOS
    const atFloat = (row << FLOAT_SHIFT) + LAST_SECONDS
    const last = floats[atFloat | 0]!
    if (seconds > last || (seconds === last && nanos >= words[at | 0]!)) {
      floats[atFloat | 0] = seconds
      words[at | 0] = nanos
    } else {
      this.#noteEarlier(row, seconds, nanos)
    }
  }

  /** The packet is not the flow's latest; it may be the earliest. */
  #noteEarlier(row: number, seconds: number, nanos: number): void {
    const { words, floats } = this
    const at = row << ROW_SHIFT
    const atFloat = row << FLOAT_SHIFT
    const first = floats[atFloat + FIRST_SECONDS]!
    if (seconds > first || (seconds === first && nanos >= words[at + FIRST_NANOS]!)) return
    floats[atFloat + FIRST_SECONDS] = seconds
    words[at + FIRST_NANOS] = nanos
  }

  #openOrigin(row: number, packet: PacketView): void {
    const { origins } = this
    const { view, outerVersion, innerVersion, depth, cookie } = packet
    const at = row << ORIGIN_SHIFT
    this.originFloats[(row << ORIGIN_FLOAT_SHIFT) + FRAME] = packet.frame
    origins[at + FORMS] = innerVersion | (outerVersion << OUTER_VERSION_SHIFT) | ((packet.icmpCode & 0xff) << ICMP_CODE_SHIFT)
    origins[at + ENCAPSULATIONS] = packet.encapsulations | (depth << 28)
    origins[at + COOKIE_OPTION] = packet.cookieOption
    origins[at + COOKIE] = cookie < 0 ? 0 : view.getInt32(cookie)
    if (outerVersion !== 0) {
      const last = outerVersion === 6 ? 12 : 0
      origins[at + OUTER] = view.getInt32(packet.outerSource + last)
      origins[at + OUTER + 1] = view.getInt32(packet.outerDestination + last)
    }
    if (outerVersion === 6) this.#keepPair(row, OUTER_UPPER, UPPER_WORDS, view, packet.outerSource, packet.outerDestination)
    if (innerVersion === 6) this.#keepPair(row, SIDES_UPPER, UPPER_WORDS, view, packet.innerSource, packet.innerDestination)
    if (depth > 0 && packet.firstVersion !== 0) {
      origins[at + FORMS] = origins[at + FORMS]! | (packet.firstVersion << FIRST_INNER_VERSION_SHIFT)
      this.#keepPair(row, FIRST_INNER, packet.firstVersion === 6 ? WHOLE_WORDS : 1, view, packet.firstSource, packet.firstDestination)
    }
  }

  #keepPair(row: number, word: number, words: number, view: DataView, source: number, destination: number): void {
    const at = row * ADDRESSES_OF_ROW + word
    for (let index = 0; index < words; index++) {
      this.addresses[at + index] = view.getInt32(source + index * 4)
      this.addresses[at + words + index] = view.getInt32(destination + index * 4)
    }
  }

  /** Whether the packet's IPv6 addresses are, as to their first 96 bits, those of a flow that this side sends in. */
  isUpperOf(row: number, side: number, packet: PacketView): boolean {
    const source = side === 0 ? packet.innerSource : packet.innerDestination
    const destination = side === 0 ? packet.innerDestination : packet.innerSource
    return this.#isUpperPair(row, SIDES_UPPER, packet.view, source, destination)
  }

  /** Whether the packet, which is a later fragment and so has no ports, may be one of those that this side sends in the flow. */
  isFragmentOf(row: number, side: number, packet: PacketView): boolean {
    const { words } = this
    const { view, innerVersion, innerSource, innerDestination, scope, vni } = packet
    const at = row << ROW_SHIFT
    const last = innerVersion === 6 ? 12 : 0
    const kind = packet.protocol | (innerVersion === 6 ? TRAIT_BITS.IPV6_BIT : 0)
    if ((words[at + TRAITS]! & (TRAIT_BITS.PROTOCOL_MASK | TRAIT_BITS.IPV6_BIT)) !== kind) return false
    if (words[at + ADDRESS + side] !== view.getInt32(innerSource + last)) return false
    if (words[at + ADDRESS + 1 - side] !== view.getInt32(innerDestination + last)) return false
    if (words[at + VLANS] !== (packet.vlansLow | (packet.vlanCount << 24)) || words[at + VLANS + 1] !== packet.vlansHigh) return false
    if (innerVersion === 6 && !this.isUpperOf(row, side, packet)) return false
    const partner = side === 0 ? 0 : Math.max(0, this.lives[(row << LIFE.LIFE_SHIFT) + LIFE.PARTNER]!)
    // What side B sends has the second scope, which is in a row that has B as side A.
    if (partner !== 0 && this.isFragmentOf(partner, 0, packet)) return true
    if (words[at + SCOPE_OPTION] !== packet.scopeOption) return false
    if (scope < 0) return words[at + VNI + side] === vni
    return words[at + SCOPE_HIGH] === view.getInt32(scope) && words[at + SCOPE_LOW] === view.getInt32(scope + 4)
  }

  /** Whether the packet came from where the flow's first packet went, and goes to where that came from. */
  isOuterReverse(row: number, packet: PacketView): boolean {
    const { outerVersion, outerSource, outerDestination, view } = packet
    const at = row << ORIGIN_SHIFT
    if (((this.origins[at + FORMS]! >> OUTER_VERSION_SHIFT) & 15) !== outerVersion) return false
    if (outerVersion === 0) return true
    const last = outerVersion === 6 ? 12 : 0
    if (this.origins[at + OUTER] !== view.getInt32(outerDestination + last)) return false
    if (this.origins[at + OUTER + 1] !== view.getInt32(outerSource + last)) return false
    return outerVersion === 4 || this.#isUpperPair(row, OUTER_UPPER, view, outerDestination, outerSource)
  }

  #isUpperPair(row: number, word: number, view: DataView, first: number, second: number): boolean {
    const at = row * ADDRESSES_OF_ROW + word
    for (let index = 0; index < UPPER_WORDS; index++) {
      if (this.addresses[at + index] !== view.getInt32(first + index * 4)) return false
      if (this.addresses[at + UPPER_WORDS + index] !== view.getInt32(second + index * 4)) return false
    }
    return true
  }
}

function floatsOver({ buffer, byteOffset, byteLength }: Int32Array): Float64Array {
  return new Float64Array(buffer, byteOffset, byteLength / 8)
}
