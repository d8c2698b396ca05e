import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import type { ByteSource } from './byte-source.ts'

export type Compression = 'gzip' | 'zstd'

const PIECE_BYTES = 2 ** 14
/**
 * Bytes that are decompressed in one step. What a failing step had already decompressed is lost with it. A file is then read a second time, in steps of one
 * byte around the damage; with a stream that cannot be done, so its steps are smaller.
 */
const FILE_STEP_BYTES = 2 ** 16
const STREAM_STEP_BYTES = 2 ** 14
/** The checksum behind the data goes in by itself, so that the data are out before it can fail. */
const CHECKSUM_BYTES: Readonly<Record<Compression, number>> = { gzip: 8, zstd: 4 }

/** The content of a gzip or zstd stream of one or more members. Broken compression is no exception: the bytes end, and `problem` says why. */
export class InflatedBytes implements ByteSource {
  readonly name: string
  readonly live: boolean
  readonly bytesTotal: number | undefined
  problem: string | undefined
  /** Whether the problem is just that the compressed bytes end too early. */
  isCut = false
  readonly #compression: Compression
  #raw: ByteSource
  #engine: Gunzip | ZstdDecompress
  #engineError: NodeJS.ErrnoException | undefined
  #wake: () => void = () => {}
  readonly #piece: Uint8Array = new Uint8Array(PIECE_BYTES)
  /** Bytes of the current piece that the engine has not taken, and the position of the first one in the compressed bytes. */
  #rest: Uint8Array
  #position = 0
  #isWriting = false
  #isFinished = false
  /** Compressed bytes that this engine took before the step that it is at. */
  #taken = 0
  /** Decompressed bytes handed out, and those to drop because an earlier pass has handed them out. */
  #given = 0
  #skip = 0
  #carefulFrom: number = Number.POSITIVE_INFINITY

  /** `head` is what has been read from `raw` already. */
  constructor(raw: ByteSource, head: Uint8Array, compression: Compression) {
    this.name = raw.name
    this.live = raw.live
    this.bytesTotal = raw.bytesTotal
    this.#raw = raw
    this.#rest = head
    this.#compression = compression
    this.#engine = this.#start()
  }

  get bytesRead(): number {
    return this.#skip > 0 ? this.#carefulFrom : this.#raw.bytesRead
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.problem === undefined) {
      // Output comes before errors: what was decompressed before one is still there to be read.
      const take = Math.min(this.#engine.readableLength, this.#skip || into.length)
      // Reading nothing is what makes an empty stream end.
      const bytes: Buffer | null = this.#engine.read(take || undefined)
      if (bytes !== null && this.#skip > 0) this.#skip -= bytes.length
      else if (bytes !== null) {
        into.set(bytes)
        this.#given += bytes.length
        return bytes.length
      } else if (this.#engineError !== undefined) await this.#recover(this.#engineError)
      else if (this.#engine.readableEnded) {
        if (!(await this.#nextMember())) return 0
      } else if (this.#isWriting || this.#isFinished) await this.#event()
      else await this.#feed()
    }
    return 0
  }

  close(): Promise<void> {
    this.#engine.destroy()
    return this.#raw.close()
  }

  #start(): Gunzip | ZstdDecompress {
    const chunkSize = this.#raw.again === undefined ? STREAM_STEP_BYTES : FILE_STEP_BYTES
    const engine = this.#compression === 'gzip' ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize })
    const wake = (): void => this.#wake()
    engine.on('readable', wake)
    engine.on('end', wake)
    engine.on('error', (error) => {
      if (engine !== this.#engine) return
      this.#engineError = error
      wake()
    })
    this.#taken = 0
    this.#isWriting = false
    this.#isFinished = false
    return engine
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  async #refill(): Promise<boolean> {
    if (this.#rest.length > 0) return true
    this.#rest = this.#piece.subarray(0, await this.#raw.read(this.#piece))
    return this.#rest.length > 0
  }

  async #feed(): Promise<void> {
    if (!(await this.#refill())) {
      this.#isFinished = true
      this.#engine.end()
      return
    }
    const engine = this.#engine
    const step = this.#rest.subarray(0, this.#stepBytes())
    this.#isWriting = true
    engine.write(step, (error) => {
      // Also called where the engine has ended within the step, or failed.
      if (error || engine !== this.#engine || engine.bytesWritten < this.#taken + step.length) return
      this.#taken += step.length
      this.#advance(step.length)
      this.#isWriting = false
      this.#wake()
    })
  }

  #stepBytes(): number {
    const { length } = this.#rest
    if (this.#position >= this.#carefulFrom) return 1
    const checksum = CHECKSUM_BYTES[this.#compression]
    return Math.min(length > checksum ? length - checksum : length, this.#carefulFrom - this.#position)
  }

  #advance(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes)
    this.#position += bytes
  }

  /** An engine ends within a step where a member does, and leaves the rest of the step to the next one. */
  async #nextMember(): Promise<boolean> {
    this.#advance(this.#engine.bytesWritten - this.#taken)
    if (!(await this.#refill())) return false
    // gzip files may be padded with zeros to whole blocks.
    if (this.#compression === 'gzip' && this.#rest[0] === 0) return false
    this.#engine = this.#start()
    return true
  }

  async #recover({ code, message }: NodeJS.ErrnoException): Promise<void> {
    this.isCut = code === 'Z_BUF_ERROR'
    if (this.isCut || this.#raw.again === undefined || this.#carefulFrom !== Number.POSITIVE_INFINITY) {
      this.problem = `the ${this.#compression} stream is ${this.isCut ? 'cut' : 'broken'} (${message})`
      return
    }
    const raw = await this.#raw.again()
    await this.#raw.close()
    this.#raw = raw
    this.#carefulFrom = this.#position
    this.#skip = this.#given
    this.#position = 0
    this.#rest = this.#piece.subarray(0, 0)
    this.#engineError = undefined
    this.#engine = this.#start()
  }
}
