import { DIRECTION_UNKNOWN } from '@geneve-telemetry/core/wire'
import type { FrameColumns } from './columns.ts'
import { type FrameReader, MAX_FRAME_BYTES } from './frame-reader.ts'

const MICROS = 0xa1b2c3d4
const NANOS = 0xa1b23c4d
/** Alexey Kuznetsov's patch of libpcap: 8 more bytes behind the lengths, which not all writers fill in. */
const PATCHED = 0xa1b2cd34
const MAGICS: readonly number[] = [MICROS, NANOS, PATCHED]

const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const PATCHED_HEADER_BYTES = 24

/** Whether a pcap file begins at `at`, in either byte order. */
export function isPcap(view: DataView, at: number): boolean {
  return MAGICS.includes(view.getUint32(at, true)) || MAGICS.includes(view.getUint32(at, false))
}

/** Reads pcap (draft-ietf-opsawg-pcap): microseconds or nanoseconds, either byte order. */
export class PcapReader implements FrameReader {
  problem: string | undefined
  expected = 'the file header'
  needed: number = FILE_HEADER_BYTES
  #isOpen = false
  #little = false
  #headerBytes: number = RECORD_HEADER_BYTES
  #unitsPerSecond = 1e6
  #nanosPerUnit = 1e3
  #linkType = 0
  #fcs = 0

  read(view: DataView, at: number, end: number, batch: FrameColumns): number {
    if (!this.#isOpen) {
      if (end - at < FILE_HEADER_BYTES || !this.#open(view, at)) return at
      at += FILE_HEADER_BYTES
    }
    return this.#records(view, at, end, batch)
  }

  /**
   * |  magic 4  |  major 2  |  minor 2  |  reserved 8  |  snap length 4  |  FCS words and flags 6 bits, reserved 10 bits, link type 16 bits  |
   */
  #open(view: DataView, at: number): boolean {
    this.#little = MAGICS.includes(view.getUint32(at, true))
    const magic = view.getUint32(at, this.#little)
    const major = view.getUint16(at + 4, this.#little)
    if (major !== 2) {
      this.problem = `this is version ${major}.${view.getUint16(at + 6, this.#little)} of pcap, and only 2 is known`
      return false
    }
    if (magic === PATCHED) this.#headerBytes = PATCHED_HEADER_BYTES
    if (magic === NANOS) {
      this.#unitsPerSecond = 1e9
      this.#nanosPerUnit = 1
    }
    const link = view.getUint32(at + 20, this.#little)
    this.#linkType = link & 0xffff
    if ((link & 0x0400_0000) !== 0) this.#fcs = (link >>> 28) * 2
    this.#isOpen = true
    this.expected = 'the last frame'
    return true
  }

  /**
   * |  seconds 4  |  micro- or nanoseconds 4  |  captured length 4  |  original length 4  |  frame  |
   */
  #records(view: DataView, at: number, end: number, batch: FrameColumns): number {
    const little = this.#little
    const headerBytes = this.#headerBytes
    const unitsPerSecond = this.#unitsPerSecond
    const nanosPerUnit = this.#nanosPerUnit
    const linkType = this.#linkType
    const fcs = this.#fcs
    this.needed = headerBytes
    while (!batch.isFull && end - at >= headerBytes) {
      const captured = view.getUint32(at + 8, little)
      if (captured > MAX_FRAME_BYTES) {
        this.problem = `a frame claims ${captured} bytes, and more than ${MAX_FRAME_BYTES} is not believed`
        break
      }
      const next = at + headerBytes + captured
      if (next > end) {
        this.needed = headerBytes + captured
        break
      }
      const row = batch.add(at + headerBytes, captured, view.getUint32(at + 12, little), fcs, linkType, DIRECTION_UNKNOWN)
      let seconds = view.getUint32(at, little)
      let units = view.getUint32(at + 4, little)
      if (units >= unitsPerSecond) {
        seconds += Math.floor(units / unitsPerSecond)
        units %= unitsPerSecond
      }
      batch.seconds[row] = seconds
      batch.nanos[row] = units * nanosPerUnit
      at = next
    }
    return at
  }
}
