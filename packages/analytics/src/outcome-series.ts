import { IS_GENEVE, ISSUE_KINDS, issueKind, issueLayer, NOT_GENEVE_REASONS, type PacketView } from '@geneve-telemetry/core/wire'
import type { Attributes, Measurement } from './measurement.ts'
import { Sums } from './sums.ts'

/** A row for each outcome, IS_DAMAGED (-1) the last of eight, and issue number, which is kind * 256 + layer. */
const OUTCOME_MASK = 7
const ISSUES = 256 * ISSUE_KINDS.length
const ROWS = (OUTCOME_MASK + 1) * ISSUES

/** Counts frames by what the decoder made of them. */
export class OutcomeSeries implements Measurement {
  readonly name: string = 'decoder'
  readonly figures: readonly string[] = ['frames']
  readonly rows: number = ROWS
  readonly sums: Sums = new Sums(ROWS, 1)

  count({ outcome, issue }: PacketView): void {
    const { interval } = this.sums
    const row = (outcome & OUTCOME_MASK) * ISSUES + issue
    interval[row] = interval[row]! + 1
  }

  attributesOf(row: number): Attributes {
    const outcome = Math.floor(row / ISSUES)
    const issue = row % ISSUES
    const name = outcome === IS_GENEVE ? 'geneve' : (NOT_GENEVE_REASONS[outcome] ?? 'damaged')
    return { outcome: name, ...(issue !== 0 && { issue_kind: issueKind(issue), issue_layer: issueLayer(issue) }) }
  }
}
