import type { PacketView } from '@geneve-telemetry/core/wire'
import { ORIGIN } from './flow-layout.ts'
import type { FlowStore } from './flow-store.ts'

/** `InnerFragments.find`: nothing is known of the fragment's packet. */
export const NO_FRAGMENT: number = -1
/** `InnerFragments.find`: its packet's flow is not in the sample. */
export const LEFT_OUT: number = 0

/** A packet is put together within so many seconds, or not at all: RFC 9293 counts on 30 or less for IPv4, and what is late is lost to its receiver, too. */
const HELD_SECONDS = 30
const SETS = 1024
const WAYS = 4
const ENTRY_SHIFT = 2
const ID = 0
const SIGN = 1
/** row * 2 + side of the flow; LEFT_OUT. */
const OWNER = 2
const SECONDS = 3

/**
 * Which flows packets in fragments belong to: only a packet's first fragment has ports. Remembers up to 4,096 of those for 30 seconds, in 100 KB. No payload is
 * kept, and a fragment that comes before its packet's first one has no flow.
 */
export class InnerFragments {
  readonly #store: FlowStore
  readonly #entries = new Int32Array((SETS * WAYS) << ENTRY_SHIFT)
  /** The frame that the flow began with, since a row may be another flow's by now; 0 where nothing is remembered, -1 for LEFT_OUT. */
  readonly #frames = new Float64Array(SETS * WAYS)
  /** By set: the entry to be written over next. */
  readonly #turns = new Uint8Array(SETS)

  constructor(store: FlowStore) {
    this.#store = store
  }

  /** The packet is a first fragment, of this flow and side. */
  remember(packet: PacketView, row: number, side: number): void {
    this.#set(packet, row * 2 + side, this.#frameOf(row))
  }

  /** The packet is a first fragment of a flow that is not in the sample. */
  leaveOut(packet: PacketView): void {
    this.#set(packet, LEFT_OUT, -1)
  }

  /** row * 2 + side of the flow that a later fragment belongs to; LEFT_OUT or NO_FRAGMENT. */
  find(packet: PacketView): number {
    const sign = signOf(packet)
    const entry = this.#entryOf(sign, packet)
    if (entry < 0) return NO_FRAGMENT
    const owner = this.#entries[(entry << ENTRY_SHIFT) + OWNER]!
    if (owner === LEFT_OUT) return LEFT_OUT
    const row = owner >> 1
    return this.#frameOf(row) === this.#frames[entry] && this.#store.isFragmentOf(row, owner & 1, packet) ? owner : NO_FRAGMENT
  }

  #set(packet: PacketView, owner: number, frame: number): void {
    const sign = signOf(packet)
    const set = setOf(sign, packet.ipId)
    let entry = this.#entryOf(sign, packet)
    if (entry < 0) {
      const turn = this.#turns[set]!
      this.#turns[set] = (turn + 1) % WAYS
      entry = set * WAYS + turn
    }
    const at = entry << ENTRY_SHIFT
    this.#entries[at + ID] = packet.ipId
    this.#entries[at + SIGN] = sign
    this.#entries[at + OWNER] = owner
    this.#entries[at + SECONDS] = packet.seconds
    this.#frames[entry] = frame
  }

  #entryOf(sign: number, { ipId, seconds }: PacketView): number {
    const first = setOf(sign, ipId) * WAYS
    for (let entry = first; entry < first + WAYS; entry++) {
      const at = entry << ENTRY_SHIFT
      if (this.#frames[entry] === 0 || this.#entries[at + ID] !== ipId || this.#entries[at + SIGN] !== sign) continue
      if (Math.abs((seconds - this.#entries[at + SECONDS]!) | 0) <= HELD_SECONDS) return entry
    }
    return -1
  }

  #frameOf(row: number): number {
    return this.#store.originFloats[(row << ORIGIN.ORIGIN_FLOAT_SHIFT) + ORIGIN.FRAME]!
  }
}

function setOf(sign: number, ipId: number): number {
  return mixed(sign, ipId) & (SETS - 1)
}

/** Of what all fragments of a packet share, beside its IP id. */
function signOf({ view, innerVersion, innerHeader, protocol, scope, vni }: PacketView): number {
  const first = innerVersion === 4 ? innerHeader + 12 : innerHeader + 8
  const end = innerVersion === 4 ? innerHeader + 20 : innerHeader + 40
  let sign = scope < 0 ? mixed(protocol, vni) : mixed(mixed(protocol, view.getInt32(scope)), view.getInt32(scope + 4))
  for (let at = first; at < end; at += 4) sign = mixed(sign, view.getInt32(at))
  return sign
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}
