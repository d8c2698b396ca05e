import { type Events, SACK_NUMBERS } from '../events.ts'
import type { Flows } from '../flows.ts'
import { ACK, type Connections, SYN } from './connections.ts'

export const TCP_LENGTH: number = 20
const SYN_OPTIONS_LENGTH = 12
const TIMESTAMPS_LENGTH = 12
const SYN_OPTIONS_LENGTH_WITH_TIMESTAMPS = 20

/** Of a segment's options, in bytes. */
export function tcpOptionsLength(events: Events, connections: Connections, event: number): number {
  const hasTimestamps = connections.hasTimestamps[events.flow[event]!] === 1
  if ((events.flags[event]! & SYN) !== 0) return hasTimestamps ? SYN_OPTIONS_LENGTH_WITH_TIMESTAMPS : SYN_OPTIONS_LENGTH
  const blocks = events.sackBlocks[event]!
  return (hasTimestamps ? TIMESTAMPS_LENGTH : 0) + (blocks > 0 ? 4 + blocks * 8 : 0)
}

/**
 * |          Source Port          |       Destination Port        |     RFC 9293, 3.1
 * |                        Sequence Number                        |
 * |                     Acknowledgment Number                     |
 * | Data  | Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 * |           Checksum            |         Urgent Pointer        |
 * |                           [Options]                           |
 *
 * `length` holds the options. Returns the sum of all words but the ports; the checksum is left for the caller.
 */
export function writeTcpHeader(
  view: DataView,
  at: number,
  length: number,
  events: Events,
  connections: Connections,
  flows: Flows,
  event: number,
): number {
  const flow = events.flow[event]!
  const end = flow * 2 + events.side[event]!
  const flags = events.flags[event]!
  const sequence = (connections.first[end]! + events.sequence[event]!) >>> 0
  const acknowledged = (flags & ACK) === 0 ? 0 : (connections.first[end ^ 1]! + events.acknowledged[event]!) >>> 0
  const offsetAndFlags = (length << 10) | flags
  const window = events.window[event]!
  view.setUint16(at, flows.port[end]!)
  view.setUint16(at + 2, flows.port[end ^ 1]!)
  view.setUint32(at + 4, sequence)
  view.setUint32(at + 8, acknowledged)
  view.setUint16(at + 12, offsetAndFlags)
  view.setUint16(at + 14, window)
  view.setUint32(at + 16, 0)
  let sum = words(sequence) + words(acknowledged) + offsetAndFlags + window
  if (length > TCP_LENGTH) sum += writeOptions(view, at + TCP_LENGTH, events, connections, event, flags)
  return sum
}

function writeOptions(view: DataView, at: number, events: Events, connections: Connections, event: number, flags: number): number {
  const flow = events.flow[event]!
  const side = events.side[event]!
  const hasTimestamps = connections.hasTimestamps[flow] === 1
  const timestamp = events.timestamp[event]!
  const echo = events.timestampEcho[event]!
  if ((flags & SYN) !== 0) {
    // Maximum segment size (2), SACK permitted (4), timestamps (8) or two no-operations (1), no-operation and window scale (3)
    const size = 0x0204_0000 + connections.segmentSize[flow * 2 + side]!
    const scale = 0x0103_0300 + connections.windowShift[flow * 2 + side]!
    view.setUint32(at, size)
    if (!hasTimestamps) {
      view.setUint32(at + 4, 0x0101_0402)
      view.setUint32(at + 8, scale)
      return words(size) + words(0x0101_0402) + words(scale)
    }
    view.setUint32(at + 4, 0x0402_080a)
    view.setUint32(at + 8, timestamp)
    view.setUint32(at + 12, echo)
    view.setUint32(at + 16, scale)
    return words(size) + words(0x0402_080a) + words(timestamp) + words(echo) + words(scale)
  }
  let sum = 0
  if (hasTimestamps) {
    view.setUint32(at, 0x0101_080a)
    view.setUint32(at + 4, timestamp)
    view.setUint32(at + 8, echo)
    sum = words(0x0101_080a) + words(timestamp) + words(echo)
    at += TIMESTAMPS_LENGTH
  }
  const blocks = events.sackBlocks[event]!
  if (blocks === 0) return sum
  // Two no-operations and SACK (5): the edges of what came ahead of a gap
  const head = 0x0101_0500 + 2 + blocks * 8
  view.setUint32(at, head)
  sum += words(head)
  const other = connections.first[(flow * 2 + side) ^ 1]!
  for (let index = 0; index < blocks * 2; index++) {
    const edge = (other + events.sack[event * SACK_NUMBERS + index]!) >>> 0
    view.setUint32(at + 4 + index * 4, edge)
    sum += words(edge)
  }
  return sum
}

function words(value: number): number {
  return (value >>> 16) + (value & 0xffff)
}
