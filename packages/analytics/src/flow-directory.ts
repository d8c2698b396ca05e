import type { PacketView } from '@geneve-telemetry/core/wire'
import { FlowFinder, outerHash } from './flow-finder.ts'
import { FlowIndex } from './flow-index.ts'
import { ROW } from './flow-layout.ts'
import { FlowReader } from './flow-reader.ts'
import type { FlowStore } from './flow-store.ts'
import type { Slab } from './slab.ts'

const { ROW_SHIFT, VNI } = ROW

const SYN = 0x02
const SYN_ACK = 0x12
const NO_VNI = -1

/**
 * Where flows are filed. Each stands under its key; and while its scope is the VNI and it was seen in one direction only, also under its outer addresses, since
 * senders may put their own identity into the VNI: then it differs by direction. Each direction and VNI of a 5-tuple belongs to one flow at most.
 */
export class FlowDirectory {
  readonly finder: FlowFinder
  /** Packets that could have been the answer to several flows. */
  ambiguous = 0
  readonly #store: FlowStore
  readonly #reader: FlowReader
  /** Node 2 * row is a flow under its key, 2 * row + 1 under the VNI of its side B, where that is another one. */
  readonly #byKey: FlowIndex
  /** By row: the flows that have had no answer. */
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

  /** Files the flow that the packet, which the finder did not find, has begun. */
  add(row: number, packet: PacketView): void {
    const { key } = this.finder
    if (key.scopeOption < 0) {
      if (this.#isWayBackTaken(packet)) this.#store.words[(row << ROW_SHIFT) + VNI + 1] = NO_VNI
      this.#unanswered.add(row, outerHash(key, packet))
    }
    this.#byKey.add(2 * row, key.hash)
  }

  /** The flow was seen in its second direction. */
  answered(row: number): void {
    if (!this.#reader.isScoped(row)) this.#unanswered.remove(row)
  }

  remove(row: number): void {
    const reader = this.#reader
    this.#byKey.remove(2 * row)
    if (reader.isScoped(row)) return
    if (reader.isOneSided(row)) this.#unanswered.remove(row)
    else if (reader.vniOf(row, 1) !== reader.vniOf(row, 0)) this.#byKey.remove(2 * row + 1)
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
