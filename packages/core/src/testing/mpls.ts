import { concat, uint32 } from './bytes.ts'

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
    return uint32(entry.label * 2 ** 12 + (entry.trafficClass ?? 0) * 2 ** 9 + (bottom ? 2 ** 8 : 0) + (entry.ttl ?? 64))
  })
  return concat(...stack, payload)
}
