import type { ByCapture, Figures } from './figures.ts'

/** What a figure should be, and what it is on each capture. */
export interface Target {
  readonly title: string
  readonly unit: 'x' | 'ns'
  readonly least?: number
  readonly most?: number
  readonly values: ByCapture<number>
}

/** Whatever of it was measured: the fastest of ours against the fastest of the others, over the same packets. */
export function targetsOf({ rows, programs, tshark, memory, exports }: Figures): readonly Target[] {
  const flows = nanosOf(rows['flows'])
  const records = nanosOf(rows['records'])
  const [ten, hundred] = [memory['10'], memory['100']]
  const targets: readonly Target[] = [
    { title: 'decode + flows, times as fast as dlpfunc', unit: 'x', least: 3, values: ratios(nanosOf(rows['dlpfunc']), flows) },
    { title: 'decode + flows, of the time of hand', unit: 'x', most: 1.5, values: only('C', ratios(flows, nanosOf(rows['hand']))) },
    { title: 'decode + packet records', unit: 'ns', most: 400, values: records },
    { title: 'a telemetry record of 20 fields', unit: 'ns', most: 4000, values: nanosOf(rows['record']) },
    { title: 'the same, encoded', unit: 'ns', most: 4000, values: nanosOf(rows['encode']) },
    { title: 'the same in the path of flows', unit: 'ns', most: 400, values: nanosOf(rows['told']) },
    { title: 'a packet that is made up', unit: 'ns', most: 2500, values: nanosOf(rows['generate']) },
    {
      title: 'capture to _bulk of packets, times tshark -T ek',
      unit: 'x',
      least: 50,
      values: ratios(speedsOf(programs['packets']), speedsOf(tshark['ek'])),
    },
    {
      title: 'peak memory of 100 units, of that of 10',
      unit: 'x',
      most: 1.1,
      values: ten === undefined || hundred === undefined ? {} : { units: hundred.peakBytes / ten.peakBytes },
    },
    ...Object.entries(exports).map(([name, { bare, ours }]) => ({
      title: `export to ${name}, of the client alone`,
      unit: 'x' as const,
      least: 0.8,
      values: { units: ours / bare },
    })),
  ]
  return targets.filter(({ values }) => Object.keys(values).length > 0)
}

export function isMet({ least = -Infinity, most = Infinity }: Target, value: number): boolean {
  return least <= value && value <= most
}

function nanosOf(row: Figures['rows'][string] = {}): ByCapture<number> {
  return Object.fromEntries(Object.entries(row).map(([letter, { min }]) => [letter, min]))
}

function speedsOf(row: ByCapture<{ readonly packetsPerSecond: number }> = {}): ByCapture<number> {
  return Object.fromEntries(Object.entries(row).map(([letter, { packetsPerSecond }]) => [letter, packetsPerSecond]))
}

function ratios(above: ByCapture<number>, below: ByCapture<number>): ByCapture<number> {
  return Object.fromEntries(
    Object.keys(above).flatMap((letter) => (below[letter] === undefined ? [] : [[letter, above[letter]! / below[letter]]])),
  )
}

function only(letter: string, values: ByCapture<number>): ByCapture<number> {
  return values[letter] === undefined ? {} : { [letter]: values[letter] }
}
