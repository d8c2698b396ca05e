import type { Colors } from '../colors.ts'
import { type Column, columnsFor, fitted, VIEWS } from './columns.ts'
import type { Measured } from './measured.ts'
import type { Outlook } from './outlook.ts'

/** Characters of a terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Title, sums, views and the table's head above the rows, and the keys below. */
const LINES_AROUND = 5
const KEYS = 'q quit  e/v/f/t or Tab view  s/S sort  Space pause  Up/Down PgUp/PgDn Home/End scroll'
const KEYS_SHORT = 'q quit  e/v/f/t view  s/S sort  Space pause  Up/Down/PgUp/PgDn scroll'

/** How many rows of the table a terminal has room for. */
export function rowsShown({ rows }: Size): number {
  return Math.max(0, rows - LINES_AROUND)
}

/** The lines of the screen, as many as it has and each as wide as it is: nothing of the picture before is left. */
export function picture(measured: Measured, outlook: Outlook, size: Size, { bold, dim, inverse }: Colors): string[] {
  const { view, sort, offset } = outlook
  const { columns: width } = size
  const columns = columnsFor(view, width)
  const shown = measured.rows.slice(offset, offset + rowsShown(size))
  const lineOf = (textOf: (column: Column) => string): string => columns.map((column) => fitted(textOf(column), column)).join(' ')
  const head = lineOf(({ title, sort: of }) => (of === sort ? `${title}*` : title))
  const body = shown.map((row) => lineOf((column) => column.text(row)))
  if (body.length === 0) body.push(measured.state === 'reading' ? 'nothing yet' : 'nothing')
  const above = [
    { text: titleText(measured, outlook), color: bold },
    { text: sumsText(measured), color: plain },
    { text: viewsText(measured, outlook, size), color: dim },
    { text: head, color: inverse },
  ]
  const middle = [...above, ...body.map((text) => ({ text, color: plain }))].slice(0, Math.max(0, size.rows - 1))
  while (middle.length < size.rows - 1) middle.push({ text: '', color: plain })
  const keys = { text: width < KEYS.length ? KEYS_SHORT : KEYS, color: dim }
  return [...middle, keys].map(({ text, color }) => color(text.slice(0, width).padEnd(width)))
}

function plain(text: string | number | null | undefined): string {
  return String(text)
}

function titleText({ source, time, state }: Measured, { isPaused }: Outlook): string {
  const states = [...(isPaused ? ['PAUSED'] : []), ...(state === 'reading' ? [] : [state === 'ended' ? 'END OF INPUT' : 'INPUT BROKEN'])]
  return ['geneve-telemetry top', ...(time === '' ? [] : [time]), ...states, source].join('  ')
}

function sumsText({ sums }: Measured): string {
  return sums.join('  ')
}

/** `[endpoints]  VNIs  flows  told of   1-18 of 40`. */
function viewsText({ rows, more }: Measured, { view, offset }: Outlook, size: Size): string {
  const names = VIEWS.map(({ id, title }) => (id === view ? `[${title}]` : title)).join('  ')
  const last = Math.min(rows.length, offset + rowsShown(size))
  return last === 0 ? names : `${names}   ${offset + 1}-${last} of ${rows.length}${more ? ' (the top ones)' : ''}`
}
