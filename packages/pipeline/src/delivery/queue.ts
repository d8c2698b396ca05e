import type { Encoded } from '@geneve-telemetry/core'

/** How many taken places may lie before the first record until the rest moves up. */
const MOST_EMPTY = 1_024

/** Records that wait for a request, first in, first out. */
export class RecordQueue {
  #records: Encoded[] = []
  #first = 0
  #bytes = 0
  #put = 0

  get length(): number {
    return this.#records.length - this.#first
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many have ever come, and how many of them have gone. */
  get put(): number {
    return this.#put
  }

  get taken(): number {
    return this.#put - this.length
  }

  push(record: Encoded): void {
    this.#records.push(record)
    this.#bytes += record.bytes.byteLength
    this.#put++
  }

  /** The first ones, at least one if there is one, at most so many records and bytes. */
  take(records: number, bytes: number): readonly Encoded[] {
    const most = Math.min(this.#first + records, this.#records.length)
    let end = this.#first
    let size = 0
    for (; end < most; end++) {
      const next = this.#records[end]!.bytes.byteLength
      if (size + next > bytes && end > this.#first) break
      size += next
    }
    const batch = this.#records.slice(this.#first, end)
    this.#first = end
    this.#bytes -= size
    if (this.#first === this.#records.length || (this.#first >= MOST_EMPTY && this.#first * 2 >= this.#records.length)) {
      this.#records = this.#records.slice(this.#first)
      this.#first = 0
    }
    return batch
  }
}
