import { CLI, type Run, runProgram } from './program.ts'
import { UNIT, unitsCapture } from './units.ts'

/** The flow table's default, which 10 units fill already. */
const MAX_FLOWS = 262_144

/** `flows` over a capture of `units` units that comes through a pipe, with new flows in each and the flow table full. */
export async function runUnits(units: number, packetsOfFlow: number): Promise<Run> {
  const flows = (units * UNIT) / packetsOfFlow
  if (flows < MAX_FLOWS) throw new Error(`${flows} flows do not fill a table of ${MAX_FLOWS}`)
  return runProgram(CLI, ['flows', '-', '--format', 'ndjson', '--max-flows', String(MAX_FLOWS)], unitsCapture(units, packetsOfFlow))
}
