import type { PacketView } from '@geneve-telemetry/core/wire'
import { COPY_KINDS } from './copies.ts'
import type { FlowLedger } from './flow-ledger.ts'
import { reasonOf, UNATTRIBUTED } from './unattributed.ts'

/** Counts the GENEVE packets that are in no flow, by why. */
export class FlowTally {
  readonly #unattributed = new Float64Array(UNATTRIBUTED.length)
  readonly #copies = new Float64Array(COPY_KINDS.length)

  countUnattributed(packet: PacketView): void {
    const reason = reasonOf(packet)
    this.#unattributed[reason] = this.#unattributed[reason]! + 1
  }

  /** `kind`: as `CopyFinder.kindOf` has it. */
  countCopy(kind: number): void {
    this.#copies[kind - 1] = this.#copies[kind - 1]! + 1
  }

  get ledger(): Pick<FlowLedger, 'unattributed' | 'copies'> {
    return { unattributed: named(UNATTRIBUTED, this.#unattributed), copies: named(COPY_KINDS, this.#copies) }
  }
}

/** What there was any of. */
function named(names: readonly string[], counts: Float64Array): Readonly<Record<string, number>> {
  return Object.fromEntries(names.flatMap((name, index) => (counts[index]! > 0 ? [[name, counts[index]!]] : [])))
}
