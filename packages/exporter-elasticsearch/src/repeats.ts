import type { DecodedPacket, InnerPacket } from '@geneve-telemetry/core'

/** What a packet says, in parts that packets share (`PacketDescriber`). */
export type PacketParts = Required<Pick<DecodedPacket, 'geneve' | 'inner' | 'outer'>> & {
  readonly telemetry: DecodedPacket['telemetry'] | undefined
}

/** Where in a slab a document says what depends on the packet's parts only. */
interface Repeat {
  readonly parts: PacketParts
  /** From the id to the frame's number. */
  readonly ecsBegin: number
  readonly ecsEnd: number
  /** Behind the captured bytes. */
  readonly restBegin: number
  readonly restEnd: number
  /** The same inner packet in another tunnel: it comes to an appliance in one, and goes back in another. */
  readonly other: Repeat | undefined
}

/** Finds what stands in a slab already and can be copied from there. It ends with the slab, so it keeps nothing alive and needs no bound. */
export class Repeats {
  readonly #repeats = new Map<InnerPacket, Repeat>()
  #slab: Uint8Array | undefined

  /** The place in `slab` where the same was said; the slab may be another one than the last time. */
  find(slab: Uint8Array, { inner, geneve, outer, telemetry }: PacketParts): Repeat | undefined {
    if (slab !== this.#slab) {
      this.#slab = slab
      this.#repeats.clear()
      return undefined
    }
    let repeat = this.#repeats.get(inner)
    while (repeat !== undefined) {
      const { parts } = repeat
      if (parts.outer === outer && parts.geneve === geneve && parts.telemetry === telemetry) return repeat
      repeat = repeat.other
    }
    return undefined
  }

  /** Says where a document stands that was not found, in the slab that was asked for last. */
  note(parts: PacketParts, ecsBegin: number, ecsEnd: number, restBegin: number, restEnd: number): void {
    this.#repeats.set(parts.inner, { parts, ecsBegin, ecsEnd, restBegin, restEnd, other: this.#repeats.get(parts.inner) })
  }
}
