import type { Analyzer, Emit, FlowEnd } from '@geneve-telemetry/core'
import { FlowCursor } from './flow-cursor.ts'
import type { FlowReader } from './flow-reader.ts'
import { type FlowSource, flowRecord } from './flow-record.ts'
import type { FlowTableOptions } from './flow-table-options.ts'

/** Says what there is to say of flows as they end, to analyzers and as records, and counts them. */
export class FlowTeller {
  /** Packets in flows, and in parts of flows, that have ended. */
  packets = 0
  /** Flows that have ended. */
  flows = 0
  /** Whether anybody wants to know of the end of a flow. */
  readonly isHeard: boolean
  readonly #reader: FlowReader
  readonly #analyzers: readonly Analyzer[]
  readonly #emit: Emit
  readonly #records: boolean
  readonly #source: FlowSource
  readonly #cursor = new FlowCursor()

  constructor(reader: FlowReader, { analyzers = [], emit, records = true, origin, observer, optionTable, sample }: FlowTableOptions) {
    this.#reader = reader
    this.#analyzers = analyzers
    this.#emit = emit
    this.#records = records
    this.#source = { origin, observer, optionTable, weight: sample?.oneIn }
    this.isHeard = records || analyzers.some((analyzer) => analyzer.flow !== undefined)
  }

  /** The row is about to be given up. */
  end(row: number, reason: FlowEnd): void {
    this.flows++
    this.part(row, reason)
  }

  /** A part of the flow ends; with another reason than `active-timeout` it is the last one. */
  part(row: number, reason: FlowEnd): void {
    this.packets += this.#reader.packetsOf(row)
    this.#cursor.set(row, 0, 0, false, false)
    for (const analyzer of this.#analyzers) analyzer.flow?.(this.#cursor, reason, this.#emit)
    if (this.#records) this.#emit(flowRecord(this.#reader, row, reason, this.#source))
  }
}
