import type { SortId } from './columns.ts'
import type { TopRow } from './measured.ts'

type RowFigures = Omit<TopRow, 'texts'>
interface Candidate {
  readonly figures: RowFigures
  readonly texts: () => readonly string[]
}

/** The rows with the largest figure, however many there are. */
export class TopRows {
  readonly #sort: SortId
  readonly #most: number
  #candidates: Candidate[] = []
  #isCut = false

  constructor(sort: SortId, most: number) {
    this.#sort = sort
    this.#most = most
  }

  /** Whether there were more than are kept. */
  get isCut(): boolean {
    return this.#isCut
  }

  add({ texts, ...figures }: TopRow): void {
    this.addLazily(figures, () => texts)
  }

  /** Texts are asked for only of a row that is kept. */
  addLazily(figures: RowFigures, texts: () => readonly string[]): void {
    this.#candidates.push({ figures, texts })
    // Now and then, so that a row costs little sorting.
    if (this.#candidates.length >= this.#most * 10) this.#cut()
  }

  /** Largest first; of equals the one with more bytes, then the one that came first. */
  list(): readonly TopRow[] {
    this.#cut()
    return this.#candidates.map(({ figures, texts }) => ({ ...figures, texts: texts() }))
  }

  #cut(): void {
    const by = ({ figures }: Candidate): number => figures[this.#sort] ?? -1
    this.#candidates.sort((one, other) => by(other) - by(one) || other.figures.bytes - one.figures.bytes)
    if (this.#candidates.length <= this.#most) return
    this.#candidates.length = this.#most
    this.#isCut = true
  }
}
