import { runUnits } from '../bench/memory.ts'
import { UNIT } from '../bench/units.ts'
import type { Check, Say } from './check.ts'

const SHORT = 10
const MOST_RATIO = 1.1
const MEBIBYTE = 2 ** 20

/** Whether ten times as many packets, with new flows in each unit and the table full in both, take no more than a tenth more memory. */
export async function flatMemory(packetsOfFlow: number, say: Say): Promise<Check> {
  const name = `peak memory is flat with flows of ${packetsOfFlow} ${packetsOfFlow === 1 ? 'packet' : 'packets'}`
  const peaks: number[] = []
  const figures: string[] = []
  for (const units of [SHORT, 10 * SHORT]) {
    say(`flows over ${units * UNIT} packets, ${packetsOfFlow} a flow`)
    const { peakBytes, seconds } = await runUnits(units, packetsOfFlow)
    peaks.push(peakBytes)
    figures.push(`${(peakBytes / MEBIBYTE).toFixed(0)} MiB with ${units * UNIT} packets (${seconds.toFixed(0)} s)`)
  }
  const ratio = peaks[1]! / peaks[0]!
  return { name, passed: ratio <= MOST_RATIO, figures: `${figures.join(', ')}: ${ratio.toFixed(2)} times` }
}
