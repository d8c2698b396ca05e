import type { FrameReader } from './frame-reader.ts'
import type { Compression } from './inflated-bytes.ts'
import { isPcap, PcapReader } from './pcap.ts'
import { isPcapng, PcapngReader } from './pcapng.ts'

/** The bytes by which formats are told apart. */
export const MAGIC_BYTES = 4

/** The reader for what begins at `at`, of which `MAGIC_BYTES` must be there. */
export function readerOf(view: DataView, at: number): FrameReader | undefined {
  if (isPcapng(view, at)) return new PcapngReader()
  return isPcap(view, at) ? new PcapReader() : undefined
}

/** How what begins at `at` is compressed. */
export function compressionOf(view: DataView, at: number): Compression | undefined {
  const magic = view.getUint32(at)
  // RFC 1952, 2.3: two bytes of magic, 8 for deflate. RFC 8878, 3.1: a frame, or one to be skipped.
  if (magic >>> 8 === 0x1f8b08) return 'gzip'
  return magic === 0x28b52ffd || (magic & 0xf0ff_ffff) >>> 0 === 0x502a4d18 ? 'zstd' : undefined
}
