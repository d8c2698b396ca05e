import type { PacketView } from '@geneve-telemetry/core/wire'
import { FlowFinder, outerHash } from './flow-finder.ts'
import { FlowIndex } from './flow-index.ts'
import { LIFE, ROW, WAITING } from './flow-layout.ts'
import { FlowReader } from './flow-reader.ts'
import type { FlowStore } from './flow-store.ts'
import type { Slab } from './slab.ts'

const { ROW_SHIFT, VNI } = ROW
const { LIFE_SHIFT, BASE_OF_SIDE, PARTNER } = LIFE
/** |  Source and Destination Port 4  |  Sequence Number 4  |  Acknowledgment Number 4  |  RFC 9293, 3.1 */
const ACKNOWLEDGMENT = 8
/** How many connections of the same ends, in as many scopes, are looked at. */
const STEPS = 16

const SYN = 0x02
const SYN_ACK = 0x12
const NO_VNI = -1

/**
 * Where flows are filed. Each stands under its key; and while its scope is the VNI and it was seen in one direction only, also under its outer addresses, since
 * senders may put their own identity into the VNI: then it differs by direction. Each direction and VNI of a 5-tuple belongs to one flow at most.
 *
 * With a scope a SYN stands under its ends, too, while it has had no answer: the two directions of a connection may go through two scopes. Once they are known
 * to do, a row of its own has the key of the second scope.
 */
export class FlowDirectory {
  readonly finder: FlowFinder
  /** Packets that could have been the answer to several flows. */
  ambiguous = 0
  /** TCP flows that go the other way than a SYN in another scope that has had no answer, without evidence that they answer it. */
  unjoined = 0
  readonly #store: FlowStore
  readonly #reader: FlowReader
  /** Node 2 * row is a flow under its key, 2 * row + 1 under the VNI of its side B, where that is another one. */
  readonly #byKey: FlowIndex
  /** By row: the flows that have had no answer; those with a scope by their ends, and only where they began with a SYN. */
  readonly #unanswered: FlowIndex

  constructor(store: FlowStore, maxFlows: number, seed: number, slab: Slab) {
    this.#store = store
    this.#reader = new FlowReader(store)
    this.#byKey = new FlowIndex(2 * maxFlows + 1, maxFlows, slab)
    this.#unanswered = new FlowIndex(maxFlows, maxFlows, slab)
    this.finder = new FlowFinder(store, this.#byKey, seed)
  }

  /**
   * The flow that the packet answers, which the finder did not find: the one with the reversed 5-tuple between the same outer addresses reversed that has had
   * no answer. It is filed under the packet's VNI from now on. 0 if there is none, or several; a SYN answers nothing.
   */
  answeredBy(packet: PacketView): number {
    const { key } = this.finder
    if (key.scopeOption >= 0 || (packet.tcpFlags & SYN_ACK) === SYN) return 0
    const { next } = this.#unanswered
    let found = 0
    for (let row = this.#unanswered.first(outerHash(key, packet)); row !== 0; row = next[row]!) {
      if (this.finder.sideOf(row, packet) !== 1 || !this.#store.isOuterReverse(row, packet)) continue
      if (found !== 0) {
        this.ambiguous++
        return 0
      }
      found = row
    }
    if (found !== 0 && this.#reader.vniOf(found, 0) !== packet.vni) this.#byKey.add(2 * found + 1, key.hash)
    return found
  }

  /**
   * The flow of another scope whose SYN the packet, a SYN/ACK that the finder did not find, acknowledges. 0 if there is none, or several, or more of them wait
   * than are looked at: what goes the other way than one that waits is counted then, unless it is a SYN.
   */
  acknowledgedBy(packet: PacketView): number {
    const { key } = this.finder
    const { tcpFlags } = packet
    if (key.scopeOption < 0 || tcpFlags < 0 || (tcpFlags & SYN_ACK) === SYN) return 0
    const { next } = this.#unanswered
    let candidates = 0
    let acknowledged = 0
    let found = 0
    let steps = 0
    for (let row = this.#unanswered.first(key.tupleHash); row !== 0 && steps < STEPS; row = next[row]!, steps++) {
      if (!this.#reader.isScoped(row) || this.finder.sideOfEnds(row, packet) !== 1) continue
      candidates++
      if ((tcpFlags & SYN_ACK) !== SYN_ACK || !this.#isAcknowledged(row, packet)) continue
      acknowledged++
      found = row
    }
    if (acknowledged === 1 && steps < STEPS) return found
    if (candidates > 0) this.unjoined++
    return 0
  }

  /** What comes from side B of the flow has the packet's scope from now on; `partner` is a free row, which is to have that key. */
  join(row: number, partner: number, packet: PacketView): void {
    const { key } = this.finder
    const { lives } = this.#store
    this.answered(row)
    this.#store.open(partner, key, packet)
    lives[(row << LIFE_SHIFT) + PARTNER] = partner
    lives[(partner << LIFE_SHIFT) + PARTNER] = row
    this.#byKey.add(2 * partner + 1, key.hash)
  }

  /** Files the flow that the packet, which the finder did not find, has begun. */
  add(row: number, packet: PacketView): void {
    const { key } = this.finder
    const isSyn = packet.tcpFlags >= 0 && (packet.tcpFlags & SYN_ACK) === SYN
    this.#store.lives[(row << LIFE_SHIFT) + PARTNER] = key.scopeOption >= 0 && isSyn ? WAITING : 0
    if (key.scopeOption < 0) {
      if (this.#isWayBackTaken(packet)) this.#store.words[(row << ROW_SHIFT) + VNI + 1] = NO_VNI
      this.#unanswered.add(row, outerHash(key, packet))
    } else if (isSyn) {
      this.#unanswered.add(row, key.tupleHash)
    }
    this.#byKey.add(2 * row, key.hash)
  }

  /** The flow was seen in its second direction. */
  answered(row: number): void {
    if (this.#reader.isScoped(row)) this.#endWaiting(row)
    else this.#unanswered.remove(row)
  }

  #endWaiting(row: number): void {
    const { lives } = this.#store
    const at = (row << LIFE_SHIFT) + PARTNER
    if (lives[at] !== WAITING) return
    lives[at] = 0
    this.#unanswered.remove(row)
  }

  /** Returns the row that had the key of the flow's second scope; 0 if there was none. */
  remove(row: number): number {
    const reader = this.#reader
    this.#byKey.remove(2 * row)
    if (reader.isScoped(row)) this.#endWaiting(row)
    else if (reader.isOneSided(row)) this.#unanswered.remove(row)
    else if (reader.vniOf(row, 1) !== reader.vniOf(row, 0)) this.#byKey.remove(2 * row + 1)
    const partner = reader.partnerOf(row)
    if (partner !== 0) this.#byKey.remove(2 * partner + 1)
    return partner
  }

  /** Whether the packet acknowledges the SYN with which the flow began. */
  #isAcknowledged(row: number, { view, transport }: PacketView): boolean {
    return this.#store.lives[(row << LIFE_SHIFT) + BASE_OF_SIDE] === ((view.getInt32(transport + ACKNOWLEDGMENT) - 1) | 0)
  }

  /** Whether packets that go back with this VNI are of another flow already. */
  #isWayBackTaken(packet: PacketView): boolean {
    const { next } = this.#byKey
    for (let node = this.#byKey.first(this.finder.key.hash); node !== 0; node = next[node]!) {
      const side = this.finder.sideOf(node >> 1, packet)
      if (side >= 0 && this.#reader.vniOf(node >> 1, 1 - side) === packet.vni) return true
    }
    return false
  }
}
