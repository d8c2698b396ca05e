const SCALES = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
/** Between them a float32 is told apart from its neighbours by its decimals alone, and products with `SCALES` are exact. */
const LEAST_PLAIN = 1e-3
const MOST_PLAIN = 2 ** 24

/** The number whose decimal is the shortest of all that round to this float32: 0.1, not 0.10000000149011612. */
export function shortestDecimal(float: number): number {
  const size = Math.abs(float)
  if (size === 0) return float
  if (size >= LEAST_PLAIN && size < MOST_PLAIN) {
    for (const scale of SCALES) {
      const short = Math.round(size * scale) / scale
      if (Math.fround(short) === size) return float < 0 ? -short : short
    }
  }
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits))
    if (Math.fround(short) === float) return short
  }
  return Number(float.toPrecision(9))
}
