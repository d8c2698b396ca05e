/** What is special about a packet in flight, as bits. */
export const RETRANSMISSION: number = 1
export const WINDOW_PROBE: number = 2
export const KEEPALIVE: number = 4
export const DUPLICATE: number = 8
