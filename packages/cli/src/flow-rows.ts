import { type FlowRecord, instantText, nanosBetween } from '@geneve-telemetry/core'
import { protocolName, tcpFlagsText } from '@geneve-telemetry/core/wire'
import type { Color, Colors } from './colors.ts'
import { bytes, count, duration } from './figures.ts'
import { endpoint, fieldsText } from './packet-text.ts'
import { type Cell, type Column, Table } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'START (UTC)', width: 19 },
  { title: 'LASTS', align: 'right', width: 6 },
  { title: 'PROTO', width: 9 },
  { title: 'SOURCE', width: 19 },
  { title: 'DESTINATION', width: 19 },
  { title: 'VNI', align: 'right' },
  { title: 'PACKETS', align: 'right' },
  { title: 'BACK', align: 'right' },
  { title: 'BYTES', align: 'right', width: 7 },
  { title: 'BACK', align: 'right', width: 7 },
  { title: 'DETAILS' },
]

/** Flows for people: who began it, what went there and what came back. */
export class FlowRows {
  readonly #table = new Table(COLUMNS)
  readonly #dim: Color

  constructor({ dim }: Colors) {
    this.#dim = dim
  }

  get head(): string {
    return this.#table.head(this.#dim)
  }

  line(record: FlowRecord): string {
    return this.#table.line(cells(record))
  }

  /** All of them, aligned. */
  all(records: readonly FlowRecord[]): string {
    return this.#table.all(records.map(cells), this.#dim)
  }
}

function cells(record: FlowRecord): Cell[] {
  const { forward, reverse } = record
  return [
    instantText(record.start)?.slice(0, 19).replace('T', ' ') ?? '-',
    duration(Number(nanosBetween(record.start, record.end)) / 1e9),
    protocolName(record.protocol),
    endpoint(record.source, record.sourcePort),
    endpoint(record.destination, record.destinationPort),
    vniText(forward.vni, reverse.vni),
    count(forward.packets),
    count(reverse.packets),
    bytes(forward.bytes),
    bytes(reverse.bytes),
    details(record),
  ]
}

/** The two directions may have different ones. */
function vniText(forward: number | undefined, reverse: number | undefined): string {
  if (forward === undefined || reverse === undefined || forward === reverse) return String(forward ?? reverse ?? '-')
  return `${forward}/${reverse}`
}

function details({ forward, reverse, icmpType, icmpCode, vlan, encapsulation, telemetry = {}, reason, asymmetric }: FlowRecord): string {
  const parts: string[] = []
  const flags = forward.tcpFlags | reverse.tcpFlags
  if (flags !== 0) parts.push(`[${tcpFlagsText(flags)}]`)
  if (icmpType !== undefined) parts.push(`type ${icmpType}/${icmpCode}`)
  if (vlan.length > 0) parts.push(`vlan ${vlan.join('.')}`)
  if (encapsulation.length > 0) parts.push(`in ${encapsulation.join(', ')}`)
  if (asymmetric === true) parts.push('asymmetric')
  if (reason === 'evicted') parts.push('evicted')
  parts.push(...Object.values(telemetry).map(fieldsText))
  return parts.join('  ')
}
