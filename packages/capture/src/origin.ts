import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'

const DIGESTED_BYTES = 2 ** 16
const DIGITS = 16

/** 16 hex digits from a file's first 64 KiB, as they lie on disk, and its size: the same wherever it lies and whatever it is called. */
export async function fileOrigin(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(new Uint8Array(DIGESTED_BYTES), 0, DIGESTED_BYTES, 0)
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).update(String(size)).digest('hex').slice(0, DIGITS)
  } finally {
    await handle.close()
  }
}

/** 16 random hex digits: what comes over a pipe comes once. */
export function runOrigin(): string {
  return randomBytes(DIGITS / 2).toString('hex')
}
