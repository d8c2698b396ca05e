import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DELIVERED, type Encoded, type Exporter, type Format, type Outcome, type TelemetryRecord } from '@geneve-telemetry/core'

/**
 * An exporter that needs no server: it writes a format's requests, one after the other, to the file that the format names, for the backend's own tools to
 * import later. `start` makes the folder and empties the file. What cannot be written is rejected with the reason, and then none of its batch is in
 * the file.
 */
export function fileExporter<R extends TelemetryRecord>(format: Format<R>, directory: string): Exporter<R> {
  const path = join(directory, format.fileName)
  let lastAppend: Promise<unknown> = Promise.resolve()
  return {
    name: format.name,
    accepts: format.accepts,
    limits: format.limits,
    fileName: format.fileName,
    encode: (record) => format.encode(record),
    body: (batch) => format.body(batch),
    // The same records again are the same lines again.
    repeat: 'duplicates',
    async start() {
      try {
        await makeFolder(directory)
        await (await open(path, 'w')).close()
      } catch (error) {
        throw new Error(`cannot write ${path}: ${advice(error, directory)}`, { cause: error })
      }
    },
    async send(batch) {
      // One after the other, however many are sent at a time: one that fails cuts the file back.
      const appended = lastAppend.then(() => append(path, format.pieces?.(batch) ?? [format.body(batch)]))
      lastAppend = appended.catch(() => undefined)
      try {
        await appended
        return DELIVERED
      } catch (error) {
        return refuseAll(batch, `cannot write ${path}: ${advice(error, directory)}`)
      }
    },
  }
}

/** With all folders above it. Node's own `recursive` never ends where the system says of a folder that it is not there and cannot be made, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await makeOne(path)
  }
}

/** It may be there, and another target may be making it. */
async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** All of it or nothing: half a request would spoil what is written after it. */
async function append(path: string, body: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'a')
  try {
    const { size } = await file.stat()
    try {
      await writeAll(file, body)
    } catch (error) {
      await cutBack(file, size)
      throw error
    }
  } finally {
    await file.close()
  }
}

/** In one call as a rule; the system may take less than all. */
async function writeAll(file: FileHandle, body: readonly Uint8Array[]): Promise<void> {
  let rest = body.filter(({ byteLength }) => byteLength > 0)
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest)
    rest = behind(rest, bytesWritten)
  }
}

/** What is left of pieces behind their first `count` bytes. */
function behind(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let at = count
  return pieces.flatMap((piece) => {
    const begin = Math.min(at, piece.byteLength)
    at -= begin
    return begin === piece.byteLength ? [] : piece.subarray(begin)
  })
}

/** Where this fails too (a device, a lost disk) the first failure is what the operator has to know. */
async function cutBack(file: FileHandle, size: number): Promise<void> {
  await file.truncate(size).catch(() => undefined)
}

function refuseAll(batch: readonly Encoded[], reason: string): Outcome {
  return { retry: [], rejected: batch.map((_, index) => ({ index, reason })) }
}

/** What stands in the way, and what to do about it, for one that types commands. */
function advice(error: unknown, directory: string): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return `no permission; choose a folder that you may write to, or change the rights of ${directory}`
    case 'EROFS':
      return 'the disk is read-only; choose a folder elsewhere'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space or choose a folder on another disk'
    case 'ENOTDIR':
    case 'EEXIST':
      return `a part of ${directory} is a file; choose a folder`
    case 'EISDIR':
      return 'there is a folder of that name; move it away or choose another folder'
    case 'ENOENT':
      return 'the folder is not there and cannot be made; choose another one'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
