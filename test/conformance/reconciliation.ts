import type { Difference } from './comparison.ts'
import type { Deviation } from './deviations.ts'

/** What stands on one side only: differences that nobody listed, and listed ones that do not occur. */
export interface Reconciliation {
  readonly unlisted: readonly string[]
  readonly stale: readonly string[]
}

/** Holds the differences found in a capture against those that are listed for it, cell by cell. */
export function reconcile(capture: string, found: readonly Difference[], deviations: readonly Deviation[]): Reconciliation {
  const foundTexts = new Set(found.map(differenceText))
  const listedTexts = new Set(listedDifferences(capture, deviations).map(differenceText))
  return {
    unlisted: [...foundTexts].filter((text) => !listedTexts.has(text)),
    stale: [...listedTexts].filter((text) => !foundTexts.has(text)),
  }
}

/** The differences that are listed for one capture. */
function listedDifferences(capture: string, deviations: readonly Deviation[]): readonly Difference[] {
  const differences: Difference[] = []
  for (const place of deviations.flatMap(({ places }) => places)) {
    if (place.capture !== capture) continue
    for (const frame of place.frames) {
      for (const [column, [tshark, ours]] of Object.entries(place.cells)) differences.push({ frame, column, tshark, ours })
    }
  }
  return differences
}

function differenceText({ frame, column, tshark, ours }: Difference): string {
  return `frame ${frame}, ${column}: tshark '${tshark}', ours '${ours}'`
}
