/** One line of a view. */
export interface TopRow {
  /** What it is of, as the columns of its view have it: harmless to a terminal, each character as wide as any. */
  readonly texts: readonly string[]
  readonly packets: number
  /** Of the innermost packets. */
  readonly bytes: number
  /** Per second. */
  readonly packetRate: number
  readonly byteRate: number
  /** That began. */
  readonly flows: number
  /** Seconds from end to end and back, the median; absent where none was seen. */
  readonly roundTrip?: number
}

/** What a view shows at one moment. */
export interface Figures {
  /** The packets' time. */
  readonly time: string
  /** Sums over all, each with its unit. */
  readonly sums: readonly string[]
  /** Sorted. */
  readonly rows: readonly TopRow[]
  /** Whether there are more rows than these. */
  readonly more: boolean
}

/** The same of a source, and how far it is. */
export interface Measured extends Figures {
  readonly source: string
  readonly state: 'reading' | 'ended' | 'broken'
}
