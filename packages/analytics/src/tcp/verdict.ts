/**
 * What tshark says of a TCP packet, by its names (`tcp.analysis.*`) but for these: `retransmission` is one that is neither fast nor spurious, `reused_ports`
 * is a SYN that begins another connection between the same ports. The name at index `i` is bit `1 << i` of a packet's verdicts.
 */
export const TCP_VERDICTS = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'duplicate_ack',
  'lost_segment',
  'ack_lost_segment',
  'keep_alive',
  'keep_alive_ack',
  'zero_window',
  'zero_window_probe',
  'zero_window_probe_ack',
  'window_update',
  'window_full',
  'reused_ports',
] as const
export type TcpVerdict = (typeof TCP_VERDICTS)[number]

export const VERDICT = {
  RETRANSMISSION: 1,
  FAST_RETRANSMISSION: 2,
  SPURIOUS_RETRANSMISSION: 4,
  OUT_OF_ORDER: 8,
  DUPLICATE_ACK: 0x10,
  LOST_SEGMENT: 0x20,
  ACK_LOST_SEGMENT: 0x40,
  KEEP_ALIVE: 0x80,
  KEEP_ALIVE_ACK: 0x100,
  ZERO_WINDOW: 0x200,
  ZERO_WINDOW_PROBE: 0x400,
  ZERO_WINDOW_PROBE_ACK: 0x800,
  WINDOW_UPDATE: 0x1000,
  WINDOW_FULL: 0x2000,
  REUSED_PORTS: 0x4000,
} as const

/** The names of the bits that are set. */
export function tcpVerdictNames(verdicts: number): TcpVerdict[] {
  return TCP_VERDICTS.filter((_, index) => (verdicts & (1 << index)) !== 0)
}
