import type { CaptureDamage, FrameBatch, FrameSource } from '@geneve-telemetry/core/wire'
import type { ByteSource } from './byte-source.ts'
import { FrameColumns } from './columns.ts'
import { CaptureFormatError } from './error.ts'
import { compressionOf, MAGIC_BYTES, readerOf } from './format.ts'
import type { FrameReader } from './frame-reader.ts'
import { InflatedBytes } from './inflated-bytes.ts'
import { looksLike } from './looks-like.ts'
import { openBytes } from './open.ts'
import { type CaptureOptions, checkOptions, DEFAULT_CHUNK_BYTES } from './options.ts'
import { fileOrigin, runOrigin } from './origin.ts'
import { StreamBytes } from './stream-bytes.ts'
import { Window } from './window.ts'

/** A capture being read. It can be iterated once; leaving the loop early closes what it reads from. */
export interface CaptureSource extends FrameSource {
  /** The frame within which a live source ended or was stopped, once iterated. */
  readonly cutShort: CaptureDamage | undefined
}

/**
 * The frames of the capture at a path, or of standard input for `-`: pcap or pcapng, plain, gzip or zstd, told apart by their first bytes. Nothing is opened before it is iterated;
 * then CaptureAccessError says why it cannot be read, and CaptureFormatError what it is instead of a capture. Damage behind the first bytes is a value.
 */
export function openCapture(path: string, options: CaptureOptions = {}): CaptureSource {
  if (path === '-') return readNamed('standard input', () => process.stdin, options)
  if (path === '') throw new RangeError("path: it is empty; name a capture file, or '-' for standard input")
  return new Capture(() => openBytes(path, options.signal), options)
}

/** The frames of a capture that comes piece by piece: a Node stream, a socket, the output of `tcpdump -w -`. Each batch is handed out as soon as its frames are whole. */
export function readCapture(stream: AsyncIterable<Uint8Array>, options: CaptureOptions = {}): CaptureSource {
  return readNamed('the stream', () => stream, options)
}

function readNamed(name: string, stream: () => AsyncIterable<Uint8Array>, options: CaptureOptions): CaptureSource {
  return new Capture(async () => new StreamBytes(name, stream(), options.signal), options)
}

class Capture implements CaptureSource {
  origin: string
  damage: CaptureDamage | undefined
  cutShort: CaptureDamage | undefined
  readonly #open: () => Promise<ByteSource>
  readonly #options: CaptureOptions
  #bytes: ByteSource | undefined
  #isIterated = false

  constructor(open: () => Promise<ByteSource>, options: CaptureOptions) {
    checkOptions(options)
    this.#open = open
    this.#options = options
    this.origin = options.origin ?? ''
  }

  get bytesRead(): number {
    return this.#bytes?.bytesRead ?? 0
  }

  get bytesTotal(): number | undefined {
    return this.#bytes?.bytesTotal
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FrameBatch, void, undefined> {
    if (this.#isIterated) throw new Error('a capture is read once; open it again to read it again')
    this.#isIterated = true
    this.#bytes = await this.#open()
    try {
      if (this.origin === '') this.origin = this.#bytes.bytesTotal === undefined ? runOrigin() : await fileOrigin(this.#bytes.name)
      const window = new Window(this.#options.chunkBytes ?? DEFAULT_CHUNK_BYTES)
      const reader = await this.#readerFor(window, this.#bytes)
      if (reader === undefined) return
      const batch = new FrameColumns(window.view)
      for (;;) {
        batch.restart(window.view)
        window.start = reader.read(window.view, window.start, window.end, batch)
        if (batch.count > 0) yield batch
        else if (reader.problem !== undefined || this.#options.signal?.aborted || !(await window.fill(this.#bytes))) break
      }
      this.#end(window, reader)
    } finally {
      await this.#bytes.close()
    }
  }

  /** Undefined where the compression is broken, or the caller stops, before there is anything. */
  async #readerFor(window: Window, raw: ByteSource): Promise<FrameReader | undefined> {
    const { name } = raw
    await fillMagic(window, raw)
    if (window.available < MAGIC_BYTES && this.#options.signal?.aborted) return undefined
    if (window.available === 0) throw new CaptureFormatError(emptiness(raw))
    const compression = window.available < MAGIC_BYTES ? undefined : compressionOf(window.view, window.start)
    if (compression !== undefined) {
      const inflated = new InflatedBytes(raw, window.takeAll(), compression)
      this.#bytes = inflated
      await fillMagic(window, inflated)
      if (window.available < MAGIC_BYTES && inflated.problem !== undefined) {
        this.#tell(window.end, inflated.problem, inflated.isCut)
        return undefined
      }
    }
    const reader = window.available < MAGIC_BYTES ? undefined : readerOf(window.view, window.start)
    if (reader !== undefined) return reader
    const head = window.bytes.subarray(window.start, window.end)
    const wrapping = compression === undefined ? '' : `${compression} of `
    if (head.length === 0) throw new CaptureFormatError(`${name} is no capture: it is ${wrapping}nothing`)
    throw new CaptureFormatError(`${name} is no capture (pcap or pcapng, plain, gzip or zstd): it looks like ${wrapping}${looksLike(head)}`)
  }

  #end(window: Window, reader: FrameReader): void {
    const bytes = this.#bytes
    if (reader.problem !== undefined) this.#tell(window.position, reader.problem, false)
    else if (bytes instanceof InflatedBytes && bytes.problem !== undefined) {
      this.#tell(window.position + window.available, bytes.problem, bytes.isCut)
    } else if (window.available > 0) {
      this.#tell(window.position, `${reader.expected} is cut: ${reader.needed} bytes needed, ${window.available} there`, true)
    }
  }

  #tell(byteOffset: number, reason: string, isCut: boolean): void {
    const { live = this.#bytes?.live, signal } = this.#options
    if (isCut && (live || signal?.aborted)) this.cutShort = { reason, byteOffset }
    else this.damage = { reason, byteOffset }
  }
}

async function fillMagic(window: Window, bytes: ByteSource): Promise<void> {
  while (window.available < MAGIC_BYTES && (await window.fill(bytes)));
}

function emptiness({ name, live }: ByteSource): string {
  return live
    ? `${name} ended without a byte: see what the program that should have written the capture says`
    : `${name} is empty: nothing was ever captured into it`
}
