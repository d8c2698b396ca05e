import type { FlowState } from '@geneve-telemetry/core'

/**
 * Bits in a flow's STATE above the TCP flags of side A and side B in this part of the flow, 8 each. `SEEN << side`: a packet came from there. From FIN on of the
 * whole flow: `FIN << side` and `RST << side`; a SYN, a SYN/ACK and an ACK without either; `BASE << side`: the first sequence number is known.
 */
export const STATE_BITS = {
  FLAGS: 0xffff,
  SEEN: 0x1_0000,
  INITIATOR_B: 0x4_0000,
  BY_SYN: 0x8_0000,
  FIN: 0x10_0000,
  FINS: 0x30_0000,
  RST: 0x40_0000,
  RSTS: 0xc0_0000,
  HAS_SYN: 0x100_0000,
  HAS_SYN_ACK: 0x200_0000,
  HAS_ACK: 0x400_0000,
  BASE: 0x800_0000,
} as const

const { SEEN, INITIATOR_B, BY_SYN, FIN, FINS, RST, RSTS, HAS_SYN, HAS_SYN_ACK, HAS_ACK } = STATE_BITS
const FIN_FLAG = 0x01
const SYN_FLAG = 0x02
const RST_FLAG = 0x04
const ACK_FLAG = 0x10

/** The state after a packet from this side; flags of -1 are those of what is no TCP. */
export function stateAfter(state: number, side: number, tcpFlags: number): number {
  const flags = Math.max(tcpFlags, 0)
  let after = state | (SEEN << side) | (flags << (side << 3))
  if ((flags & FIN_FLAG) !== 0) after |= FIN << side
  if ((flags & RST_FLAG) !== 0) after |= RST << side
  if ((flags & (ACK_FLAG | SYN_FLAG | RST_FLAG)) === ACK_FLAG) after |= HAS_ACK
  if ((flags & SYN_FLAG) === 0) return after
  after |= (flags & ACK_FLAG) === 0 ? HAS_SYN : HAS_SYN_ACK
  if ((state & BY_SYN) !== 0) return after
  // A SYN's sender began the flow, a SYN/ACK's receiver did.
  const isByB = ((flags & ACK_FLAG) === 0) === (side === 1)
  return (after & ~INITIATOR_B) | BY_SYN | (isByB ? INITIATOR_B : 0)
}

/** Whether both sides have said that no more comes, or one that nothing more is wanted. */
export function isOver(state: number): boolean {
  return (state & FINS) === FINS || (state & RSTS) !== 0
}

/** How far a TCP connection has come. */
export function connectionState(state: number): FlowState {
  if ((state & RSTS) !== 0) return (state & (HAS_SYN | HAS_SYN_ACK | HAS_ACK)) === HAS_SYN ? 'refused' : 'reset'
  if ((state & FINS) !== 0) return (state & FINS) === FINS ? 'closed' : 'closing'
  if ((state & HAS_ACK) !== 0) return 'established'
  if ((state & HAS_SYN_ACK) !== 0) return 'syn-received'
  return (state & HAS_SYN) !== 0 ? 'syn-sent' : 'established'
}
