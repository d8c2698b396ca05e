/** Finest resolution whose remainders, from -1 to 2 seconds, are 32-bit numbers. */
const MOST_FAST_UNITS = 2 ** 30
/** From this resolution on no 64-bit time has more seconds than a double can divide to within one. */
const LEAST_ANY_UNITS = 10_000
/** Times whose upper word is below are exact as one double. */
const EXACT_HIGH = 2 ** 21
const NANOS_PER_SECOND = 1_000_000_000n

/** Turns an interface's 64-bit times into seconds and nanoseconds, exact to the nanosecond; what is finer is cut off. */
export class Clock {
  readonly #unitsPerSecond: number
  readonly #isDecimal: boolean
  /** Nanoseconds per unit of a decimal clock. */
  readonly #nanosPerUnit: number
  /** 5^9 2^9 nanoseconds are a second of 2^n units, so a unit is 5^9 / 2^(n-9): a whole number, scaled by a power of two. */
  readonly #scale: number
  /** Above it, a time's upper word needs whole-number arithmetic of more than 53 bits. */
  readonly #mostHigh: number
  readonly #offsetSeconds: number
  readonly #exactUnits: bigint

  /** `resolution` is pcapng's if_tsresol: a negative power of 10, or of 2 where the top bit is set. `offsetSeconds` is added to all times. */
  constructor(resolution = 6, offsetSeconds = 0) {
    const exponent = resolution & 0x7f
    this.#isDecimal = resolution < 0x80
    this.#exactUnits = (this.#isDecimal ? 10n : 2n) ** BigInt(exponent)
    this.#unitsPerSecond = Number(this.#exactUnits)
    this.#nanosPerUnit = 10 ** (9 - exponent)
    this.#scale = 2 ** (9 - exponent)
    this.#offsetSeconds = offsetSeconds
    if (this.#unitsPerSecond > MOST_FAST_UNITS) this.#mostHigh = -1
    else this.#mostHigh = this.#unitsPerSecond < LEAST_ANY_UNITS ? EXACT_HIGH - 1 : 2 ** 32
  }

  /** Writes the time whose upper and lower 32 bits these are to row `row`. */
  write(high: number, low: number, row: number, seconds: Float64Array, nanos: Int32Array): void {
    if (high > this.#mostHigh) {
      this.#writeExact(high, low, row, seconds, nanos)
      return
    }
    const unitsPerSecond = this.#unitsPerSecond
    let whole = Math.floor((high * 2 ** 32 + low) / unitsPerSecond)
    // The division may be off by one, which the remainder shows: it is exact, because it is known modulo 2^32 and lies within 32 bits.
    let rest = (low - Math.imul(whole, unitsPerSecond)) | 0
    if (rest < 0) {
      whole--
      rest += unitsPerSecond
    } else if (rest >= unitsPerSecond) {
      whole++
      rest -= unitsPerSecond
    }
    seconds[row] = whole + this.#offsetSeconds
    nanos[row] = this.#isDecimal ? rest * this.#nanosPerUnit : Math.floor(rest * 1_953_125 * this.#scale)
  }

  #writeExact(high: number, low: number, row: number, seconds: Float64Array, nanos: Int32Array): void {
    const total = ((BigInt(high) << 32n) | BigInt(low)) * NANOS_PER_SECOND
    const all = total / this.#exactUnits
    seconds[row] = Number(all / NANOS_PER_SECOND) + this.#offsetSeconds
    nanos[row] = Number(all % NANOS_PER_SECOND)
  }
}
