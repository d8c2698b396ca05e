/** Bits in a flow's STATE above the TCP flags of side A and side B, 8 each. `SEEN << side`: a packet came from there. */
export const STATE_BITS = { SEEN: 0x1_0000, INITIATOR_B: 0x4_0000, BY_SYN: 0x8_0000 } as const

const { SEEN, INITIATOR_B, BY_SYN } = STATE_BITS
const SYN = 0x02
const ACK = 0x10

/** The state after a packet from this side; flags of -1 are those of what is no TCP. */
export function stateAfter(state: number, side: number, tcpFlags: number): number {
  const flags = Math.max(tcpFlags, 0)
  const after = state | (SEEN << side) | (flags << (side << 3))
  if ((flags & SYN) === 0 || (state & BY_SYN) !== 0) return after
  // A SYN's sender began the flow, a SYN/ACK's receiver did.
  const isByB = ((flags & ACK) === 0) === (side === 1)
  return (after & ~INITIATOR_B) | BY_SYN | (isByB ? INITIATOR_B : 0)
}
