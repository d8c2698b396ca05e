import { bytes, count } from '../figures.ts'
import type { TopRow } from './measured.ts'

export type ViewId = 'endpoints' | 'vnis' | 'flows' | 'told'
/** A figure that rows are sorted by, the largest first. */
export type SortId = 'packetRate' | 'byteRate' | 'packets' | 'bytes' | 'flows' | 'roundTrip'

export interface Column {
  readonly title: string
  readonly text: (row: TopRow) => string
  /** Characters; of a column that grows, the least. */
  readonly width: number
  readonly align?: 'right'
  /** What rows are sorted by when it is chosen. */
  readonly sort?: SortId
  /** Its share of what is left of the line when all columns have their widths. */
  readonly grows?: number
  /** Only on a screen with so many characters a line. */
  readonly from?: number
}

export interface View {
  readonly id: ViewId
  readonly title: string
  readonly key: string
  readonly columns: readonly Column[]
}

const PACKET_RATE: Column = { title: 'PKT/S', width: 7, align: 'right', sort: 'packetRate', text: (row) => rate(row.packetRate) }
const BYTE_RATE: Column = { title: 'BYTES/S', width: 8, align: 'right', sort: 'byteRate', text: (row) => bytes(row.byteRate) }
const PACKETS: Column = { title: 'PACKETS', width: 9, align: 'right', sort: 'packets', text: (row) => count(row.packets) }
const BYTES: Column = { title: 'BYTES', width: 8, align: 'right', sort: 'bytes', text: (row) => bytes(row.bytes) }
const FLOWS: Column = { title: 'FLOWS', width: 9, align: 'right', sort: 'flows', text: (row) => count(row.flows) }
const TRAFFIC: readonly Column[] = [PACKET_RATE, BYTE_RATE, PACKETS, BYTES, FLOWS]

/** The views, in the order of their names on the screen. Rates are a second's, bytes those of the innermost packets. */
export const VIEWS: readonly View[] = [
  { id: 'endpoints', title: 'endpoints', key: 'e', columns: [text('ENDPOINT', 0, 20), ...TRAFFIC] },
  { id: 'vnis', title: 'VNIs', key: 'v', columns: [text('VNI', 0, 20), ...TRAFFIC] },
  {
    id: 'flows',
    title: 'flows',
    key: 'f',
    columns: [
      { ...text('PROTO', 0, 9), grows: 0 },
      text('SOURCE', 1, 14),
      text('DESTINATION', 2, 14),
      { ...text('VNI', 3, 8), grows: 0, align: 'right', from: 100 },
      PACKET_RATE,
      BYTE_RATE,
      { ...PACKETS, from: 90 },
      BYTES,
      { title: 'RTT', width: 8, align: 'right', sort: 'roundTrip', text: ({ roundTrip }) => latency(roundTrip) },
    ],
  },
  {
    id: 'told',
    title: 'told of',
    key: 't',
    columns: [{ ...text('TYPE', 0, 18), grows: 0 }, text('WHICH', 1, 20), PACKET_RATE, PACKETS, { ...text('VALUES', 2, 12), grows: 2 }],
  },
]

export function viewOf(id: ViewId): View {
  return VIEWS.find((view) => view.id === id)!
}

/** What the rows of a view may be sorted by: the columns that lines of this width have, in their order. */
export function sortsOf(id: ViewId, width: number): readonly SortId[] {
  return columnsFor(id, width).flatMap(({ sort }) => sort ?? [])
}

/** Those that a line has room for, as wide as they are there. */
export function columnsFor(id: ViewId, width: number): readonly Column[] {
  const columns = viewOf(id).columns.filter(({ from = 0 }) => width >= from)
  const taken = columns.reduce((sum, column) => sum + column.width + 1, -1)
  const shares = columns.reduce((sum, { grows = 0 }) => sum + grows, 0)
  const left = Math.max(0, width - taken)
  return columns.map((column) => ({ ...column, width: column.width + Math.floor((left * (column.grows ?? 0)) / Math.max(1, shares)) }))
}

/** The text in a column's width; what is cut off of it shows as `~`. */
export function fitted(value: string, { width, align }: Column): string {
  if (value.length > width) return `${value.slice(0, Math.max(0, width - 1))}~`
  return align === 'right' ? value.padStart(width) : value.padEnd(width)
}

function text(title: string, index: number, width: number): Column {
  return { title, width, grows: 1, text: ({ texts }) => texts[index] ?? '' }
}

function rate(perSecond: number): string {
  return perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1) : count(Math.round(perSecond))
}

/** Seconds, from microseconds up. */
function latency(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  if (seconds < 0.000_999_5) return `${Math.round(seconds * 1e6)} us`
  if (seconds < 0.9995) return `${(seconds * 1000).toFixed(seconds < 0.0995 ? 1 : 0)} ms`
  return `${seconds.toFixed(1)} s`
}
