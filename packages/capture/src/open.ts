import { createReadStream, open } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { promisify } from 'node:util'
import type { ByteSource } from './byte-source.ts'
import { accessError, CaptureAccessError } from './error.ts'
import { FileBytes } from './file-bytes.ts'
import { StreamBytes } from './stream-bytes.ts'

/** Opens what lies at a path: a file, a named pipe, a device. Throws CaptureAccessError. */
export async function openBytes(path: string, signal: AbortSignal | undefined): Promise<ByteSource> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path} is a directory`), { code: 'EISDIR' })
    if (stats.isFile()) return await FileBytes.open(path)
    // A read of a pipe that has nothing to give would hold one of the threads that all file access shares; a socket's waits without.
    if (stats.isFIFO()) return new StreamBytes(path, new Socket({ fd: await promisify(open)(path, 'r'), writable: false }), signal)
    return new StreamBytes(path, createReadStream(path), signal)
  } catch (error) {
    throw error instanceof CaptureAccessError ? error : accessError(path, error)
  }
}
