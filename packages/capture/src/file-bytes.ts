import { type FileHandle, open } from 'node:fs/promises'
import type { ByteSource } from './byte-source.ts'
import { accessError } from './error.ts'

/** A regular file, read in order. */
export class FileBytes implements ByteSource {
  readonly name: string
  readonly live: boolean = false
  readonly bytesTotal: number
  bytesRead = 0
  readonly #handle: FileHandle

  private constructor(name: string, handle: FileHandle, size: number) {
    this.name = name
    this.#handle = handle
    this.bytesTotal = size
  }

  static async open(path: string): Promise<FileBytes> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path)
      const { size } = await handle.stat()
      return new FileBytes(path, handle, size)
    } catch (error) {
      await handle?.close()
      throw accessError(path, error)
    }
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(into, 0, into.length, this.bytesRead)
      this.bytesRead += bytesRead
      return bytesRead
    } catch (error) {
      throw accessError(this.name, error)
    }
  }

  again(): Promise<ByteSource> {
    return FileBytes.open(this.name)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
