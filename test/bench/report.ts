import type { ByCapture, Figures } from './figures.ts'
import { PROGRAMS } from './program.ts'
import { ROWS } from './rows.ts'
import { isMet, type Target, targetsOf } from './target.ts'

const TITLE_WIDTH = 50
const CELL_WIDTH = 17

/** The figures as a table for people. */
export function reportOf(figures: Figures): string {
  const { machine, captures, rows, programs, tshark, memory, exports, collection, missing } = figures
  const letters = Object.keys(captures)
  const line = (title: string, cells: readonly string[]): string =>
    title.padEnd(TITLE_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')
  const each = <T>(values: ByCapture<T>, cell: (value: T) => string): string[] =>
    letters.map((letter) => (values[letter] === undefined ? '' : cell(values[letter])))
  const table = (title: string, columns: readonly string[], lines: readonly string[]): string =>
    lines.length === 0 ? '' : `\n${[line(title, columns), ...lines].join('\n')}\n`

  const titles = new Map([
    ...ROWS.map(({ name, title }) => [name, title] as const),
    ['dlpfunc', 'gopacket dlpfunc'],
    ['hand', 'plain Go (hand)'],
  ])
  const rowLines = Object.entries(rows).map(([name, row]) =>
    line(
      titles.get(name)!,
      each(row, ({ min, median }) => `${min.toFixed(0)} (${median.toFixed(0)})`),
    ),
  )
  const programLines = PROGRAMS.filter(({ name }) => programs[name] !== undefined).map(({ name, title }) =>
    line(
      title,
      each(programs[name]!, ({ packetsPerSecond, peakBytes }) => `${thousands(packetsPerSecond)} ${mebibytes(peakBytes)}`),
    ),
  )
  const tsharkLines = Object.entries(tshark).map(([format, row]) =>
    line(
      `tshark -T ${format}, the first packets`,
      each(row, ({ packetsPerSecond }) => thousands(packetsPerSecond)),
    ),
  )
  const memoryLines = Object.entries(memory).map(([units, { packets, seconds, peakBytes }]) =>
    line(`${units} units: ${packets} packets, new flows in each`, [mebibytes(peakBytes), `${seconds.toFixed(1)} s`]),
  )
  const exportLines = Object.entries(exports).map(([name, { bare, ours }]) => line(name, [thousands(bare), thousands(ours)]))
  const collectionLines =
    collection === undefined
      ? []
      : [line(`${collection.series} series, a record each`, [milliseconds(collection.addSeconds), milliseconds(collection.collectSeconds)])]
  const targetLines = targetsOf(figures).map((target) => {
    const values = Object.values(target.values)
    const verdict = values.every((value) => isMet(target, value)) ? 'met' : 'MISSED'
    return line(target.title, [...figuresIn(target, letters), wanted(target), verdict])
  })
  return [
    `${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}\n`,
    ...Object.entries(captures).map(([letter, { title, packets }]) => `${letter}: ${packets} packets of ${title}\n`),
    table('ns a packet in memory, one core: least (median)', letters, rowLines),
    table('whole program: thousand packets/s, peak MiB', letters, [...programLines, ...tsharkLines]),
    table('flows over a pipe, its table full', ['peak MiB', 'time'], memoryLines),
    table('export, thousand records/s', ['client alone', 'ours'], exportLines),
    table('a collection by the metric producer', ['taking, ms', 'collect, ms'], collectionLines),
    table('targets', [...letters, 'wanted', ''], targetLines),
    missing.length === 0 ? '' : `\nnot measured: ${missing.join('; ')}\n`,
  ].join('')
}

function wanted({ least, most, unit }: Target): string {
  return least === undefined ? `<= ${most} ${unit}` : `>= ${least} ${unit}`
}

/** A figure a capture; one that belongs to none stands at the right. */
function figuresIn({ unit, values }: Target, letters: readonly string[]): string[] {
  const text = (value: number): string => value.toFixed(unit === 'ns' ? 0 : 2)
  const cells = letters.map((letter) => (values[letter] === undefined ? '' : text(values[letter])))
  if (values['units'] === undefined) return cells
  return [...cells.slice(1), text(values['units'])]
}

function thousands(perSecond: number): string {
  return (perSecond / 1000).toFixed(perSecond < 100_000 ? 1 : 0)
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1)
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
