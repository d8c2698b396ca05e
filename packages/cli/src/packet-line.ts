import { instantText, type PacketDescriber } from '@geneve-telemetry/core'
import { NOT_GENEVE_REASONS, type PacketView } from '@geneve-telemetry/core/wire'
import { exactJson } from './json.ts'

/**
 * Packets as lines of JSON, in the public shape. A describer shares what repeats from packet to packet (a GENEVE header with its options), so its text is
 * made once, too.
 */
export class PacketLines {
  readonly #describer: PacketDescriber
  readonly #texts = new WeakMap<object, string>()

  constructor(describer: PacketDescriber) {
    this.#describer = describer
  }

  line(packet: PacketView): string {
    const { outer, geneve, inner, telemetry, issue } = this.#describer.describe(packet)
    const timestamp = instantText(packet)
    let line = `{"frame":${packet.frame}`
    if (timestamp !== undefined) line += `,"timestamp":"${timestamp}"`
    line += `,"length":${packet.wireLength},"capturedLength":${packet.end - packet.start}`
    if (outer !== undefined) line += `,"outer":${JSON.stringify(outer)}`
    if (geneve !== undefined) line += `,"geneve":${this.#textOf(geneve)}`
    if (inner !== undefined) line += `,"inner":${JSON.stringify(inner)}`
    if (telemetry !== undefined) line += `,"telemetry":${this.#textOf(telemetry)}`
    if (issue !== undefined) line += `,"issue":${JSON.stringify(issue)}`
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
