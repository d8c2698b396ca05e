/** What may go wrong, and how often. Rates are from 0 to 1. */
export interface Impairments {
  /** Of packets that get lost: one half before the tap sees them, the other half behind it. */
  readonly loss: number
  /** Of packets that later ones overtake before the tap. */
  readonly reorder: number
  /** Of packets that the network doubles before the tap. */
  readonly duplicate: number
  /** Of TCP connections whose client stops reading for a while in the midst of a response. */
  readonly 'zero-window': number
  /** Of TCP connections that are kept alive by probes while nobody speaks. */
  readonly keepalive: number
  /** Of TCP ends whose sequence numbers begin just below 2^32. */
  readonly wrap: number
}

export type Impairment = keyof Impairments

export const IMPAIRMENTS: readonly Impairment[] = ['loss', 'reorder', 'duplicate', 'zero-window', 'keepalive', 'wrap']

/** All rates; 0 where none is given. Throws RangeError naming the one that is none. */
export function impairmentsOf(rates: Partial<Impairments>): Impairments {
  for (const [name, rate] of Object.entries(rates)) {
    if (!IMPAIRMENTS.some((known) => known === name)) throw new RangeError(`impair: '${name}' is none of ${IMPAIRMENTS.join(', ')}`)
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`impair.${name}: ${rate} is not a rate from 0 to 1`)
  }
  return { loss: 0, reorder: 0, duplicate: 0, 'zero-window': 0, keepalive: 0, wrap: 0, ...rates }
}
