import { BAD_LENGTH, OPTION_OVERRUN, TRUNCATED } from './issue.ts'
import type { PacketView } from './packet-view.ts'

/** Ends the decoding of a packet: this issue counts, whatever was noted before. Returns -1, which is what a decoder returns that has no next offset. */
export function stop(out: PacketView, kind: number, layer: number, offset: number, needed: number, available: number): number {
  out.issue = kind * 256 + layer
  out.issueOffset = offset - out.start
  out.issueNeeded = needed
  out.issueAvailable = available
  return -1
}

/** Records an issue that the decoder can go on after. The first one stays. */
export function note(out: PacketView, kind: number, layer: number, offset: number, needed: number, available: number): void {
  if (out.issue === 0) stop(out, kind, layer, offset, needed, available)
}

/** Whether the packet's issue ended its decoding: what is behind it in the packet is unknown. */
export function isStopped(out: PacketView): boolean {
  const kind = out.issue >> 8
  return kind !== 0 && kind < OPTION_OVERRUN
}

/** Where this layer's readable bytes end: by the lengths in the headers around it, or because the capture has no more. */
export function bound(out: PacketView): number {
  return Math.min(out.limit, out.cut)
}

/** Stops because `needed` bytes at `offset` are not all there: bad-length if a header around them is to blame, truncated if the capture is. */
export function short(out: PacketView, layer: number, offset: number, needed: number): number {
  const available = bound(out) - offset
  return stop(out, out.limit < out.cut ? BAD_LENGTH : TRUNCATED, layer, offset, needed, Math.max(available, 0))
}

/** A `limit` that no length reaches: a first fragment's datagram goes on in frames that are not here, so what is missing of it was cut, not wrong. */
export const BEYOND_FRAGMENT: number = 0x3fffffff

/** Bytes from `offset` to the end of the enclosing layer, or of the frame where that layer is fragmented. */
export function rest(out: PacketView, offset: number): number {
  return (out.limit === BEYOND_FRAGMENT ? out.cut : out.limit) - offset
}
