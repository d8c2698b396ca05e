import type { Color } from './colors.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** The least width, in characters. */
  readonly width?: number
}

/** A cell's text, and how it is coloured. */
export type Cell = string | { readonly text: string; readonly color: Color }

const GAP = '  '

/** Lines of a table, one at a time: a column grows when a wider cell comes, and stays so. */
export class Table {
  readonly #columns: readonly Column[]
  readonly #widths: number[]

  constructor(columns: readonly Column[]) {
    this.#columns = columns
    this.#widths = columns.map(({ title, width = 0 }) => Math.max(title.length, width))
  }

  /** The line of titles. */
  head(color: Color): string {
    return this.line(this.#columns.map(({ title }) => ({ text: title, color })))
  }

  /** One row as a line. Without blanks at its end. */
  line(cells: readonly Cell[]): string {
    const parts = cells.map((cell, index) => this.#part(cell, index, index === cells.length - 1))
    return `${parts.join(GAP).trimEnd()}\n`
  }

  /** All rows below their titles, each column as wide as its widest cell. */
  all(rows: readonly (readonly Cell[])[], color: Color): string {
    for (const row of rows) {
      for (const [index, cell] of row.entries()) this.#widen(index, textOf(cell).length)
    }
    return this.head(color) + rows.map((row) => this.line(row)).join('')
  }

  #part(cell: Cell, index: number, isLast: boolean): string {
    const text = textOf(cell)
    const isRight = this.#columns[index]?.align === 'right'
    this.#widen(index, text.length)
    const blanks = isLast && !isRight ? '' : ' '.repeat(this.#widths[index]! - text.length)
    const colored = typeof cell === 'string' ? text : cell.color(text)
    return isRight ? blanks + colored : colored + blanks
  }

  #widen(index: number, width: number): void {
    if (width > this.#widths[index]!) this.#widths[index] = width
  }
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}
