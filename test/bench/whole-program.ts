import type { BigCapture } from './captures.ts'
import type { Figures } from './figures.ts'
import { runUnits } from './memory.ts'
import { PROGRAMS, type Run, runProgram } from './program.ts'
import { TSHARK_FORMATS, tsharkProblem, tsharkSeconds } from './tshark.ts'
import { UNIT } from './units.ts'

const ROUNDS = 2
/** TShark is slow: it gets the first packets only. */
const TSHARK_PACKETS = 50_000
const UNITS = [10, 100]
const PACKETS_OF_FLOW = 3

/** Runs our programs and TShark over the captures' files, in turn; the fastest run counts. */
export async function runOverFiles(
  captures: readonly BigCapture[],
  parts: ReadonlySet<string>,
  say: (text: string) => void,
): Promise<Pick<Figures, 'programs' | 'tshark' | 'missing'>> {
  const programs = new FastestRuns<Run & Speed>()
  const tshark = new FastestRuns<Speed & { readonly packets: number }>()
  const problem = parts.has('tshark') ? await tsharkProblem() : undefined
  const ours = parts.has('program') ? PROGRAMS : []
  const theirs = parts.has('tshark') && problem === undefined ? Object.entries(TSHARK_FORMATS) : []
  for (const { letter, path, packets } of captures) {
    for (let round = 1; round <= (ours.length + theirs.length === 0 ? 0 : ROUNDS); round++) {
      say(`whole programs over capture ${letter}, round ${round} of ${ROUNDS}`)
      for (const { name, script, args } of ours) {
        const run = await runProgram(script, args(path))
        programs.add(name, letter, { ...run, packetsPerSecond: packets / run.seconds })
      }
      for (const [name, format] of theirs) {
        const head = Math.min(packets, TSHARK_PACKETS)
        const seconds = await tsharkSeconds(path, head, format)
        tshark.add(name, letter, { packetsPerSecond: head / seconds, packets: head })
      }
    }
  }
  return { programs: programs.all, tshark: tshark.all, missing: problem === undefined ? [] : [`tshark: ${problem}`] }
}

/** The memory of a short and of a long capture. */
export async function memoryOfUnits(say: (text: string) => void): Promise<Figures['memory']> {
  const memory: Record<string, Run & { packets: number }> = {}
  for (const units of UNITS) {
    say(`peak memory over ${units} units of ${UNIT} packets`)
    memory[units] = { ...(await runUnits(units, PACKETS_OF_FLOW)), packets: units * UNIT }
  }
  return memory
}

interface Speed {
  readonly packetsPerSecond: number
}

/** By name and capture. */
class FastestRuns<T extends Speed> {
  readonly all: Record<string, Record<string, T>> = {}

  add(name: string, letter: string, run: T): void {
    const before = this.all[name]
    if ((before?.[letter]?.packetsPerSecond ?? 0) < run.packetsPerSecond) this.all[name] = { ...before, [letter]: run }
  }
}
