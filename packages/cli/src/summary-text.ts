import type { FlowRecord } from '@geneve-telemetry/core'
import { flowCountsText, packetAccountText } from './account.ts'
import type { Color, Colors } from './colors.ts'
import { bytes, count } from './figures.ts'
import { FlowRows } from './flow-rows.ts'
import type { OptionCount, Share, Summary, TelemetrySummary } from './overview.ts'
import { printable } from './packet-text.ts'
import { type Cell, type Column, Table } from './table.ts'

const SHARES_SHOWN = 20

/** A summary for people: what is most comes first; what is not there has no table. */
export function summaryText(summary: Summary, topFlows: readonly FlowRecord[], colors: Colors): string {
  const { dim } = colors
  const sections = [
    span(summary, dim),
    shares(summary.endpoints[0]?.field.toUpperCase() ?? '', summary.endpoints, dim),
    shares('VNI', summary.vnis, dim),
    shares('PROTOCOL', summary.protocols, dim),
    options(summary.options, dim),
    flows(summary, topFlows, colors),
    subjects(summary.telemetry, dim),
    fieldIssues(summary.telemetry, colors),
    issues(summary, colors),
    packetAccountText(summary.packets, colors),
  ]
  return sections.filter((section) => section !== '').join('\n')
}

function span({ start, end }: Summary, dim: Color): string {
  return start === undefined || end === undefined ? '' : `${dim('FROM')}  ${start}\n${dim('TO')}    ${end}\n`
}

function shares(title: string, all: readonly Share[], dim: Color): string {
  if (all.length === 0) return ''
  const columns: readonly Column[] = [
    { title, width: 22 },
    { title: 'PACKETS', align: 'right', width: 9 },
    { title: 'INNER BYTES', align: 'right' },
    { title: 'TUNNEL BYTES', align: 'right' },
    { title: 'FLOWS', align: 'right' },
  ]
  const rows = all
    .slice(0, SHARES_SHOWN)
    .map((share) => [
      printable(String(share.value)),
      count(share.packets),
      bytes(share.bytes),
      bytes(share.tunnelBytes),
      count(share.flows),
    ])
  return new Table(columns).all(rows, dim) + more(all.length, dim)
}

function options(all: readonly OptionCount[], dim: Color): string {
  if (all.length === 0) return ''
  const columns: readonly Column[] = [
    { title: 'OPTIONS OF', width: 22 },
    { title: 'CLASS', width: 6 },
    { title: 'TYPE', align: 'right' },
    { title: 'OPTIONS', align: 'right', width: 9 },
    { title: 'DECODED AS' },
  ]
  const rows = all
    .slice(0, SHARES_SHOWN)
    .map(({ vendor, class: optionClass, type, name, options: seen }): Cell[] => [
      vendor ?? 'nobody (not assigned)',
      optionClass ?? '',
      String(type ?? ''),
      count(seen),
      name ?? { text: 'not decoded', color: dim },
    ])
  return new Table(columns).all(rows, dim) + more(all.length, dim)
}

function flows({ flows: counts }: Summary, top: readonly FlowRecord[], colors: Colors): string {
  return top.length === 0 ? '' : `${colors.dim('TOP FLOWS')}  ${flowCountsText(counts)}${new FlowRows(colors).all(top)}`
}

function subjects({ subjects: all, packetsOfOthers, withoutSubject }: TelemetrySummary, dim: Color): string {
  if (all.length === 0 && withoutSubject === 0) return ''
  const columns: readonly Column[] = [{ title: 'TOLD OF', width: 22 }, { title: 'PACKETS', align: 'right', width: 9 }, { title: 'WHICH' }]
  const rows: Cell[][] = all.slice(0, SHARES_SHOWN).map(({ type, id, packets }) => [type, count(packets), printable(id)])
  if (packetsOfOthers > 0) rows.push(['others', count(packetsOfOthers), ''])
  if (withoutSubject > 0) rows.push(['nothing', count(withoutSubject), { text: 'records that do not say what they are about', color: dim }])
  return new Table(columns).all(rows, dim) + more(all.length, dim)
}

function fieldIssues({ issues: all }: TelemetrySummary, { dim, red }: Colors): string {
  if (all.length === 0) return ''
  const columns: readonly Column[] = [
    { title: 'ISSUE OF FIELD', width: 22 },
    { title: 'ISSUE', width: 14 },
    { title: 'OPTIONS', align: 'right' },
  ]
  const rows = all.slice(0, SHARES_SHOWN).map(({ field, kind, fields }): Cell[] => [{ text: field, color: red }, kind, count(fields)])
  return new Table(columns).all(rows, dim) + more(all.length, dim)
}

function issues({ issues: all }: Summary, { dim, red }: Colors): string {
  if (all.length === 0) return ''
  const columns: readonly Column[] = [
    { title: 'ISSUE', width: 22 },
    { title: 'LAYER', width: 14 },
    { title: 'PACKETS', align: 'right' },
  ]
  const rows = all.map(({ kind, layer, packets }): Cell[] => [{ text: kind, color: red }, layer, count(packets)])
  return new Table(columns).all(rows, dim)
}

function more(all: number, dim: Color): string {
  return all > SHARES_SHOWN ? dim(`… and ${count(all - SHARES_SHOWN)} more (--format json has all)\n`) : ''
}
