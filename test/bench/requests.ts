import { type Encoded, type Format, isRejected, type TelemetryRecord } from '@geneve-telemetry/core'

/** Encodes records and makes a backend's requests of them, as an outlet does, and throws them away. */
export class Requests {
  bytes = 0
  readonly #format: Format
  #batch: Encoded[] = []
  #batchBytes = 0

  constructor(format: Format) {
    this.#format = format
  }

  add(record: TelemetryRecord): void {
    const encoded = this.#format.encode(record)
    if (isRejected(encoded)) throw new Error(`${this.#format.name} refuses a record: ${encoded.rejected}`)
    this.#batch.push(encoded)
    this.#batchBytes += encoded.bytes.byteLength
    const { records, bytes } = this.#format.limits
    if (this.#batch.length >= records || this.#batchBytes >= bytes) this.finish()
  }

  finish(): void {
    this.bytes += this.#format.body(this.#batch).byteLength
    this.#batch = []
    this.#batchBytes = 0
  }
}
