import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '@geneve-telemetry/core/wire'
import type { FrameColumns } from './columns.ts'
import { type FrameReader, MAX_FRAME_BYTES } from './frame-reader.ts'
import { type Interface, readInterface } from './pcapng-interface.ts'
import { findOption } from './pcapng-option.ts'

/** The same in both byte orders. */
const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Type and length in front, length behind. */
const BLOCK_BYTES = 12
const LENGTH_BYTES = 4
const PACKET_FLAGS = 2
/** What a file can make this reader remember must have an end. */
const MAX_INTERFACES = 65_536

/** Whether a pcapng section begins at `at`. */
export function isPcapng(view: DataView, at: number): boolean {
  return view.getUint32(at) === SECTION_HEADER
}

/** Reads pcapng (draft-ietf-opsawg-pcapng): all blocks with packets, any number of sections and interfaces. Other blocks are passed over. */
export class PcapngReader implements FrameReader {
  problem: string | undefined
  readonly expected: string = 'the last block'
  needed: number = BLOCK_BYTES
  #little = false
  #interfaces: Interface[] = []

  /**
   * |  type 4  |  total length 4  |  body, padded to 4  |  total length 4  |
   */
  read(view: DataView, at: number, end: number, batch: FrameColumns): number {
    while (!batch.isFull) {
      this.needed = BLOCK_BYTES
      if (end - at < BLOCK_BYTES) break
      const type = view.getUint32(at, this.#little)
      if (type === SECTION_HEADER) this.#little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC
      const length = view.getUint32(at + 4, this.#little)
      this.problem = lengthProblem(type, length)
      if (this.problem !== undefined) break
      this.needed = length
      if (end - at < length) break
      this.problem = this.#block(view, type, at, length, batch)
      if (this.problem !== undefined) break
      at += length
    }
    return at
  }

  #block(view: DataView, type: number, at: number, length: number, batch: FrameColumns): string | undefined {
    const little = this.#little
    const end = at + length - LENGTH_BYTES
    const behind = view.getUint32(end, little)
    if (behind !== length) return `a block is ${length} bytes long in front and ${behind} behind`
    const body = at + 8
    switch (type) {
      case ENHANCED_PACKET:
        return this.#packet(view, body, end, view.getUint32(body, little), batch)
      case PACKET:
        return this.#packet(view, body, end, view.getUint16(body, little), batch)
      case SIMPLE_PACKET:
        return this.#simplePacket(view, body, end, batch)
      case INTERFACE_DESCRIPTION:
        if (this.#interfaces.length === MAX_INTERFACES) return `more than ${MAX_INTERFACES} interfaces are not believed`
        this.#interfaces.push(readInterface(view, body, end, little))
        return undefined
      case SECTION_HEADER:
        return this.#section(view, body)
      default:
        return undefined
    }
  }

  /**
   * |  byte-order magic 4  |  major 2  |  minor 2  |  section length 8  |  options  |
   */
  #section(view: DataView, at: number): string | undefined {
    const magic = view.getUint32(at, this.#little)
    if (magic !== BYTE_ORDER_MAGIC) return `a section begins without the byte-order magic (0x${magic.toString(16).padStart(8, '0')})`
    const major = view.getUint16(at + 4, this.#little)
    if (major !== 1) return `this is version ${major}.${view.getUint16(at + 6, this.#little)} of pcapng, and only 1 is known`
    this.#interfaces = []
    return undefined
  }

  /**
   * |  interface 4  |  time, upper half 4  |  lower half 4  |  captured length 4  |  original length 4  |  frame, padded to 4  |  options  |
   *
   * The obsolete Packet Block has 2 bytes of interface and 2 of dropped packets in front.
   */
  #packet(view: DataView, at: number, end: number, interfaceId: number, batch: FrameColumns): string | undefined {
    const little = this.#little
    const port = this.#interfaces[interfaceId]
    if (port === undefined) return noInterface(interfaceId, this.#interfaces.length)
    const captured = view.getUint32(at + 12, little)
    const frame = at + 20
    if (captured > end - frame) return noRoom(captured, end - frame)
    let { fcs } = port
    let direction = DIRECTION_UNKNOWN
    const options = frame + ((captured + 3) & ~3)
    const flagsAt = end - options < 4 ? -1 : findOption(view, options, end, little, PACKET_FLAGS, 4)
    if (flagsAt >= 0) {
      // Bits 0-1: direction; 5-8: bytes of frame check sequence, 0 = not known.
      const flags = view.getUint32(flagsAt, little)
      fcs = (flags >>> 5) & 0xf || fcs
      if ((flags & 3) === 1) direction = DIRECTION_INBOUND
      else if ((flags & 3) === 2) direction = DIRECTION_OUTBOUND
    }
    const row = batch.add(frame, captured, view.getUint32(at + 16, little), fcs, port.linkType, direction)
    port.clock.write(view.getUint32(at + 4, little), view.getUint32(at + 8, little), row, batch.seconds, batch.nanos)
    return undefined
  }

  /**
   * |  original length 4  |  frame, padded to 4  |
   *
   * Its interface is the first, whose snap length tells how much was captured. It has no time, and gets 0.
   */
  #simplePacket(view: DataView, at: number, end: number, batch: FrameColumns): string | undefined {
    const port = this.#interfaces[0]
    if (port === undefined) return noInterface(0, 0)
    const original = view.getUint32(at, this.#little)
    const captured = port.snapLength === 0 ? original : Math.min(original, port.snapLength)
    const frame = at + 4
    if (captured > end - frame) return noRoom(captured, end - frame)
    const row = batch.add(frame, captured, original, port.fcs, port.linkType, DIRECTION_UNKNOWN)
    batch.seconds[row] = 0
    batch.nanos[row] = 0
    return undefined
  }
}

function lengthProblem(type: number, length: number): string | undefined {
  if (length > MAX_FRAME_BYTES) return `a block claims ${length} bytes, and more than ${MAX_FRAME_BYTES} is not believed`
  const least = leastBytes(type)
  if (length < least) return `a block of type ${type} has ${length} bytes and needs ${least}`
  return length % 4 === 0 ? undefined : `a block has ${length} bytes, which is no multiple of 4`
}

/** Of a whole block without options and frame. */
function leastBytes(type: number): number {
  switch (type) {
    case ENHANCED_PACKET:
    case PACKET:
      return 32
    case SIMPLE_PACKET:
      return 16
    case INTERFACE_DESCRIPTION:
      return 20
    case SECTION_HEADER:
      return 28
    default:
      return BLOCK_BYTES
  }
}

function noInterface(id: number, count: number): string {
  return `a frame is of interface ${id}, and the section has described ${count} by then`
}

function noRoom(captured: number, room: number): string {
  return `a frame claims ${captured} bytes in a block with room for ${room}`
}
