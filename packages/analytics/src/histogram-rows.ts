import { downscale, type ExponentialHistogram, exponentialIndex, MAX_BUCKETS, MAX_SCALE } from '@geneve-telemetry/core'
import { Slab } from './slab.ts'

/** 64-bit floats at the start of a row. */
const COUNT = 0
const SUM = 1
const MIN = 2
const MAX = 3
/** Words behind them. LOW and HIGH are the indexes of the first and the last bucket that is not empty; bucket `index` has the place `index` modulo 160. */
const SCALE = 8
const LOW = 9
const HIGH = 10
const ZEROS = 11
const BUCKETS = 12
const ROW_WORDS = BUCKETS + MAX_BUCKETS
const ROW_FLOATS = ROW_WORDS / 2

/**
 * Histograms that are filled one value at a time, in flat memory: rows from 1 to `most`, of 688 bytes each, which become memory as they are used. A row begins
 * at scale 20 and becomes coarser as its values need it, as in OpenTelemetry's SDKs.
 */
export class HistogramRows {
  readonly #most: number
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #rescaled = new Int32Array(MAX_BUCKETS)
  /** Rows up to here are or were used; those given back are a list, by their LOW. */
  #used = 0
  #free = 0

  constructor(most: number) {
    this.#most = most
    this.#words = new Slab(ROW_WORDS * (most + 1)).ints(ROW_WORDS * (most + 1))
    this.#floats = new Float64Array(this.#words.buffer)
  }

  /** An empty row; 0 if there is none left. */
  take(): number {
    const row = this.#free !== 0 ? this.#free : this.#used < this.#most ? ++this.#used : 0
    if (row === 0) return 0
    const at = row * ROW_WORDS
    if (row === this.#free) this.#free = this.#words[at + LOW]!
    this.#words.fill(0, at, at + ROW_WORDS)
    this.#words[at + SCALE] = MAX_SCALE
    return row
  }

  giveBack(row: number): void {
    this.#words[row * ROW_WORDS + LOW] = this.#free
    this.#free = row
  }

  /** `value` is finite and not negative. */
  add(row: number, value: number): void {
    const words = this.#words
    const floats = this.#floats
    const atFloat = row * ROW_FLOATS
    const count = floats[atFloat + COUNT]!
    floats[atFloat + COUNT] = count + 1
    floats[atFloat + SUM] = floats[atFloat + SUM]! + value
    if (count === 0 || value < floats[atFloat + MIN]!) floats[atFloat + MIN] = value
    if (count === 0 || value > floats[atFloat + MAX]!) floats[atFloat + MAX] = value
    const at = row * ROW_WORDS
    if (value === 0) {
      words[at + ZEROS] = words[at + ZEROS]! + 1
      return
    }
    let index = exponentialIndex(value) >> (MAX_SCALE - words[at + SCALE]!)
    if (count === words[at + ZEROS]!) {
      words[at + LOW] = index
      words[at + HIGH] = index
    } else if (index < words[at + LOW]! || index > words[at + HIGH]!) {
      const steps = downscale(Math.min(index, words[at + LOW]!), Math.max(index, words[at + HIGH]!), MAX_BUCKETS)
      if (steps > 0) this.#rescale(at, steps)
      index >>= steps
      words[at + LOW] = Math.min(index, words[at + LOW]!)
      words[at + HIGH] = Math.max(index, words[at + HIGH]!)
    }
    const bucket = at + BUCKETS + placeOf(index)
    words[bucket] = words[bucket]! + 1
  }

  /** Makes every 2^steps buckets one. */
  #rescale(at: number, steps: number): void {
    const words = this.#words
    const rescaled = this.#rescaled.fill(0)
    const low = words[at + LOW]!
    const high = words[at + HIGH]!
    for (let index = low; index <= high; index++) {
      const place = placeOf(index >> steps)
      rescaled[place] = rescaled[place]! + words[at + BUCKETS + placeOf(index)]!
    }
    words.set(rescaled, at + BUCKETS)
    words[at + LOW] = low >> steps
    words[at + HIGH] = high >> steps
    words[at + SCALE] = words[at + SCALE]! - steps
  }

  /** A copy of a row. */
  read(row: number): ExponentialHistogram {
    const words = this.#words
    const at = row * ROW_WORDS
    const atFloat = row * ROW_FLOATS
    const count = this.#floats[atFloat + COUNT]!
    const zeroCount = words[at + ZEROS]!
    const isEmpty = count === zeroCount
    const offset = words[at + LOW]!
    const length = isEmpty ? 0 : words[at + HIGH]! - offset + 1
    return {
      type: 'histogram',
      scale: words[at + SCALE]!,
      zeroCount,
      positive: { offset, bucketCounts: Array.from({ length }, (_, index) => words[at + BUCKETS + placeOf(offset + index)]!) },
      count,
      sum: this.#floats[atFloat + SUM]!,
      ...(count > 0 && { min: this.#floats[atFloat + MIN]!, max: this.#floats[atFloat + MAX]! }),
    }
  }
}

function placeOf(index: number): number {
  const place = index % MAX_BUCKETS
  return place < 0 ? place + MAX_BUCKETS : place
}
