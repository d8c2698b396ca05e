import { concat } from '@geneve-telemetry/core/testing'

export interface CapturedFrame {
  readonly bytes: Uint8Array
  readonly seconds?: number
  readonly nanos?: number
  /** Bytes on the wire, where more than were captured. */
  readonly length?: number
}

const NANOSECOND_MAGIC = 0xa1b23c4d
const ETHERNET = 1

/** A pcap file with nanoseconds, little-endian. */
export function pcap(frames: readonly CapturedFrame[], linkType = ETHERNET): Uint8Array {
  const header = words([NANOSECOND_MAGIC, 0x0004_0002, 0, 0, 262_144, linkType])
  const records = frames.map(({ bytes, seconds = 1_795_428_000, nanos = 0, length = bytes.byteLength }) =>
    concat(words([seconds, nanos, bytes.byteLength, length]), bytes),
  )
  return concat(header, ...records)
}

function words(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true)
  return new Uint8Array(view.buffer)
}
