import type { FrameBatch } from '@geneve-telemetry/core/wire'
import { COLUMNS } from './columns.ts'
import type { GoldenFile } from './golden.ts'
import { sightings } from './sighting.ts'

/** One cell in which we differ from tshark. */
export interface Difference {
  readonly frame: number
  /** tshark's field, or `row`: only one side has the frame, or has it as GENEVE. */
  readonly column: string
  readonly tshark: string
  readonly ours: string
}

/** What the comparison of one capture has counted. */
export interface Comparison {
  readonly rows: number
  /** By column, in how many cells at least one side had a value. */
  readonly cells: ReadonlyMap<string, number>
  readonly differences: readonly Difference[]
}

/** Compares all frames of a capture in all columns of its golden file; `ports` are those of GENEVE. */
export async function compare(golden: GoldenFile, batches: AsyncIterable<FrameBatch>, ports: readonly number[]): Promise<Comparison> {
  const columns = COLUMNS.filter(({ name }) => golden.columns.includes(name))
  const showsGeneve = golden.columns.includes('geneve.version')
  const differences: Difference[] = []
  const frames = new Set(golden.rows.keys())
  const unseen = new Set(golden.rows.keys())
  const cells = new Map<string, number>()
  const note = (frame: number, column: string, tshark: string, ours: string): void => {
    if (tshark !== '' || ours !== '') cells.set(column, (cells.get(column) ?? 0) + 1)
    if (tshark !== ours) differences.push({ frame, column, tshark, ours })
  }

  for await (const sighting of sightings(batches, ports)) {
    const { frame, packet } = sighting.record
    const row = golden.rows.get(frame)
    const isOurs = packet.geneve !== undefined
    if (row !== undefined) {
      if (showsGeneve) note(frame, 'row', row.text('geneve.version') === '' ? '' : 'GENEVE', isOurs ? 'GENEVE' : '')
      for (const { name, golden: tshark, ours } of columns) note(frame, name, tshark(row), ours(sighting, row))
    } else if (golden.allFrames || isOurs) {
      frames.add(frame)
      note(frame, 'row', '', isOurs ? 'GENEVE' : 'not GENEVE')
    }
    unseen.delete(frame)
  }
  for (const frame of unseen) note(frame, 'row', 'a frame', '')
  return { rows: frames.size, cells, differences }
}
