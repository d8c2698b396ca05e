import { ISSUE_KINDS, type PacketView } from '@geneve-telemetry/core/wire'

const CONTROL = 0
const NO_IP = 1
const INNER_FRAGMENT = 2
/** Before the kinds of issues, the first of which is 1. */
const BEFORE_ISSUES = 2

const TRUNCATED = 1
const OPTION_OVERRUN = 4

/**
 * Why a GENEVE packet belongs to no flow: O = 1 is never user traffic (RFC 8926, 3.4); ARP, or a payload that this decoder does not know; an inner
 * fragment without ports, of whose packet the first one was not seen before; and of what was broken or cut before addresses and ports were read, what was wrong.
 */
export const UNATTRIBUTED: readonly string[] = [
  'control',
  'no-ip',
  'inner-fragment',
  ...ISSUE_KINDS.slice(1).map((kind) => `issue:${kind}`),
]

/** The index in UNATTRIBUTED of a packet that has no flow. */
export function reasonOf(packet: PacketView): number {
  if (packet.control === 1) return CONTROL
  const kind = packet.issue >> 8
  // The flags of critical options and their lengths keep nobody from what is behind them.
  const isStop = kind !== 0 && kind < OPTION_OVERRUN
  if (packet.innerVersion === 0 && !isStop) return NO_IP
  if (packet.innerVersion !== 0 && packet.fragmentOffset > 0) return INNER_FRAGMENT
  // Where the decoder was content with what there was, more was cut than it needs.
  return BEFORE_ISSUES + (isStop ? kind : TRUNCATED)
}
