/** One thing that must hold, and the figures by which it did or did not. */
export interface Check {
  readonly name: string
  readonly passed: boolean
  readonly figures: string
}

export type Say = (text: string) => void
