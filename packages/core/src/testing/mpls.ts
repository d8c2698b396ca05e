import { bits, concat } from './bytes.ts'

export interface MplsLabel {
  readonly label: number
  readonly trafficClass?: number
  /** Set on the last one, unless said otherwise. */
  readonly bottomOfStack?: boolean
  readonly ttl?: number
}

/** A stack of MPLS labels (RFC 3032, 2.1), the top first, and what is under it. */
export function mpls(labels: readonly MplsLabel[], payload: Uint8Array): Uint8Array {
  const stack = labels.map((entry, index) => {
    const bottom = entry.bottomOfStack ?? index === labels.length - 1
    return bits([entry.label, 20], [entry.trafficClass ?? 0, 3], [bottom ? 1 : 0, 1], [entry.ttl ?? 64, 8])
  })
  return concat(...stack, payload)
}
