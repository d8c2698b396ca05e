import { type DecodedPacket, instantText, type PacketDescriber } from '@geneve-telemetry/core'
import type { OptionTable } from '@geneve-telemetry/core/vendors'
import { NOT_GENEVE_REASONS, type PacketView } from '@geneve-telemetry/core/wire'
import type { Colors } from './colors.ts'
import { endpoint, fieldsText, issueText } from './packet-text.ts'
import { type Cell, Table } from './table.ts'
import { analysisText, type TcpAnalysis } from './tcp-analysis.ts'
import { undecodedOptions, undecodedText } from './undecoded.ts'

/** Packets for people: one a line, the innermost packet in the middle. */
export class PacketTable {
  readonly #describer: PacketDescriber
  readonly #colors: Colors
  readonly #debugTable: OptionTable | undefined
  #isBegun = false
  readonly #table = new Table([
    { title: 'FRAME', align: 'right' },
    { title: 'TIME (UTC)', width: 15 },
    { title: 'TUNNEL', width: 21 },
    { title: 'VNI', align: 'right' },
    { title: 'PROTO', width: 9 },
    { title: 'INNER PACKET', width: 36 },
    { title: 'DETAILS' },
  ])

  /** With the describer's table as `debugTable`, a line stands below a packet for each option that has no value, and says why. */
  constructor(describer: PacketDescriber, colors: Colors, debugTable?: OptionTable) {
    this.#describer = describer
    this.#colors = colors
    this.#debugTable = debugTable
  }

  /** The titles stand above the first line, as wide as it is; this gives them where there was none. */
  get rest(): string {
    return this.#isBegun ? '' : this.#table.head(this.#colors.dim)
  }

  line(packet: PacketView, analysis?: TcpAnalysis): string {
    const described = this.#describer.describe(packet)
    const cells = this.#cells(packet, described, analysis)
    const line = this.#isBegun ? this.#table.line(cells) : this.#table.all([cells], this.#colors.dim)
    this.#isBegun = true
    return line + this.#debug(described)
  }

  #debug(described: DecodedPacket): string {
    const table = this.#debugTable
    if (table === undefined) return ''
    return undecodedOptions(described, table)
      .map((option) => `       ${this.#colors.dim(undecodedText(option, table))}\n`)
      .join('')
  }

  #cells(packet: PacketView, described: DecodedPacket, analysis: TcpAnalysis | undefined): Cell[] {
    const { outer, geneve, inner } = described
    return [
      String(packet.frame),
      timeOfDay(packet),
      outer === undefined ? '-' : between(outer.source, outer.destination),
      geneve === undefined ? '-' : String(geneve.vni),
      inner?.protocol ?? '-',
      inner?.source === undefined
        ? '-'
        : between(endpoint(inner.source, inner.sourcePort), endpoint(inner.destination, inner.destinationPort)),
      this.#details(packet, described, analysis),
    ]
  }

  #details(packet: PacketView, { geneve, inner, telemetry, issue }: DecodedPacket, analysis: TcpAnalysis | undefined): Cell {
    const parts: string[] = []
    if (packet.outcome > 0) parts.push(`not GENEVE: ${NOT_GENEVE_REASONS[packet.outcome]}`)
    if (issue !== undefined) parts.push(issueText(issue))
    if (geneve?.control) parts.push('control')
    if (inner?.tcpFlags !== undefined) parts.push(`[${inner.tcpFlags}]`)
    if (inner?.icmpType !== undefined) parts.push(`type ${inner.icmpType}/${inner.icmpCode}`)
    if (inner?.vlan !== undefined) parts.push(`vlan ${inner.vlan.join('.')}`)
    if (inner?.encapsulation !== undefined) parts.push(`in ${inner.encapsulation.join(', ')}`)
    if (packet.innerLength >= 0) parts.push(`${packet.innerLength} B`)
    if (analysis !== undefined) parts.push(...analysisText(analysis))
    if (telemetry !== undefined) parts.push(...Object.values(telemetry).map(fieldsText))
    for (const option of geneve?.options ?? []) {
      if (option.value === undefined) parts.push(`${option.vendor ?? 'option'} ${option.class}/${option.type}`)
    }
    const text = parts.join('  ')
    return issue === undefined ? text : { text, color: this.#colors.red }
  }
}

function between(source = '?', destination = '?'): string {
  return `${source} > ${destination}`
}

/** Microseconds are what fits; the NDJSON has all nine digits. */
function timeOfDay(packet: PacketView): string {
  return instantText(packet)?.slice(11, 26) ?? '-'
}
