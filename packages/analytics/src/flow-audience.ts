import type { Analyzer, Emit, Instant } from '@geneve-telemetry/core'
import type { PacketView } from '@geneve-telemetry/core/wire'
import { FlowCursor } from './flow-cursor.ts'
import type { FlowReader } from './flow-reader.ts'

/** The analyzers that look at packets with their flows. */
export class FlowAudience {
  readonly isEmpty: boolean
  readonly #analyzers: readonly Analyzer[]
  readonly #reader: FlowReader
  readonly #cursor = new FlowCursor()

  constructor(analyzers: readonly Analyzer[], reader: FlowReader) {
    this.isEmpty = analyzers.length === 0
    this.#analyzers = analyzers
    this.#reader = reader
  }

  /** A frame that is in no flow. */
  frame(packet: PacketView): void {
    const analyzers = this.#analyzers
    for (let index = 0; index < analyzers.length; index++) analyzers[index]!.packet?.(packet, undefined)
  }

  packet(row: number, side: number, packet: PacketView, isNew: boolean, isReuse: boolean): void {
    const analyzers = this.#analyzers
    this.#cursor.set(row, side, this.#reader.initiatorOf(row), isNew, isReuse)
    for (let index = 0; index < analyzers.length; index++) analyzers[index]!.packet?.(packet, this.#cursor)
  }

  copy(row: number, side: number, packet: PacketView, kind: 'tap' | 'hairpin'): void {
    if (this.isEmpty) return
    this.#cursor.set(row, side, this.#reader.initiatorOf(row), false, false)
    for (const analyzer of this.#analyzers) analyzer.copy?.(packet, this.#cursor, kind)
  }

  advance(watermark: Instant, emit: Emit): void {
    for (const analyzer of this.#analyzers) analyzer.advance(watermark, emit)
  }

  finish(emit: Emit): void {
    for (const analyzer of this.#analyzers) analyzer.finish(emit)
  }
}
