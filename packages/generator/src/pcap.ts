export const FILE_HEADER_LENGTH: number = 24
export const RECORD_HEADER_LENGTH: number = 16

const MAGIC_NANOS = 0xa1b2_3c4d
const SNAP_LENGTH = 262_144
const NANOS = 1_000_000_000

/** LINKTYPE_ETHERNET and LINKTYPE_RAW. */
export const LINK_TYPES: Readonly<Record<'ethernet' | 'raw', number>> = { ethernet: 1, raw: 101 }

/** The header of a little-endian pcap file with times in ns. */
export function fileHeader(linkType: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_LENGTH)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC_NANOS, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, SNAP_LENGTH, true)
  view.setUint32(20, linkType, true)
  return bytes
}

/** Writes the header of a record of `length` bytes, `nanos` after `startSeconds`. Returns where the packet begins. */
export function writeRecordHeader(view: DataView, at: number, startSeconds: number, nanos: number, length: number): number {
  const seconds = Math.floor(nanos / NANOS)
  view.setUint32(at, startSeconds + seconds, true)
  view.setUint32(at + 4, nanos - seconds * NANOS, true)
  view.setUint32(at + 8, length, true)
  view.setUint32(at + 12, length, true)
  return at + RECORD_HEADER_LENGTH
}
