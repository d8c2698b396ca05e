import type { FlowView } from '@geneve-telemetry/core'

/** What analyzers are shown of a flow; filled in place. */
export class FlowCursor implements FlowView {
  row = 0
  direction: 0 | 1 = 0
  side: 0 | 1 = 0
  isNew = false
  isReuse = false

  /** `initiator`: the side that began the flow. */
  set(row: number, side: number, initiator: number, isNew: boolean, isReuse: boolean): void {
    this.row = row
    this.side = side === 0 ? 0 : 1
    this.direction = side === initiator ? 0 : 1
    this.isNew = isNew
    this.isReuse = isReuse
  }
}
