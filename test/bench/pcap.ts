/** Bytes of pcap's two headers: of the file, and of each record. */
export const FILE_HEADER: number = 24
export const RECORD_HEADER: number = 16

const MAGIC_MICROS = 0xa1b2c3d4
const SNAP_LENGTH = 262_144
const FIRST_SECOND = 1_700_000_000
const MICROS = 1_000_000

/** Writes the header of a little-endian file with times in µs to the start of `into`; returns where it ends. */
export function writeFileHeader(into: DataView, linkType: number): number {
  into.setUint32(0, MAGIC_MICROS, true)
  into.setUint16(4, 2, true)
  into.setUint16(6, 4, true)
  into.setUint32(16, SNAP_LENGTH, true)
  into.setUint32(20, linkType, true)
  return FILE_HEADER
}

/** Writes the header of a record `micros` after the capture's begin. */
export function recordHeader(into: DataView, offset: number, micros: number, captured: number, wireLength: number): void {
  writeTime(into, offset, micros)
  into.setUint32(offset + 8, captured, true)
  into.setUint32(offset + 12, wireLength, true)
}

export function writeTime(into: DataView, offset: number, micros: number): void {
  into.setUint32(offset, FIRST_SECOND + Math.floor(micros / MICROS), true)
  into.setUint32(offset + 4, micros % MICROS, true)
}
