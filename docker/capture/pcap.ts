import { concat, LINKTYPE } from '@geneve-telemetry/core/testing'

/** A frame on the wire, and when: microseconds after the capture's begin. */
export interface TimedFrame {
  readonly micros: number
  readonly bytes: Uint8Array
}

const MAGIC_MICROS = 0xa1b2c3d4
const SNAP_LENGTH = 262_144
const MICROS = 1_000_000
/** 2026-01-01T00:00:00Z: whoever replays the capture shifts it. */
const BEGIN_SECONDS = 1_767_225_600

/** A little-endian pcap file of Ethernet frames, in the order of their times. */
export function pcap(frames: readonly TimedFrame[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(24))
  header.setUint32(0, MAGIC_MICROS, true)
  header.setUint16(4, 2, true)
  header.setUint16(6, 4, true)
  header.setUint32(16, SNAP_LENGTH, true)
  header.setUint32(20, LINKTYPE.ethernet, true)
  const ordered = frames.toSorted((one, other) => one.micros - other.micros)
  return concat(new Uint8Array(header.buffer), ...ordered.flatMap((frame) => [recordHeader(frame), frame.bytes]))
}

function recordHeader({ micros, bytes }: TimedFrame): Uint8Array {
  const header = new DataView(new ArrayBuffer(16))
  header.setUint32(0, BEGIN_SECONDS + Math.floor(micros / MICROS), true)
  header.setUint32(4, micros % MICROS, true)
  header.setUint32(8, bytes.byteLength, true)
  header.setUint32(12, bytes.byteLength, true)
  return new Uint8Array(header.buffer)
}
