import { optionClassOwner } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { Attributes, Measurement } from './measurement.ts'
import { OVERFLOW, SeriesTable } from './series-table.ts'
import { Sums } from './sums.ts'

/** |          Option Class         |      Type     |R|R|R| Length  |     RFC 8926, 3.5 */
const HEADER_LENGTH = 4
const WORD = 4
/** Rows of options met lately, by the lower bits of class and type. */
const RECENT_MASK = 63

/** Counts options by class and type. */
export class OptionSeries implements Measurement {
  readonly name: string = 'option'
  readonly figures: readonly string[] = ['options']
  readonly sums: Sums
  readonly #table: SeriesTable
  readonly #recentIds = new Int32Array(RECENT_MASK + 1).fill(-1)
  readonly #recentRows = new Int32Array(RECENT_MASK + 1)

  constructor(maxSeries: number) {
    this.#table = new SeriesTable(maxSeries)
    this.sums = new Sums(maxSeries + 1, 1)
  }

  get rows(): number {
    return this.#table.rows
  }

  count({ view, optionsStart, optionsEnd }: PacketView): void {
    const { interval } = this.sums
    const ids = this.#recentIds
    const rows = this.#recentRows
    // There are only whole options in between.
    for (let at = optionsStart; at < optionsEnd; ) {
      const word = view.getInt32(at)
      const id = word >>> 8
      const slot = id & RECENT_MASK
      const row = ids[slot] === id ? rows[slot]! : this.#lookUp(id)
      interval[row] = interval[row]! + 1
      at += HEADER_LENGTH + (word & 0x1f) * WORD
    }
  }

  #lookUp(id: number): number {
    const row = this.#table.rowOf(id)
    this.#recentIds[id & RECENT_MASK] = id
    this.#recentRows[id & RECENT_MASK] = row
    return row
  }

  attributesOf(row: number): Attributes {
    if (row === OVERFLOW) return { vendor: 'other' }
    const id = this.#table.keyOf(row)[0]!
    const optionClass = id >>> 8
    const owner = optionClassOwner(optionClass)
    return {
      ...(owner !== undefined && { vendor: owner.name }),
      option_class: `0x${optionClass.toString(16).padStart(4, '0')}`,
      option_type: id & 0xff,
    }
  }
}
