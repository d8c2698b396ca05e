const GROUPED: Intl.NumberFormat = new Intl.NumberFormat('en-US')
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const

/** A whole number with its thousands apart: `1,234,567`. */
export function count(value: number | bigint): string {
  return GROUPED.format(value)
}

/** `1 packet`, `2 packets`. */
export function counted(value: number | bigint, unit: string): string {
  return `${count(value)} ${unit}${Number(value) === 1 ? '' : 's'}`
}

/** Bytes in the unit that leaves one to three digits before the point: `84 B`, `1.2 MB` (powers of 1000). */
export function bytes(value: number | bigint): string {
  let rest = Number(value)
  let unit = 0
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000
    unit++
  }
  return `${unit === 0 || rest >= 99.95 ? Math.round(rest) : rest.toFixed(1)} ${UNITS[unit]}`
}

/** Seconds as a clock that is read at a glance: `4 ms`, `0.4 s`, `12 s`, `3 min 05 s`, `2 h 04 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
