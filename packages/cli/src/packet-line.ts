import { instantText, type PacketDescriber } from '@geneve-telemetry/core'
import type { OptionTable } from '@geneve-telemetry/core/vendors'
import { NOT_GENEVE_REASONS, type PacketView } from '@geneve-telemetry/core/wire'
import { exactJson } from './json.ts'
import type { TcpAnalysis } from './tcp-analysis.ts'
import { undecodedOptions } from './undecoded.ts'

/**
 * Packets as lines of JSON, in the public shape. A describer shares what repeats from packet to packet (a GENEVE header with its options), so its text is
 * made once, too.
 */
export class PacketLines {
  readonly #describer: PacketDescriber
  readonly #debugTable: OptionTable | undefined
  readonly #texts = new WeakMap<object, string>()

  /** With the describer's table as `debugTable`, lines say in `undecoded` which options have no value, and why. */
  constructor(describer: PacketDescriber, debugTable?: OptionTable) {
    this.#describer = describer
    this.#debugTable = debugTable
  }

  line(packet: PacketView, analysis?: TcpAnalysis): string {
    const described = this.#describer.describe(packet)
    const { outer, geneve, inner, telemetry, issue } = described
    const timestamp = instantText(packet)
    let line = `{"frame":${packet.frame}`
    if (timestamp !== undefined) line += `,"timestamp":"${timestamp}"`
    line += `,"length":${packet.wireLength},"capturedLength":${packet.end - packet.start}`
    if (outer !== undefined) line += `,"outer":${JSON.stringify(outer)}`
    if (geneve !== undefined) line += `,"geneve":${this.#textOf(geneve)}`
    if (inner !== undefined) line += `,"inner":${JSON.stringify(inner)}`
    if (telemetry !== undefined) line += `,"telemetry":${this.#textOf(telemetry)}`
    if (analysis !== undefined) line += `,"analysis":${JSON.stringify(analysis)}`
    if (issue !== undefined) line += `,"issue":${JSON.stringify(issue)}`
    const undecoded = this.#debugTable === undefined ? [] : undecodedOptions(described, this.#debugTable)
    if (undecoded.length > 0) line += `,"undecoded":${JSON.stringify(undecoded)}`
    if (packet.outcome > 0) line += `,"notGeneve":"${NOT_GENEVE_REASONS[packet.outcome]}"`
    return `${line}}\n`
  }

  #textOf(part: object): string {
    const known = this.#texts.get(part)
    if (known !== undefined) return known
    const text = exactJson(part)
    this.#texts.set(part, text)
    return text
  }
}
