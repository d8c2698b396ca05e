import type { PacketView } from './packet-view.ts'
import { TCP } from './protocol.ts'
import { bound } from './stop.ts'

const FIXED_LENGTH = 20
const END_OF_OPTIONS = 0
const NO_OPERATION = 1
const MAXIMUM_SEGMENT_SIZE = 2
const WINDOW_SCALE = 3
const SACK_PERMITTED = 4
const SACK = 5
const TIMESTAMPS = 8
/** |  No-Op 1  |  No-Op 1  |  Kind 8  |  Length 10  |  as nearly all segments have it, and nothing else: RFC 7323, appendix A. */
const TIMESTAMPS_ALONE = 0x0101080a
const ALONE_LENGTH = 12

/** How many blocks fit the 40 bytes of TCP options (RFC 2018, 3). */
export const MAX_SACK_BLOCKS: number = 4

/** What a TCP header says beyond ports and flags; one object, filled in place, never kept. -1 = not there. 32-bit values are unsigned. */
export class TcpSegment {
  sequence = 0
  acknowledgement = 0
  /** As it stands in the header, not scaled. */
  window = 0
  /** Bytes, RFC 9293 3.7.1. */
  maximumSegmentSize = -1
  /** A shift count, RFC 7323 2.2. */
  windowScale = -1
  /** 0 or 1, RFC 2018. */
  sackPermitted = 0
  /** Left and right edges, two per block. */
  readonly sack: Uint32Array = new Uint32Array(MAX_SACK_BLOCKS * 2)
  sackBlocks = 0
  /** RFC 7323 3.2. */
  timestampValue = -1
  timestampEcho = -1
}

/**
 * Reads the innermost TCP header of a decoded packet into `out`; false where there is none or its fixed part is cut. Options are read as far as they go:
 * one with an impossible length ends them, as does the end of the captured bytes.
 */
export function readTcpSegment(packet: PacketView, out: TcpSegment): boolean {
  const { view, transport } = packet
  const end = Math.min(bound(packet), packet.innerHeader + packet.innerLength)
  if (packet.protocol !== TCP || transport < 0 || end - transport < FIXED_LENGTH) return false
  out.sequence = view.getUint32(transport + 4)
  out.acknowledgement = view.getUint32(transport + 8)
  out.window = view.getUint16(transport + 14)
  out.maximumSegmentSize = -1
  out.windowScale = -1
  out.sackPermitted = 0
  out.sackBlocks = 0
  out.timestampValue = -1
  out.timestampEcho = -1
  const optionsEnd = Math.min(transport + (view.getUint8(transport + 12) >> 4) * 4, end)
  const options = transport + FIXED_LENGTH
  if (optionsEnd - options === ALONE_LENGTH && view.getInt32(options) === TIMESTAMPS_ALONE) {
    out.timestampValue = view.getUint32(options + 4)
    out.timestampEcho = view.getUint32(options + 8)
  } else {
    readOptions(view, options, optionsEnd, out)
  }
  return true
}

/** |  Kind 1  |  Length 1  |  ...  |  RFC 9293, 3.1: kinds 0 and 1 are a single byte, the length counts kind and length too. */
function readOptions(view: DataView, offset: number, end: number, out: TcpSegment): void {
  let at = offset
  while (at < end) {
    const kind = view.getUint8(at)
    if (kind === END_OF_OPTIONS) return
    if (kind === NO_OPERATION) {
      at++
      continue
    }
    if (end - at < 2) return
    const length = view.getUint8(at + 1)
    if (length < 2 || at + length > end) return
    if (kind === MAXIMUM_SEGMENT_SIZE && length === 4) out.maximumSegmentSize = view.getUint16(at + 2)
    else if (kind === WINDOW_SCALE && length === 3) out.windowScale = view.getUint8(at + 2)
    else if (kind === SACK_PERMITTED && length === 2) out.sackPermitted = 1
    else if (kind === SACK) readSack(view, at, length, out)
    else if (kind === TIMESTAMPS && length === 10) {
      out.timestampValue = view.getUint32(at + 2)
      out.timestampEcho = view.getUint32(at + 6)
    }
    at += length
  }
}

function readSack(view: DataView, at: number, length: number, out: TcpSegment): void {
  const blocks = (length - 2) / 8
  if (!Number.isInteger(blocks) || blocks > MAX_SACK_BLOCKS) return
  for (let edge = 0; edge < blocks * 2; edge++) out.sack[edge] = view.getUint32(at + 2 + edge * 4)
  out.sackBlocks = blocks
}
