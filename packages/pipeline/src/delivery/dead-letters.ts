import { closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Encoded } from '@geneve-telemetry/core'
import type { RecordKind } from './account.ts'

/** A record that was not delivered, in its backend's own form, so that it can be sent again. */
export interface DeadLetter {
  /** When it was given up, as RFC 3339 writes it. */
  readonly time: string
  readonly outlet: string
  readonly kind: RecordKind
  readonly id: string
  readonly reason: string
  /** `rejected`: the backend will never take it as it is. `dropped`: given up here. */
  readonly fate: 'rejected' | 'dropped'
  readonly bytes: Uint8Array
}

/** What became of a record, and why. */
export interface Refusal {
  readonly record: Encoded
  readonly fate: DeadLetter['fate']
  readonly reason: string
}

const MOST_BYTES = 1024 ** 3
const LINE_FEED = 10

/**
 * A file of records that could not be delivered, a line of JSON each: `{time, outlet, kind, id, reason, fate, data}`, or `base64` instead of `data` where the
 * bytes are no text. It is made by the first of them, with its folder, and appended to, never emptied. Several outlets may share one.
 *
 * Written at once and synchronously: what cannot be delivered must not pile up in memory as well.
 */
export class DeadLetters {
  readonly path: string
  readonly #mostBytes: number
  #file: number | undefined
  #bytes = 0
  #letters = 0

  /** `mostBytes`: how large the file may become, what was there before included; default 1 GiB. Beyond that, letters are only counted. */
  constructor(path: string, { mostBytes = MOST_BYTES }: { readonly mostBytes?: number } = {}) {
    if (!(mostBytes > 0)) throw new RangeError(`mostBytes: ${mostBytes} cannot be; allowed is a number above 0`)
    this.path = path
    this.#mostBytes = mostBytes
  }

  /** How many were written by this object. */
  get letters(): number {
    return this.#letters
  }

  /** Writes them, all or none. Says why they are not in the file, if they are not. */
  keep(outlet: string, refusals: readonly Refusal[]): string | undefined {
    const lines = Buffer.from(refusals.map((refusal) => lineOf(outlet, refusal)).join(''))
    try {
      this.#file ??= this.#open()
      if (this.#bytes + lines.byteLength > this.#mostBytes) return `${this.path} has the ${this.#mostBytes} bytes that it may have`
      this.#append(this.#file, lines)
    } catch (error) {
      return `${this.path} cannot be written: ${error instanceof Error ? error.message : String(error)}`
    }
    this.#letters += refusals.length
    return undefined
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #open(): number {
    const folder = dirname(this.path)
    if (!existsSync(folder)) mkdirSync(folder)
    const file = openSync(this.path, 'a+', 0o600)
    this.#bytes = fstatSync(file).size
    const last = Buffer.of(LINE_FEED)
    if (this.#bytes > 0) readSync(file, last, 0, 1, this.#bytes - 1)
    // A run that was killed may have left half a line.
    if (last[0] !== LINE_FEED) this.#append(file, Buffer.of(LINE_FEED))
    return file
  }

  #append(file: number, lines: Uint8Array): void {
    let written = 0
    try {
      while (written < lines.byteLength) written += writeSync(file, lines, written)
    } catch (error) {
      if (written > 0) ftruncateSync(file, this.#bytes)
      throw error
    }
    this.#bytes += lines.byteLength
  }
}

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function lineOf(outlet: string, { record: { kind, id, bytes }, fate, reason }: Refusal): string {
  return `${JSON.stringify({ time: new Date().toISOString(), outlet, kind, id, reason, fate, ...contentOf(bytes) })}\n`
}

function contentOf(bytes: Uint8Array): { readonly data: string } | { readonly base64: string } {
  try {
    return { data: text.decode(bytes) }
  } catch {
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') }
  }
}
